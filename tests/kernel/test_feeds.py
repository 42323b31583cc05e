"""Feeds: the same entries in three forms."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from app.kernel import feeds

PUBLISHED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
UPDATED = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
FEED = feeds.Feed(
    id="https://rundbrief.example/meldungen",
    title="Meldungen & mehr",
    url="https://rundbrief.example/meldungen",
    self_url="https://rundbrief.example/meldungen.atom",
    author="Redaktion",
    language="de",
    updated=UPDATED,
    entries=[
        feeds.Entry(
            id="tag:rundbrief.example,2026:1",
            url="https://rundbrief.example/meldungen/budysin?a=1&b=2",
            title="Budyšin <neu>\x0b",
            summary="Kurz & gut",
            html="<p>Ein <b>Satz</b></p>",
            published=PUBLISHED,
            updated=UPDATED,
            categories=("amt24", "bauen-wohnen"),
        )
    ],
)
NAMES = {"a": feeds.ATOM}


def test_the_atom_feed_has_what_rfc_4287_asks_for() -> None:
    root = ET.fromstring(feeds.atom(FEED))
    assert root.tag == f"{{{feeds.ATOM}}}feed"
    assert [root.findtext(f"a:{tag}", namespaces=NAMES) for tag in ("id", "title", "updated", "author/a:name")] == [
        FEED.id,
        FEED.title,
        "2026-11-25T10:30:00Z",
        "Redaktion",
    ]
    assert {link.get("rel"): link.get("href") for link in root.findall("a:link", NAMES)} == {
        "self": FEED.self_url,
        "alternate": FEED.url,
    }
    [entry] = root.findall("a:entry", NAMES)
    tags = ("id", "title", "published", "updated", "summary", "content")
    assert [entry.findtext(f"a:{tag}", namespaces=NAMES) for tag in tags] == [
        "tag:rundbrief.example,2026:1",
        "Budyšin <neu>",
        "2026-11-24T09:00:00Z",
        "2026-11-25T10:30:00Z",
        "Kurz & gut",
        "<p>Ein <b>Satz</b></p>",
    ]
    assert [category.get("term") for category in entry.findall("a:category", NAMES)] == ["amt24", "bauen-wohnen"]


def test_the_rss_feed_says_the_same() -> None:
    channel = ET.fromstring(feeds.rss(FEED)).find("channel")
    assert channel is not None
    assert channel.findtext("lastBuildDate") == "Wed, 25 Nov 2026 10:30:00 +0000"
    [item] = channel.findall("item")
    assert [item.findtext(tag) for tag in ("title", "link", "description", "guid", "pubDate")] == [
        "Budyšin <neu>",
        "https://rundbrief.example/meldungen/budysin?a=1&b=2",
        "<p>Ein <b>Satz</b></p>",
        "tag:rundbrief.example,2026:1",
        "Tue, 24 Nov 2026 09:00:00 +0000",
    ]


def test_the_json_feed_says_the_same() -> None:
    document = json.loads(feeds.json_feed(FEED))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    [item] = document["items"]
    assert (item["id"], item["date_modified"], item["tags"]) == (
        "tag:rundbrief.example,2026:1",
        "2026-11-25T10:30:00Z",
        ["amt24", "bauen-wohnen"],
    )


def test_what_xml_cannot_hold_does_not_cost_the_feed() -> None:
    odd = replace(FEED, title="a\x00\x1b\ufffe\ud800\u2028b", entries=[])
    assert ET.fromstring(feeds.rss(odd)).findtext("channel/title") == "a\u2028b"
