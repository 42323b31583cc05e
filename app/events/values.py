"""What can be said of an event: one immutable value, the same for the public state and for a proposed change."""

from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from app.kernel import i18n
from app.kernel.i18n import _, lazy


class EventState(StrEnum):
    """How firm a date is. A date that moved is tentative or confirmed, with its previous start beside it."""

    PROPOSED = "proposed"
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        return str(_STATE_LABELS[self])


class EventKind(StrEnum):
    """What sort of date it is."""

    WORKSHOP = "workshop"
    INFORMATION = "information"
    ONLINE = "online"
    DEADLINE = "deadline"

    @property
    def label(self) -> str:
        """The kind in the reader's language."""
        return str(_KIND_LABELS[self])


_STATE_LABELS = {
    EventState.PROPOSED: lazy("in Abstimmung"),
    EventState.TENTATIVE: lazy("vorgemerkt"),
    EventState.CONFIRMED: lazy("bestätigt"),
    EventState.CANCELLED: lazy("abgesagt"),
}

_KIND_LABELS = {
    EventKind.WORKSHOP: lazy("Regionalworkshop"),
    EventKind.INFORMATION: lazy("Informationsveranstaltung"),
    EventKind.ONLINE: lazy("Online-Veranstaltung"),
    EventKind.DEADLINE: lazy("Frist"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventValues:
    """Everything public of an event.

    ``starts_at`` and ``ends_at`` are aware and both None while the day is open; then ``planned`` may say roughly when
    („2. Quartal 2027“). With ``all_day`` they are midnights in Berlin and the end is exclusive (RFC 5545, 3.6.1);
    ``time_open`` means that the day stands but not the hour. ``regions`` are AGS, ``topics`` slugs; none means all.
    """

    title: str
    kind: str = EventKind.WORKSHOP
    state: str = EventState.CONFIRMED
    lead: str = ""
    body: dict[str, Any] = field(default_factory=lambda: {"type": "doc", "content": []})
    planned: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    time_open: bool = False
    place: str = ""
    regions: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)

    @property
    def when(self) -> str:
        """When it is, in words, in the reader's language: the date, the rough plan, or that it is still open."""
        if self.starts_at is None:
            return self.planned or _("Termin wird noch abgestimmt")
        text = i18n.when(self.starts_at, self.ends_at, all_day=self.all_day)
        return _("%(date)s, Uhrzeit folgt", date=text) if self.time_open else text

    def to_json(self) -> dict[str, Any]:
        """The value as JSON; moments as ISO 8601 in UTC."""
        data = {name: getattr(self, name) for name in value_names()}
        for name in ("starts_at", "ends_at"):
            moment = data[name]
            data[name] = moment.astimezone(UTC).isoformat() if moment else None
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The value that ``to_json`` wrote."""
        read = dict(data)
        for name in ("starts_at", "ends_at"):
            read[name] = datetime.fromisoformat(read[name]) if read[name] else None
        return cls(**read)


def value_names() -> tuple[str, ...]:
    """The names of everything public."""
    return tuple(each.name for each in fields(EventValues))
