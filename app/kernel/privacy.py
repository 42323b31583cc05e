"""What is kept about people: each feature names it in ``wiring.PERSONAL_DATA``, with who can show it and who ends it.

The privacy page and the desk show the same list; disclosure and erasure walk it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import render_template
from markupsafe import Markup

from app.kernel import identity
from app.kernel.i18n import _, force, lazy, moment_text

HIDDEN: Final = "…"


@dataclass(frozen=True, slots=True)
class Period:
    """How long something is kept: ``length`` is what the job goes by, ``sentence`` (lazy) what readers are told.

    Without a length it ends with something else than time, or with a calendar year.
    """

    sentence: Any
    length: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known: its name for machines, its label (lazy) for people, and a value that JSON knows."""

    name: str
    label: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Record:
    """Facts that belong together, under a title (lazy): one subscription, one mail, one contribution."""

    title: Any
    facts: tuple[Fact, ...]


def _nothing(_address: str) -> list[Record]:
    return []


def _none(_address: str) -> int:
    return 0


def _no_address(_address: str) -> set[str]:
    return set()


def _nobody() -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One kind of personal data: what it is, what for, on which basis (Art. 6 GDPR), and how long it is kept.

    ``what``, ``purpose``, ``basis`` and ``remains`` are sentences for readers (``lazy``); ``remains`` says what an
    erasure leaves, why and how long. ``ended_by`` is the name of the job that keeps the period. ``columns`` are all
    columns (``table.column``) that may hold it. ``disclose`` shows what is kept about an address (its normalised form),
    ``erase`` deletes it and says how many rows that touched, ``related`` names former addresses of the same person,
    ``holders`` all addresses there are. With ``demo_only`` it exists with DEMO=1 alone.
    """

    what: Any
    purpose: Any
    basis: Any
    period: Period
    name: str = ""
    ended_by: str = ""
    remains: Any = ""
    columns: tuple[str, ...] = ()
    disclose: Callable[[str], list[Record]] = _nothing
    erase: Callable[[str], int] = _none
    related: Callable[[str], set[str]] = _no_address
    holders: Callable[[], Iterable[str]] = _nobody
    demo_only: bool = False

    @property
    def erases(self) -> bool:
        """Whether an erasure deletes something of it."""
        return self.erase is not _none


_kinds: Sequence[PersonalData] = ()
_text = ""


def use(kinds: Sequence[PersonalData], text: str) -> None:
    """These are the kinds of personal data; ``text`` is the template of what the notice says beside them, {lang} in it.

    Called once at start.
    """
    global _kinds, _text
    _kinds, _text = kinds, text


def kinds(*, demo: bool = False) -> list[PersonalData]:
    """Everything that is kept about people; what exists in the demo only, on request."""
    return [kind for kind in _kinds if demo or not kind.demo_only]


def addresses_of(address: str) -> list[str]:
    """This address (normalised), and the former ones of the same person."""
    return [address, *sorted({other for kind in _kinds for other in kind.related(address)} - {address})]


def disclose(address: str) -> list[tuple[PersonalData, list[Record]]]:
    """All that is kept about an address (normalised), kind by kind (Art. 15 GDPR); kinds with nothing are left out."""
    every = addresses_of(address)
    found = [(kind, [record for one in every for record in kind.disclose(one)]) for kind in _kinds]
    return [(kind, records) for kind, records in found if records]


def erase(address: str) -> dict[str, int]:
    """Delete what is kept about an address (normalised, Art. 17 GDPR); how many rows of each kind that touched."""
    every = addresses_of(address)
    counts = {kind.name: sum(kind.erase(one) for one in every) for kind in _kinds}
    return {name: count for name, count in counts.items() if count}


def holders() -> set[str]:
    """Every address that anything is kept about."""
    return {address for kind in _kinds for address in kind.holders()}


def notice(lang: str) -> str:
    """The privacy notice as plain text in this language, as it is in force now, to be archived: in paragraphs."""
    with force(lang):
        who = identity.current()
        names = (
            (lazy("Verantwortlich im Sinne der DSGVO"), who.controller),
            (lazy("Datenschutzbeauftragte Person"), who.data_protection_officer),
            (lazy("Auftragsverarbeiter"), who.processor),
            (lazy("Aufsichtsbehörde"), who.supervisory_authority),
        )
        who_does = [f"{label}: {value}" for label, value in names if value]
        what = [_written(number, kind) for number, kind in enumerate(kinds(), start=1)]
        beside = _paragraphs(render_template(_text.format(lang=lang))) if _text else []
        return "\n\n".join([*who_does, _("Welche Daten, wozu, wie lange"), *what, *beside])


def _written(number: int, kind: PersonalData) -> str:
    lines = [
        f"{number}. {kind.what}",
        _("Zweck") + f": {kind.purpose}",
        _("Rechtsgrundlage") + f": {kind.basis}",
        _("Speicherdauer") + f": {kind.period.sentence}",
    ]
    return "\n".join(lines)


def _paragraphs(html: str) -> list[str]:
    """The text of markup of our own, one for each heading, paragraph and item."""
    parts = [Markup(part).striptags() for part in re.split(r"</(?:h[1-6]|p|li)>", html)]  # noqa: S704
    return [part for part in parts if part]


def fact(name: str, label: Any, value: Any) -> Fact:
    """A fact whose value JSON knows: moments become ISO 8601, what is empty becomes None."""
    if isinstance(value, datetime):
        value = value.isoformat()
    return Fact(name, label, value if value not in ("", [], ()) else None)


def readable(value: Any) -> str:
    """A fact's value for people: dates as they are written, lists with commas."""
    if isinstance(value, list | tuple):
        return ", ".join(readable(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {readable(one)}" for name, one in value.items() if one not in (None, "", []))
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)", value):
        return moment_text(datetime.fromisoformat(value))
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    return "" if value is None else str(value)


def without(text: str, words: Iterable[str]) -> str:
    """The text with each of these words (address, name; of 3 letters or more) replaced by ``…``, in whatever case."""
    for word in sorted({word for word in words if len(word) >= 3}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    return text
