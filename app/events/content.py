"""What an announcement says about a date: generated from the values, so that no channel can say anything else."""

from dataclasses import replace
from typing import Any

from app import approvals
from app.announcements import Content, Kind, Link, When
from app.events.models import Event
from app.events.rules import has_moved
from app.events.values import EventKind, EventState, EventValues
from app.kernel import i18n, text
from app.kernel.text import Doc


def compose(event: Event, values: EventValues, words: Doc, address: str) -> Content:
    """What the announcement of these values says, in German.

    ``words`` is what the editor adds; it stands before the description. ``address`` is the public page of the event.
    """
    known = event.values if event.is_public else None
    with i18n.force("de"):
        prefix, change, rest = ("", "", _first(values)) if known is None else _change(known, values)
    said = Content(
        title=f"{prefix}: {values.title}" if prefix else values.title,
        lead=" ".join(part for part in (change, rest, values.lead) if part),
        body=joined(words, values.body),
        links=(Link("Alles zum Termin", address),),
        event_uid=event.uid,
    )
    return replace(said, **facts(values))


def reason(event: Event, values: EventValues) -> str:
    """What a correction says about itself to readers and partners, in German."""
    with i18n.force("de"):
        return _change(event.values, values)[1]


def kind_of(event: Event, values: EventValues) -> Kind:
    """What sort of announcement this is: a new date, a change, or a cancellation."""
    if values.state == EventState.CANCELLED:
        return Kind.CANCELLATION
    return Kind.CHANGE if event.is_public else Kind.EVENT


def facts(values: EventValues) -> dict[str, Any]:
    """The part of an announcement's content that must equal what the calendar says."""
    return {
        "event_digest": approvals.content_hash(values.to_json()),
        "dates": _dates(values),
        "place": values.place,
        "regions": tuple(values.regions),
        "topics": tuple(values.topics),
    }


def agrees(said: Content, values: EventValues) -> bool:
    """Whether an announcement names the dates, the place, the regions and topics that the calendar would.

    And whether it was written for exactly these values: so that no title or description becomes public with the
    approval of an announcement that was written for others.
    """
    return (
        said.event_digest in ("", approvals.content_hash(values.to_json()))  # empty: written before there was one
        and said.dates == _dates(values)
        and said.place == values.place
        and set(said.regions) == set(values.regions)
        and set(said.topics) == set(values.topics)
    )


def _dates(values: EventValues) -> tuple[When, ...]:
    if values.starts_at is None:
        return ()
    label = "Uhrzeit folgt" if values.time_open else _LABELS[EventState(values.state)]
    return (When(values.starts_at, values.ends_at, values.all_day, label),)


_LABELS = {
    EventState.PROPOSED: "in Abstimmung",
    EventState.TENTATIVE: "vorgemerkt",
    EventState.CONFIRMED: "",
    EventState.CANCELLED: "abgesagt",
}


def _first(values: EventValues) -> str:
    if values.starts_at is None:
        planned = f" Geplant: {values.planned}." if values.planned else ""
        return f"Der Termin wird noch abgestimmt.{planned}"
    return f"{EventKind(values.kind).label}: {values.when}{_place(values)}."


def _change(old: EventValues, new: EventValues) -> tuple[str, str, str]:
    """What stands before the title, what changed in a short sentence, and what else readers need then."""
    where = f"Ort: {new.place}." if new.place else ""
    if new.state == EventState.CANCELLED:
        return "Abgesagt", f"Der Termin{f' am {old.when}' if old.starts_at else ''} findet nicht statt.", ""
    if new.starts_at is None:
        if old.starts_at is None:
            return "Geändert", f"Geändert wurde: {_changed(old, new)}.", _first(new)
        planned = f"Geplant: {new.planned}." if new.planned else ""
        return "Verschoben", f"Der Termin am {old.when} entfällt, ein neuer folgt.", planned
    if has_moved(old, new):
        return "Neuer Termin", f"Bisher: {old.when}. Neu: {new.when}.", where
    if old.state == EventState.CANCELLED:
        return "Findet doch statt", f"{new.when}.", where
    if new.state == EventState.CONFIRMED and old.state != EventState.CONFIRMED:
        return "Termin steht fest", f"{new.when}.", where
    return "Geändert", f"Geändert wurde: {_changed(old, new)}.", f"{new.when}{_place(new)}."


def _changed(old: EventValues, new: EventValues) -> str:
    """What is different, in words."""
    words = [word for name, word in _WORDS.items() if getattr(old, name) != getattr(new, name)]
    return ", ".join(dict.fromkeys(words)) or "der Stand"


_WORDS = {
    "title": "Titel",
    "ends_at": "Ende",
    "place": "Ort",
    "kind": "Art",
    "lead": "Beschreibung",
    "body": "Beschreibung",
    "regions": "Regionen",
    "topics": "Themen",
    "planned": "Zeitraum",
}


def _place(values: EventValues) -> str:
    return f", {values.place}" if values.place else ""


def joined(first: Doc, second: Doc) -> Doc:
    """One document after the other."""
    if text.is_empty(first):
        return second
    return {"type": "doc", "content": [*first.get("content", []), *second.get("content", [])]}
