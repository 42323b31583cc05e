"""HTTP: addresses, guards, one transaction per request, pages that help when something goes wrong."""

from typing import Any

from app.kernel import db, identity, web


def test_the_address_of_a_view_is_public_and_whole(app: Any) -> None:
    with app.app_context():
        assert web.url("static", filename="a b.css") == "http://rundbrief.example/static/a%20b.css"
        assert (
            web.url("static", filename="x", v=1, _anchor="Ende 1") == "http://rundbrief.example/static/x?v=1#Ende%201"
        )


def test_asking_for_an_address_leaves_the_open_transaction_alone(app: Any) -> None:
    with app.app_context():
        with db.transaction():
            identity.set_values(publisher="Musterverband")
            web.url("static", filename="x")
            assert db.is_writing()
        assert identity.current().publisher == "Musterverband"
