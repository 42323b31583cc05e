"""The hub: what is said once, approved once, and published to every channel at one moment.

The working copy is an ``Announcement``; each published state is a frozen ``Revision``; what we owe a partner's channel
for one revision is a ``Dispatch``.
"""

from app.announcements.channel import ChannelKind, Preview
from app.announcements.content import Content, Link, When
from app.announcements.models import (
    KIND_LABELS,
    Announcement,
    Change,
    Channel,
    Dispatch,
    DispatchState,
    Kind,
    Revision,
    State,
)
from app.announcements.publication import OnPublish
from app.announcements.pump import publish_due
from app.announcements.queries import (
    channels,
    dispatches,
    due_dispatches,
    find,
    find_published,
    for_event,
    get,
    get_revision,
    in_work,
    latest,
    preview,
    published,
    revisions,
    scope_of,
    search,
)
from app.announcements.rules import Finding, NotInThisState, findings
from app.announcements.services import (
    Plan,
    approve,
    correct,
    discard,
    draft,
    edit,
    fingerprint,
    recall,
    reject,
    schedule,
    submit,
    withdraw,
)

__all__ = [
    "KIND_LABELS",
    "Announcement",
    "Change",
    "Channel",
    "ChannelKind",
    "Content",
    "Dispatch",
    "DispatchState",
    "Finding",
    "Kind",
    "Link",
    "NotInThisState",
    "OnPublish",
    "Plan",
    "Preview",
    "Revision",
    "State",
    "When",
    "approve",
    "channels",
    "correct",
    "discard",
    "dispatches",
    "draft",
    "due_dispatches",
    "edit",
    "find",
    "find_published",
    "findings",
    "fingerprint",
    "for_event",
    "get",
    "get_revision",
    "in_work",
    "latest",
    "preview",
    "publish_due",
    "published",
    "recall",
    "reject",
    "revisions",
    "schedule",
    "scope_of",
    "search",
    "submit",
    "withdraw",
]
