"""HTTP: addresses, guards, one transaction per request, pages that help when something goes wrong."""

from datetime import UTC, datetime
from typing import Any

from jinja2 import DictLoader

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


def test_an_address_that_no_database_can_look_for_is_not_found(app: Any) -> None:
    app.jinja_env.loader = DictLoader({"errors/error.html": "{{ status }} {{ advice }}"})
    for path in ("/static/x%00y", "/static/x?q=a%00b"):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.text[:30]) == (404, "404 Bitte prüfen Sie die Adres")


def test_a_page_says_what_browsers_may_do_with_it(app: Any) -> None:
    app.jinja_env.loader = DictLoader({"errors/error.html": "{{ status }}"})
    headers = app.test_client().get("/nowhere").headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_feed_that_the_reader_has_already_is_not_sent_twice(app: Any) -> None:
    @web.public
    def feed() -> Any:
        return web.conditional(b"<feed/>", "application/atom+xml", datetime(2026, 11, 24, 9, 0, tzinfo=UTC))

    app.add_url_rule("/feed", view_func=feed)
    client = app.test_client()
    first = client.get("/feed")
    assert (first.status_code, first.data, first.mimetype) == (200, b"<feed/>", "application/atom+xml")
    assert first.headers["Last-Modified"] == "Tue, 24 Nov 2026 09:00:00 GMT"
    assert "Set-Cookie" not in first.headers
    for condition in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": "Tue, 24 Nov 2026 09:00:00 GMT"},
    ):
        assert client.get("/feed", headers=condition).status_code == 304
    assert client.get("/feed", headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.head("/feed").headers["ETag"] == first.headers["ETag"]


def test_the_chosen_language_is_kept(app: Any) -> None:
    app.jinja_env.loader = DictLoader({"errors/error.html": "{{ title }}"})
    client = app.test_client()
    assert client.get("/nowhere").text == "Seite nicht gefunden"
    assert client.get("/nowhere?lang=en").text == "Page not found"
    assert client.get("/nowhere").text == "Page not found"
    assert client.get("/nowhere?lang=xx").text == "Page not found"
    assert client.get("/nowhere?lang=de").text == "Seite nicht gefunden"
