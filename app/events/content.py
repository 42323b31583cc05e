"""What an announcement says about a date: generated from the values, so that no channel can say anything else."""

from dataclasses import replace
from typing import Any

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
        title, lead = _first(values) if known is None else _change(known, values)
    said = Content(
        title=title,
        lead=" ".join(part for part in (lead, values.lead) if part),
        body=joined(words, values.body),
        links=(Link("Alles zum Termin", address),),
        event_uid=event.uid,
    )
    return replace(said, **facts(values))


def reason(event: Event, values: EventValues) -> str:
    """What a correction says about itself to readers and partners, in German."""
    with i18n.force("de"):
        title, lead = _change(event.values, values)
    return f"{title}. {lead}"


def kind_of(event: Event, values: EventValues) -> Kind:
    """What sort of announcement this is: a new date, a change, or a cancellation."""
    if values.state == EventState.CANCELLED:
        return Kind.CANCELLATION
    return Kind.CHANGE if event.is_public else Kind.EVENT


def facts(values: EventValues) -> dict[str, Any]:
    """The part of an announcement's content that must equal what the calendar says."""
    return {
        "dates": _dates(values),
        "place": values.place,
        "regions": tuple(values.regions),
        "topics": tuple(values.topics),
    }


def agrees(said: Content, values: EventValues) -> bool:
    """Whether an announcement names the dates, the place, the regions and topics that the calendar would."""
    return (
        said.dates == _dates(values)
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
    EventState.TENTATIVE: "vorläufig",
    EventState.CONFIRMED: "",
    EventState.CANCELLED: "abgesagt",
}


def _first(values: EventValues) -> tuple[str, str]:
    if values.starts_at is None:
        planned = f" Geplant: {values.planned}." if values.planned else ""
        return values.title, f"Der Termin wird noch abgestimmt.{planned}"
    return values.title, f"{EventKind(values.kind).label}: {_when_and_where(values)}."


def _change(old: EventValues, new: EventValues) -> tuple[str, str]:
    if new.state == EventState.CANCELLED:
        before = f" am {old.when}" if old.starts_at else ""
        return f"Abgesagt: {new.title}", f"Der Termin{before} findet nicht statt."
    if new.starts_at is None:
        if old.starts_at is None:
            return f"Geändert: {new.title}", _first(new)[1]
        planned = f" Geplant: {new.planned}." if new.planned else ""
        return f"Verschoben: {new.title}", f"Der Termin am {old.when} entfällt, ein neuer folgt.{planned}"
    if has_moved(old, new):
        return f"Neuer Termin: {new.title}", f"Bisher: {old.when}. Neu: {_when_and_where(new)}."
    if old.state == EventState.CANCELLED:
        return f"Findet doch statt: {new.title}", f"{_when_and_where(new)}."
    if new.state == EventState.CONFIRMED and old.state != EventState.CONFIRMED:
        return f"Termin steht fest: {new.title}", f"{_when_and_where(new)}."
    return f"Geändert: {new.title}", f"{_when_and_where(new)}."


def _when_and_where(values: EventValues) -> str:
    return f"{values.when}, {values.place}" if values.place else values.when


def joined(first: Doc, second: Doc) -> Doc:
    """One document after the other."""
    if text.is_empty(first):
        return second
    return {"type": "doc", "content": [*first.get("content", []), *second.get("content", [])]}
