"""What stands on the dashboard: each thing with its state, its moment and where it is worked on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from app import announcements, delivery, events, newsletter, participation, subscriptions
from app.announcements import Announcement, Dispatch, DispatchState
from app.events import EventKind
from app.kernel import clock
from app.kernel.i18n import _, lazy
from app.newsletter import Issue, IssueState
from app.participation import Said

PLANNED_FOR: Final = timedelta(weeks=12)
SHOWN: Final = 6
DRAFT, SUBMITTED = "draft", "submitted"  # announcements and issues call these states the same
GOING_OUT: Final = ("approved", "scheduled")
ANNOUNCEMENT_PAGE: Final = "announcements_desk.show"
EVENT_PAGE: Final = "events_desk.show"
ISSUE_PAGE: Final = "newsletter_desk.issue"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the desk; ``endpoint`` and ``values`` say where it is worked on, ``moment`` when it goes out.

    ``when`` says it in words where a moment alone would say too much: a date without its hour, a whole day.
    """

    kind: str
    title: str
    state: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    moment: datetime | None = None
    when: str = ""
    note: str = ""
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """How a channel is: what is still owed to it, what failed, and when it last took something."""

    name: str
    owed: int
    failed: int
    last_at: datetime | None
    last_error: str

    @property
    def state(self) -> str:
        """``failed``, ``owed``, ``active``, or ``draft`` for a channel that never got anything."""
        if self.failed:
            return "failed"
        if self.owed:
            return "owed"
        return "active" if self.last_at else "draft"


@dataclass(frozen=True, slots=True)
class Sending:
    """An issue that is being sent, or was stopped: ``why`` says what to do."""

    item: Item
    done: int
    whole: int
    why: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the dashboard of one person."""

    to_approve: list[Item]
    submitted: list[Item]
    drafts: list[Item]
    sending: list[Sending]
    going_out: list[Item]
    dates: list[Item]
    channels: list[Health]
    contributions: list[Said]
    contributions_waiting: int
    missing: list[str]
    sign_ups_waiting: int


def board(person_id: int) -> Board:
    """What this person finds on coming to the desk. Nobody is shown their own work as theirs to approve."""
    issues = newsletter.desk_list()
    things = _items(issues, (SUBMITTED, DRAFT), person_id)
    waiting = [item for item in things if item.state == SUBMITTED]
    planned = _plan(issues, clock.now() + PLANNED_FOR)
    return Board(
        to_approve=[item for item in waiting if not item.is_mine],
        submitted=[item for item in waiting if item.is_mine],
        drafts=[item for item in things if item.state == DRAFT][:SHOWN],
        sending=[_sending(issue) for issue in issues if issue.state in (IssueState.SENDING, IssueState.HELD)],
        going_out=[item for item in planned if item.endpoint != EVENT_PAGE][:SHOWN],
        dates=[item for item in planned if item.endpoint == EVENT_PAGE][:SHOWN],
        channels=channels(),
        contributions=participation.in_state(participation.State.WAITING, limit=SHOWN),
        contributions_waiting=participation.count_waiting(),
        missing=delivery.locked_by(),
        sign_ups_waiting=subscriptions.sign_ups_waiting(),
    )


def plan(until: datetime | None = None) -> list[Item]:
    """What goes out and what takes place until then (default: twelve weeks), the next first; what waits, at once."""
    return _plan(newsletter.desk_list(), until or clock.now() + PLANNED_FOR)


def _plan(issues: Sequence[Issue], until: datetime) -> list[Item]:
    now = clock.now()
    found = _items(issues, GOING_OUT)
    found += [_event(event) for event in events.upcoming(until=until)]
    return sorted((i for i in found if (i.moment or now) < until), key=lambda i: (i.moment or now, i.kind, i.title))


def by_week(items: Iterable[Item]) -> list[tuple[date, list[Item]]]:
    """The items of each week, under its Monday (on the Berlin calendar)."""
    weeks: dict[date, list[Item]] = {}
    for item in items:
        day = clock.local(item.moment or clock.now()).date()
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(item)
    return sorted(weeks.items())


def channels() -> list[Health]:
    """The active channels in their order, in a constant number of questions."""
    of: dict[int, list[Dispatch]] = {}
    for dispatch in announcements.dispatches(limit=500):
        of.setdefault(dispatch.channel_id, []).append(dispatch)
    return [_health(channel.name, of.get(channel.id, [])) for channel in announcements.channels(active=True)]


def _health(name: str, dispatches: list[Dispatch]) -> Health:
    """From what was dispatched to it, the newest first."""
    failed = [d for d in dispatches if d.state == DispatchState.FAILED]
    taken = [d.sent_at for d in dispatches if d.sent_at is not None]
    return Health(
        name=name,
        owed=sum(d.state in (DispatchState.OWED, DispatchState.HANDED) for d in dispatches),
        failed=len(failed),
        last_at=max(taken, default=None),
        last_error=failed[0].last_error if failed else "",
    )


def _items(issues: Sequence[Issue], states: Sequence[str], person_id: int = 0) -> list[Item]:
    """The announcements and issues in these states."""
    found = [item for state in states for item in _announcements(announcements.in_work(state=state), person_id)]
    return found + [_issue(issue, person_id) for state in states for issue in issues if issue.state == state]


def _issue(issue: Issue, person_id: int = 0) -> Item:
    return Item(
        kind=_("Ausgabe %(number)s", number=issue.number),
        title=issue.title,
        state=issue.state,
        endpoint=ISSUE_PAGE,
        values={"issue_id": issue.id},
        moment=issue.send_at,
        is_mine=person_id in issue.author_ids,
    )


def _sending(issue: Issue) -> Sending:
    progress = delivery.progress(issue.subject)
    why = str(issue.hold.label) if issue.hold else ""
    return Sending(_issue(issue), progress.prepared - progress.open, progress.prepared, why)


def _announcements(found: Iterable[Announcement], person_id: int = 0) -> list[Item]:
    return [
        Item(
            kind=str(announcements.KIND_LABELS[announcement.kind]),
            title=announcement.content_json.get("title", ""),
            state=announcement.state,
            endpoint=ANNOUNCEMENT_PAGE,
            values={"announcement_id": announcement.id},
            moment=announcement.publish_at,
            note=str(_CHANGES.get(announcement.change, "")),
            is_mine=person_id in announcement.authors,
        )
        for announcement in found
    ]


_CHANGES: Final = {
    announcements.Change.CORRECTION.value: lazy("Korrektur"),
    announcements.Change.WITHDRAWAL.value: lazy("Zurückziehung"),
}


def _event(event: events.Event) -> Item:
    return Item(
        kind=EventKind(event.kind).label,
        title=event.title,
        state="moved" if event.is_moved else event.state,
        endpoint=EVENT_PAGE,
        values={"event_id": event.id},
        moment=event.starts_at,
        when=event.when,
        note=event.place,
    )
