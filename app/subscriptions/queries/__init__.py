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
    to_withdraw,
)
from app.subscriptions.queries.duplicates import Suggestion, duplicates
from app.subscriptions.queries.growth import Month, active_people, growth
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
from app.subscriptions.queries.reconfirming import Campaign, campaigns

__all__ = [
    "Campaign",
    "Filter",
    "InDistrict",
    "LeftBecause",
    "Month",
    "Page",
    "Part",
    "Personal",
    "Suggestion",
    "active_people",
    "audience",
    "audiences_that_match",
    "campaigns",
    "conditions",
    "count_audience",
    "counts_by_district",
    "counts_by_state",
    "duplicates",
    "find_by_key",
    "find_newsletter",
    "find_subscriber",
    "get_newsletter",
    "get_subscription",
    "growth",
    "leave_reasons",
    "named_by",
    "narrowed_to",
    "newsletters",
    "personal",
    "preferences_url",
    "subscriptions",
    "to_withdraw",
    "unsubscribe_url",
    "unwelcomed",
]
