"""Feeds for people who pull: Atom 1.0 (RFC 4287), RSS 2.0, JSON Feed 1.1, all from the same entries."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"
NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``id`` never changes, ``updated`` does with every published revision."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its entries, the newest first; ``self_url`` is where this very form of it lives."""

    id: str
    title: str
    url: str
    self_url: str
    author: str
    language: str
    updated: datetime
    entries: Sequence[Entry]


def atom(feed: Feed) -> bytes:
    """The feed as Atom 1.0, ``application/atom+xml``."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _iso(feed.updated))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.self_url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.url)
    for entry in feed.entries:
        _atom_entry(root, entry)
    return _xml(root)


def _atom_entry(root: ET.Element, entry: Entry) -> None:
    element = _add(root, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "published", _iso(entry.published))
    _add(element, "updated", _iso(entry.updated))
    _add(element, "link", rel="alternate", type="text/html", href=entry.url)
    _add(element, "summary", entry.summary)
    _add(element, "content", entry.html, type="html")
    for term in entry.categories:
        _add(element, "category", term=term)


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    element.text = _clean(text) if text is not None else None
    return element


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0, ``application/rss+xml``."""
    ET.register_namespace("atom", ATOM)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    for tag, text in (("title", feed.title), ("link", feed.url), ("description", feed.title)):
        ET.SubElement(channel, tag).text = _clean(text)
    ET.SubElement(channel, "language").text = feed.language
    ET.SubElement(channel, "lastBuildDate").text = format_datetime(feed.updated)
    ET.SubElement(channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=feed.self_url)
    for entry in feed.entries:
        item = ET.SubElement(channel, "item")
        for tag, text in (("title", entry.title), ("link", entry.url), ("description", entry.html)):
            ET.SubElement(item, tag).text = _clean(text)
        ET.SubElement(item, "guid", isPermaLink="false").text = entry.id
        ET.SubElement(item, "pubDate").text = format_datetime(entry.published)
        for term in entry.categories:
            ET.SubElement(item, "category").text = _clean(term)
    return _xml(root)


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), ``application/feed+json``."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.url,
        "feed_url": feed.self_url,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "summary": entry.summary,
                "content_html": entry.html,
                "date_published": _iso(entry.published),
                "date_modified": _iso(entry.updated),
                "tags": list(entry.categories),
            }
            for entry in feed.entries
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _clean(text: str) -> str:
    """What may stand in XML 1.0 (2.2); one other character, and readers refuse the whole feed."""
    return NOT_IN_XML.sub("", text)


def _xml(root: ET.Element) -> bytes:
    tree: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return tree
