from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.client import Visitor
from tests.support.golden import Golden
from tests.syndication.story import content, correct, publish, withdraw


@pytest.fixture
def three(saxony: Any, clock: Any) -> Iterator[None]:
    """Three announcements: one stands, one was corrected, one withdrawn."""
    with saxony.app_context():
        publish(content("Servicekonto für alle", regions=("14",)))
        clock.tick(hours=1)
        second = publish(content("Wohngeld & Miete", topics=("amt24",)))
        clock.tick(hours=1)
        third = publish(content("Ein Irrtum"))
        clock.tick(hours=1)
        correct(
            second, content("Wohngeld & Miete", lead="Erst im Januar.", topics=("amt24",)), "Der Start verschiebt sich."
        )
        withdraw(third, "Die Angaben waren falsch.")
        yield


@pytest.mark.parametrize(
    ("form", "mimetype"),
    [("atom", "application/atom+xml"), ("rss", "application/rss+xml"), ("json", "application/feed+json")],
)
def test_the_feed_says_what_the_golden_file_says(
    three: None, client: Visitor, golden: Golden, form: str, mimetype: str
) -> None:
    response = client.get(f"/meldungen.{form}")
    assert (response.status_code, response.mimetype) == (200, mimetype)
    golden.check(f"feeds/meldungen.{form}", response.text)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?kreis=14626", ["Servicekonto für alle"]),
        ("?kreis=14625&thema=amt24", ["Zurückgezogen: Ein Irrtum", "Wohngeld & Miete", "Servicekonto für alle"]),
        ("?kreis=&thema=", ["Zurückgezogen: Ein Irrtum", "Wohngeld & Miete", "Servicekonto für alle"]),
    ],
)
def test_region_and_topic_narrow_the_feed(three: None, client: Visitor, query: str, titles: list[str]) -> None:
    feed = client.get(f"/meldungen.json{query}").json
    assert [item["title"] for item in feed["items"]] == titles


def test_who_has_the_feed_already_is_sent_nothing(three: None, client: Visitor) -> None:
    first = client.get("/meldungen.atom")
    again = client.get("/meldungen.atom", headers={"If-None-Match": first.headers["ETag"]})
    since = client.get("/meldungen.atom", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert [(r.status_code, r.data) for r in (again, since)] == [(304, b""), (304, b"")]


@pytest.mark.parametrize("query", ["?kreis=99999", "?thema=gibt-es-nicht"])
def test_a_mistyped_feed_is_not_found(saxony: Any, client: Visitor, query: str) -> None:
    assert client.get(f"/meldungen.atom{query}").status_code == 404


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_a_feed_without_announcements_is_valid_and_empty(saxony: Any, client: Visitor, form: str) -> None:
    response = client.get(f"/meldungen.{form}")
    assert response.status_code == 200
    assert all(sign not in response.text for sign in ("<entry>", "<item>", '"url": "'))
