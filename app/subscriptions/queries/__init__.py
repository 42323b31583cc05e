"""Questions about newsletters and who takes them."""

from app.subscriptions.queries.audience import Part, audience, audiences_that_match, count_audience
from app.subscriptions.queries.desk import (
    Filter,
    InDistrict,
    Page,
    conditions,
    counts_by_district,
    counts_by_state,
    subscriptions,
)
from app.subscriptions.queries.leaving import LeftBecause, leave_reasons
from app.subscriptions.queries.people import (
    Personal,
    find_by_key,
    find_newsletter,
    find_subscriber,
    get_newsletter,
    get_subscription,
    named_by,
    narrowed_to,
    newsletters,
    personal,
    preferences_url,
    unsubscribe_url,
    unwelcomed,
)

__all__ = [
    "Filter",
    "InDistrict",
    "LeftBecause",
    "Page",
    "Part",
    "Personal",
    "audience",
    "audiences_that_match",
    "conditions",
    "count_audience",
    "counts_by_district",
    "counts_by_state",
    "find_by_key",
    "find_newsletter",
    "find_subscriber",
    "get_newsletter",
    "get_subscription",
    "leave_reasons",
    "named_by",
    "narrowed_to",
    "newsletters",
    "personal",
    "preferences_url",
    "subscriptions",
    "unsubscribe_url",
    "unwelcomed",
]
