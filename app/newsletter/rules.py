"""Decisions about issues: what may be done in which state, how they are numbered, what is late, what is wrong."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from app import taxonomy
from app.kernel import text
from app.kernel.i18n import lazy
from app.newsletter.models import HoldReason, Issue, IssueState

MAX_SLUG: Final = 100
SIZE_ADVISED: Final = 80 * 1024
SIZE_CLIPPED: Final = 100 * 1024  # Gmail cuts what is longer, and the unsubscribe link with it
ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
NUMBER: Final = re.compile(r"^([IVX]+|\d+)(\s*/\s*)(\d{4})$")
EMPTY_WORDS: Final = frozenset(
    {"hier", "link", "mehr", "weiter", "klick", "klicken sie hier", "here", "more", "click here"}
)


def may_edit(issue: Issue) -> bool:
    """Whether its words can still change: until the first mail is on its way."""
    return issue.started_at is None


def may_submit(issue: Issue) -> bool:
    """Whether it can be put before a second person."""
    return may_edit(issue) and issue.state in (IssueState.DRAFT, IssueState.HELD)


def may_decide(issue: Issue) -> bool:
    """Whether it waits for a second person's decision."""
    return issue.state == IssueState.SUBMITTED


def may_schedule(issue: Issue) -> bool:
    """Whether a time can be set: with its approval, and not when what was approved is no longer true."""
    if issue.state == IssueState.HELD:
        return may_edit(issue) and issue.hold_reason != HoldReason.CHANGED
    return issue.state in (IssueState.APPROVED, IssueState.SCHEDULED)


def may_hold(issue: Issue) -> bool:
    """Whether it can be stopped before or during its sending."""
    return issue.state in (IssueState.SCHEDULED, IssueState.SENDING)


def may_resume(issue: Issue) -> bool:
    """Whether its sending was begun and stopped, and can go on."""
    return issue.state == IssueState.HELD and issue.started_at is not None


def may_cancel(issue: Issue) -> bool:
    """Whether its sending was begun and is not over, so that the rest can be spared it."""
    return issue.started_at is not None and issue.state in (IssueState.SENDING, IssueState.HELD)


def is_late(send_at: datetime, now: datetime, grace_minutes: int) -> bool:
    """Whether the chosen time lies so far back that a person must be asked."""
    return now - send_at > timedelta(minutes=grace_minutes)


def next_number(last: str | None, today: date) -> str:
    """The number after ``last``, in its own style: ``IX / 2023`` is followed by ``X / 2023``, or in a new year by
    ``I / 2024``; without a pattern to follow it is ``1/2026``."""
    match = NUMBER.match((last or "").strip())
    if not match:
        return f"1/{today.year}"
    count, stroke, year = match.groups()
    roman = count in ROMAN
    value = (ROMAN.index(count) + 1 if roman else int(count) if count.isdecimal() else 0) + 1
    if int(year) != today.year:
        value = 1
    return f"{ROMAN[value - 1] if roman and value <= len(ROMAN) else value}{stroke}{today.year}"


def slugify(*words: str) -> str:
    """Lower-case letters, digits and hyphens, at most 100: ``OZG-Newsletter 3/2026`` → ``ozg-newsletter-3-2026``."""
    return taxonomy.slug_of(" ".join(words), MAX_SLUG) or "ausgabe"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with an issue. ``blocks`` that it cannot be submitted like this; else it is advice."""

    text: Any
    blocks: bool = False


def findings(content: dict[str, Any], html: str, audience: int) -> list[Finding]:
    """What a careful reader would say before the issue is submitted, the grave things first."""
    found = [*_about_frame(content, audience), *_about_size(html)]
    for number, block in enumerate(content["blocks"], 1):
        found += _about_block(block, number)
    for href, words in links(content):
        found += _about_link(href, words)
    return sorted(found, key=lambda finding: not finding.blocks)


def _about_frame(content: dict[str, Any], audience: int) -> Iterator[Finding]:
    if not content["title"]:
        yield Finding(lazy("Der Titel fehlt. Er steht im Betreff: Bitte schreiben Sie, worum es geht."), blocks=True)
    if not any(says_something(block) for block in content["blocks"]):
        yield Finding(lazy("Die Ausgabe hat noch keinen Inhalt. Bitte füllen Sie einen Baustein."), blocks=True)
    if not content["preheader"]:
        yield Finding(lazy("Der Vorspann fehlt. Viele Postfächer zeigen ihn in der Liste neben dem Betreff."))
    if not audience:
        yield Finding(lazy("Für diesen Newsletter gibt es noch keine bestätigte Adresse."))


def _about_size(html: str) -> Iterator[Finding]:
    size = len(html.encode())
    if size > SIZE_CLIPPED:
        words = lazy(
            "Die E-Mail ist %(size)d KB groß. Ab 100 KB wird sie abgeschnitten: Bitte kürzen Sie.", size=size // 1024
        )
        yield Finding(words, blocks=True)
    elif size > SIZE_ADVISED:
        yield Finding(lazy("Die E-Mail ist %(size)d KB groß. Bitte bleiben Sie unter 80 KB.", size=size // 1024))


def _about_block(block: dict[str, Any], number: int) -> Iterator[Finding]:
    if not says_something(block) and block["kind"] != "divider":
        yield Finding(lazy("Baustein %(number)d ist leer und wird nicht gezeigt.", number=number))


def says_something(block: dict[str, Any]) -> bool:
    """Whether there is anything to read in a resolved block; what says nothing is left out everywhere."""
    if block["kind"] == "text":
        return not text.is_empty(block["body"])
    return bool(block.get("heading") if block["kind"] == "heading" else block.get("items"))


def _about_link(href: str, words: str) -> Iterator[Finding]:
    if words.strip().lower() in EMPTY_WORDS:
        yield Finding(lazy("Ein Link heißt nur „%(words)s“. Bitte sagen Sie, wohin er führt.", words=words.strip()))
    if text.looks_dead(href):
        yield Finding(lazy("Der Link %(href)s führt wahrscheinlich nirgendwohin. Bitte prüfen Sie ihn.", href=href))


def links(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """All links that an editor wrote, each with its words."""
    for block in content["blocks"]:
        if block["kind"] == "text":
            yield from _links(block["body"].get("content", []))


def _links(nodes: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        for mark in node.get("marks", []):
            if mark["type"] == "link":
                yield mark["attrs"]["href"], node.get("text", "")
        yield from _links(node.get("content", []))
