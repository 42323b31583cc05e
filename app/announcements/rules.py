"""Decisions of the hub: pure functions on values."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app import taxonomy
from app.announcements.content import MAX_LEAD, Content
from app.kernel import text
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import lazy

# Addresses below /meldungen and /redaktion/meldungen that are taken.
RESERVED: Final = frozenset(
    {"neu", "meldungen", "atom", "rss", "json", "kalender", "abonnieren", "anmelden", "einbetten", "vorschau"}
    | {"archiv", "kreis", "gemeinde", "thema", "kanaele"}
)
MAX_SLUG: Final = 80


class NotInThisState(Conflict):
    """What was asked for does not fit to where the announcement stands."""

    def __init__(self) -> None:
        super().__init__(lazy("Das ist im jetzigen Stand der Meldung nicht möglich. Bitte laden Sie die Seite neu."))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a content that its author should see; what blocks has to be mended before it is submitted."""

    field: str
    message: Any
    blocks: bool


def slug_of(title: str) -> str:
    """The address that a title suggests: lower-case letters, digits and hyphens, at most 80."""
    words = taxonomy.slug_of(title, MAX_SLUG) or "meldung"
    return f"meldung-{words}" if words in RESERVED else words


def check_slug(slug: str) -> str:
    """The address if it can be one. Raises Invalid (field ``slug``) for reserved words and other characters."""
    if slug in RESERVED:
        raise Invalid(slug=lazy("Diese Adresse ist für eine Seite der Website vergeben. Bitte wählen Sie eine andere."))
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > MAX_SLUG:
        raise Invalid(slug=lazy("Bitte verwenden Sie nur Kleinbuchstaben, Ziffern und Bindestriche."))
    return slug


def findings(content: Content, now: datetime) -> list[Finding]:
    """What an author should see before a second person does, the blocking ones first."""
    found = [*_missing(content), *_doubtful(content, now)]
    return sorted(found, key=lambda finding: not finding.blocks)


def _missing(content: Content) -> list[Finding]:
    found = []
    if not content.lead:
        found.append(Finding("lead", lazy("Bitte schreiben Sie eine Kurzfassung: Sie steht in jedem Kanal."), True))
    if len(content.lead) > MAX_LEAD:
        advice = lazy("Bitte kürzen Sie die Kurzfassung auf höchstens %(max)d Zeichen.", max=MAX_LEAD)
        found.append(Finding("lead", advice, True))
    if not content.regions:
        advice = lazy("Bitte wählen Sie, welche Regionen es betrifft; für ganz Sachsen genügt die oberste.")
        found.append(Finding("regions", advice, True))
    return found


def _doubtful(content: Content, now: datetime) -> list[Finding]:
    found = []
    if not content.topics:
        found.append(Finding("topics", lazy("Ohne Thema finden nur wenige die Meldung über ihre Auswahl."), False))
    if not content.contact:
        found.append(Finding("contact", lazy("Ohne Ansprechperson wissen Verbände nicht, wen sie fragen."), False))
    if text.is_empty(content.body):
        found.append(Finding("body", lazy("Ohne ausführlichen Text steht überall nur die Kurzfassung."), False))
    if content.expires_on and content.expires_on < now.date():
        found.append(Finding("expires_on", lazy("Das Ablaufdatum liegt in der Vergangenheit."), True))
    found += [
        Finding("links", lazy("Der Link „%(url)s“ sieht nicht erreichbar aus. Bitte prüfen Sie ihn.", url=url), False)
        for url in addresses(content)
        if text.looks_dead(url)
    ]
    return found


def addresses(content: Content) -> list[str]:
    """All web addresses that the content leads to, in order."""
    found = [link.url for link in content.links]
    waiting = [content.body]
    while waiting:
        node = waiting.pop(0)
        found += [mark["attrs"]["href"] for mark in node.get("marks", []) if mark["type"] == "link"]
        waiting = [*node.get("content", []), *waiting]
    return [url for url in found if url.startswith(("http://", "https://"))]
