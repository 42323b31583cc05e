"""What an announcement says: structured, never HTML for one channel; every channel says it in its own form."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from app.kernel import text
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy

MAX_TITLE: Final = 160
MAX_LEAD: Final = 600  # the short form that SSG and SLKT print


@dataclass(frozen=True, slots=True)
class Link:
    """A further address, and what is found there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class When:
    """A date that is announced: aware moments; for whole days ``end`` is exclusive, as in RFC 5545."""

    start: datetime
    end: datetime | None = None
    all_day: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All that is said once.

    ``body`` is a rich text document, ``topics`` are slugs, ``regions`` keys (AGS). Until ``embargo`` nothing is shown;
    after ``expires_on`` it is no longer listed. ``event_uid`` names the event that it speaks of; ``event_digest`` is a
    hash of all that the event will say: who approves the announcement approves that too.
    """

    title: str
    lead: str = ""
    body: text.Doc = None  # type: ignore[assignment]  # set to an empty document below
    links: tuple[Link, ...] = ()
    dates: tuple[When, ...] = ()
    place: str = ""
    topics: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    contact: str = ""
    embargo: datetime | None = None
    expires_on: date | None = None
    event_uid: str = ""
    event_digest: str = ""

    def __post_init__(self) -> None:
        if self.body is None:
            object.__setattr__(self, "body", text.EMPTY)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Content":
        """The content that this JSON describes, checked.

        Raises Invalid with the names of the fields that cannot be accepted, and what to do about each.
        """
        errors: dict[str, Any] = {}
        fields = {name: _read(name, value.get(name), errors) for name in READERS}
        if errors:
            raise Invalid(**errors)
        return cls(**fields)

    def about_the_event_of(self, other: "Content") -> "Content":
        """The same words, about the event of the other content: its dates, place, regions and topics."""
        return replace(
            self,
            event_uid=other.event_uid,
            event_digest=other.event_digest,
            dates=other.dates,
            place=other.place,
            regions=other.regions,
            topics=other.topics,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON from which ``from_json`` makes the same content again; moments in ISO 8601, UTC."""
        return {
            "title": self.title,
            "lead": self.lead,
            "body": self.body,
            "links": [{"label": link.label, "url": link.url} for link in self.links],
            "dates": [
                {
                    "start": when.start.isoformat(),
                    "end": when.end.isoformat() if when.end else None,
                    "all_day": when.all_day,
                    "label": when.label,
                }
                for when in self.dates
            ],
            "place": self.place,
            "topics": list(self.topics),
            "regions": list(self.regions),
            "contact": self.contact,
            "embargo": self.embargo.isoformat() if self.embargo else None,
            "expires_on": self.expires_on.isoformat() if self.expires_on else None,
            "event_uid": self.event_uid,
            "event_digest": self.event_digest,
        }


def _read(name: str, value: Any, errors: dict[str, Any]) -> Any:
    try:
        return READERS[name](value)
    except Invalid as error:
        errors[name] = error.fields.get(name) or error.fields.get("body") or error.message
    except (TypeError, ValueError, KeyError, AttributeError):
        errors[name] = lazy("Diese Angabe konnte nicht gelesen werden. Bitte geben Sie sie neu ein.")
    return None


def _title(value: Any) -> str:
    title = _line(value)
    if not title:
        raise Invalid(title=lazy("Bitte geben Sie einen Titel ein."))
    if len(title) > MAX_TITLE:
        raise Invalid(title=lazy("Bitte kürzen Sie den Titel auf höchstens %(max)d Zeichen.", max=MAX_TITLE))
    return title


def _line(value: Any) -> str:
    return " ".join(str(value or "").split())


def _paragraph(value: Any) -> str:
    return str(value or "").strip().replace("\r\n", "\n")


def _body(value: Any) -> text.Doc:
    return text.parse(value) if value else text.EMPTY


def _links(value: Any) -> tuple[Link, ...]:
    return tuple(Link(_line(link["label"]) or str(link["url"]), _address(link["url"])) for link in value or [])


def _address(value: Any) -> str:
    address = str(value).strip()
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid(links=lazy("Bitte geben Sie Links vollständig an, zum Beispiel https://www.beispiel.de."))
    return address


def _dates(value: Any) -> tuple[When, ...]:
    return tuple(
        When(_moment(when["start"]), _some_moment(when.get("end")), bool(when.get("all_day")), _line(when.get("label")))
        for when in value or []
    )


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment


def _some_moment(value: Any) -> datetime | None:
    return _moment(value) if value else None


def _some_day(value: Any) -> date | None:
    return value if isinstance(value, date) else date.fromisoformat(value) if value else None


def _keys(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(key) for key in value or []))


READERS: Final[dict[str, Any]] = {
    "title": _title,
    "lead": _paragraph,
    "body": _body,
    "links": _links,
    "dates": _dates,
    "place": _line,
    "topics": _keys,
    "regions": _keys,
    "contact": _line,
    "embargo": _some_moment,
    "expires_on": _some_day,
    "event_uid": _line,
    "event_digest": _line,
}
