"""Issues of the newsletters, from the first draft to the archive, and the mail that greets a newcomer.

An issue is written from blocks, approved by a second person in exactly the words that go out, and sent once to
everybody who has confirmed.
"""

from app.newsletter.at_once import channel_previews, on_publish
from app.newsletter.content import Content, resolve, stale_items
from app.newsletter.models import HoldReason, Issue, IssueState, WelcomeText
from app.newsletter.queries import (
    archive,
    count_by_state,
    desk_list,
    find,
    get,
    get_public,
    overdue_since,
    search,
)
from app.newsletter.rules import Finding
from app.newsletter.services import (
    WrongState,
    approve,
    cancel,
    cancel_schedule,
    draft,
    edit,
    findings,
    finish,
    hold,
    reject,
    resume,
    schedule,
    send_now,
    send_test,
    start,
    submit,
)
from app.newsletter.welcome import greet, resolve_welcome, set_wording, wording
from app.newsletter.welcome_text import Wording

__all__ = [
    "Content",
    "Finding",
    "HoldReason",
    "Issue",
    "IssueState",
    "WelcomeText",
    "Wording",
    "WrongState",
    "approve",
    "archive",
    "cancel",
    "cancel_schedule",
    "channel_previews",
    "count_by_state",
    "desk_list",
    "draft",
    "edit",
    "find",
    "findings",
    "finish",
    "get",
    "get_public",
    "greet",
    "hold",
    "on_publish",
    "overdue_since",
    "reject",
    "resolve",
    "resolve_welcome",
    "resume",
    "schedule",
    "search",
    "send_now",
    "send_test",
    "set_wording",
    "stale_items",
    "start",
    "submit",
    "wording",
]
