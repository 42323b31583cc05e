"""What the desk's list shows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, func, literal_column, select
from sqlalchemy.orm import joinedload

from app import taxonomy
from app.kernel.db import session
from app.kernel.paging import part
from app.subscriptions.models import Newsletter, State, Subscriber, Subscription

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What the desk's list shows: a text in address, name or organisation, a newsletter, a state, a region, a topic.

    A Kreis (its five digits) also finds who chose a place in it.
    """

    text: str = ""
    newsletter: str = ""
    state: str = ""
    region: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the desk's list."""

    rows: Sequence[Subscription]
    total: int
    number: int
    pages: int


def subscriptions(wanted: Filter, page: int = 1) -> Page:
    """One page of subscriptions, newest request first."""
    asked = select(Subscription).join(Subscription.subscriber).join(Subscription.newsletter).where(*conditions(wanted))
    total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    shown = part(page, total, PER_PAGE)
    rows = session.scalars(
        asked.options(joinedload(Subscription.subscriber), joinedload(Subscription.newsletter))
        .order_by(Subscription.requested_at.desc(), Subscription.id.desc())
        .limit(PER_PAGE)
        .offset(shown.first)
    ).all()
    return Page(rows, total, shown.number, shown.pages)


def to_withdraw(wanted: Filter, most: int) -> Sequence[Subscription]:
    """The subscriptions that the filter finds and that have not ended, with people and newsletters."""
    asked = select(Subscription).join(Subscription.subscriber).join(Subscription.newsletter)
    people = (joinedload(Subscription.subscriber), joinedload(Subscription.newsletter))
    open_ones = asked.where(*conditions(wanted), Subscription.state != State.WITHDRAWN)
    return session.scalars(open_ones.options(*people).order_by(Subscription.id).limit(most)).all()


def conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """What a subscription, its person and its newsletter must be like for the filter."""
    found: list[ColumnElement[bool]] = []
    if folded := taxonomy.fold(wanted.text):
        found.append(Subscriber.folded.contains(folded, autoescape=True))
    if wanted.newsletter:
        found.append(Newsletter.slug == wanted.newsletter)
    if wanted.state in set(State):
        found.append(Subscription.state == State(wanted.state))
    if wanted.region:
        found.append(cast(Subscription.regions, String).contains(f'"{wanted.region}', autoescape=True))
    if wanted.topic:
        found.append(cast(Subscription.topics, String).contains(f'"{wanted.topic}"', autoescape=True))
    return found


@dataclass(frozen=True, slots=True)
class InDistrict:
    """How many active subscriptions of one Kreis: those that chose it or a place in it."""

    ags: str
    label: str
    count: int


def counts_by_district(newsletter: str = "") -> tuple[list[InDistrict], int]:
    """Active subscriptions per Kreis, by name, and how many chose no region and so get everything."""
    asked = select(Subscription.regions).where(Subscription.state == State.ACTIVE)
    if newsletter:
        asked = asked.join(Subscription.newsletter).where(Newsletter.slug == newsletter)
    counted: Counter[str] = Counter()
    everything = 0
    for chosen in session.scalars(asked):
        counted.update({taxonomy.current_ags(ags)[:5] for ags in chosen})
        everything += not chosen
    found = [InDistrict(region.ags, region.listed, counted[region.ags]) for region in taxonomy.districts()]
    return sorted(found, key=lambda line: taxonomy.fold(line.label)), everything


def counts_by_state() -> dict[str, dict[State, int]]:
    """Per newsletter (by slug) how many subscriptions are in which state."""
    rows = session.execute(
        select(Newsletter.slug, Subscription.state, func.count(literal_column("*")))
        .join(Subscription.newsletter)
        .group_by(Newsletter.slug, Subscription.state)
    ).all()
    found: dict[str, dict[State, int]] = {}
    for slug, state, count in rows:
        found.setdefault(slug, {})[state] = count
    return found
