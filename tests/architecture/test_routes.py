"""Every view says who may see it, and what a mail links to changes nothing when it is merely opened."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from app import wiring
from app.kernel import identity, web
from app.kernel.db import begin_write
from tests.architecture.routes import addresses_in, public_at_the_desk, side_effects, unguarded
from tests.support.house import PUBLIC_URL

OPEN_DESK_PAGES = [
    "/redaktion/anmelden",
    "/redaktion/einladung/<token>",
    "/redaktion/passwort-vergessen",
    "/redaktion/passwort/<token>",
]


def test_every_view_is_guarded_or_listed_as_public(app: Any) -> None:
    assert unguarded(app) == []


def test_a_view_without_a_guard_is_caught(app: Any) -> None:
    app.add_url_rule("/planted", "planted", lambda: "x")
    assert unguarded(app) == ["/planted (planted)"]


def test_only_signing_in_is_open_at_the_desk(app: Any) -> None:
    assert [path for path in public_at_the_desk(app) if path not in OPEN_DESK_PAGES] == []


def test_an_open_desk_page_is_caught(app: Any) -> None:
    app.add_url_rule("/redaktion/planted", "planted", web.public(lambda: "x"))
    assert "/redaktion/planted" in public_at_the_desk(app)


def test_get_and_head_on_what_sample_mails_link_to_change_no_row(saxony: Any) -> None:
    paths: set[str] = set()
    for sample, lang in itertools.product(wiring.MAILS, ("de", "en")):
        with saxony.test_request_context():
            mail = sample.make(lang)
        paths |= addresses_in(mail.text, PUBLIC_URL) | addresses_in(mail.html, PUBLIC_URL)
    assert side_effects(saxony, paths) == []


def test_a_get_that_writes_is_caught(app: Any) -> None:
    def planted() -> str:
        begin_write()
        identity.set_values(publisher="written by a visit")
        return "x"

    app.add_url_rule("/planted", "planted", web.public(planted))
    [change] = side_effects(app, {"/planted"})
    assert change.startswith("/planted: identity + (1,")


def test_a_get_that_breaks_is_caught(app: Any) -> None:
    app.add_url_rule("/planted", "planted", web.public(lambda: ("broken", 500)))
    assert side_effects(app, {"/planted"})[0] == "HEAD /planted answers 500"


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (f"Bitte öffnen Sie {PUBLIC_URL}/newsletter/bestaetigen/abc.", {"/newsletter/bestaetigen/abc"}),
        (f'<a href="{PUBLIC_URL}/termine?kreis=14625&amp;thema=amt24">', {"/termine?kreis=14625&thema=amt24"}),
        (f"{PUBLIC_URL}", {"/"}),
        ("https://elsewhere.example/newsletter", set()),
    ],
)
def test_addresses_are_found_in_mails(text: str, paths: set[str]) -> None:
    assert addresses_in(text, PUBLIC_URL) == paths


def test_no_two_views_share_an_address(make_app: Callable[..., Any], database_url: str) -> None:
    app = make_app(database_url)
    seen = [(rule.rule, method) for rule in app.url_map.iter_rules() for method in (rule.methods or ()) - {"OPTIONS"}]
    assert sorted(entry for entry in set(seen) if seen.count(entry) > 1) == []
