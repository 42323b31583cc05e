"""Questions about newsletters and who takes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app import taxonomy
from app.kernel import tokens, web
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.subscriptions.models import Newsletter, State, Subscriber, Subscription


def newsletters() -> Sequence[Newsletter]:
    """All newsletters, in their order."""
    return session.scalars(select(Newsletter).order_by(Newsletter.position, Newsletter.id)).all()


def find_newsletter(slug: str) -> Newsletter | None:
    """The newsletter with this slug, or None."""
    return session.scalar(select(Newsletter).where(Newsletter.slug == slug))


def get_newsletter(newsletter_id: int) -> Newsletter:
    """The newsletter with this id. Raises NotFound."""
    if newsletter := session.get(Newsletter, newsletter_id):
        return newsletter
    raise NotFound(lazy("Diesen Newsletter gibt es nicht. Bitte wählen Sie einen aus der Liste."))


def unwelcomed(limit: int = 100) -> Sequence[Subscription]:
    """Confirmed subscriptions that have had no welcome mail, the longest waiting first, with all that a mail needs."""
    return session.scalars(
        select(Subscription)
        .where(Subscription.state == State.ACTIVE, Subscription.welcomed_at.is_(None))
        .options(joinedload(Subscription.subscriber), joinedload(Subscription.newsletter))
        .order_by(Subscription.confirmed_at, Subscription.id)
        .limit(limit)
    ).all()


@dataclass(frozen=True, slots=True)
class Personal:
    """What a mail to this subscription may say about the person, and their own links."""

    subscription_id: int
    generation: int
    address: str
    name: str
    lang: str
    newsletter: str
    regions: tuple[str, ...]
    topics: tuple[str, ...]
    unsubscribe_url: str
    preferences_url: str


def personal(subscription_id: int) -> Personal:
    """The personal part of mails to this subscription. Raises NotFound."""
    found = get_subscription(subscription_id)
    return Personal(
        subscription_id=found.id,
        generation=found.generation,
        address=found.subscriber.address,
        name=found.subscriber.name,
        lang=found.subscriber.lang,
        newsletter=found.newsletter.title,
        regions=tuple(found.regions),
        topics=tuple(found.topics),
        unsubscribe_url=unsubscribe_url(found),
        preferences_url=preferences_url(found),
    )


def unsubscribe_url(subscription: Subscription) -> str:
    """The address that ends this subscription, as in List-Unsubscribe (RFC 8058)."""
    token = tokens.derive("unsubscribe", subscription.id, subscription.generation)
    return web.url("subscriptions.leave", token=token)


def preferences_url(subscription: Subscription) -> str:
    """The address where this person changes what they get."""
    token = tokens.derive("preferences", subscription.id, subscription.generation)
    return web.url("subscriptions.preferences", token=token)


def get_subscription(subscription_id: int) -> Subscription:
    """The subscription, with its person and newsletter. Raises NotFound."""
    found = session.scalar(
        select(Subscription)
        .where(Subscription.id == subscription_id)
        .options(joinedload(Subscription.subscriber), joinedload(Subscription.newsletter))
    )
    if found is None:
        raise NotFound(lazy("Dieses Abonnement gibt es nicht mehr. Sie erhalten keine weiteren Ausgaben."))
    return found


def named_by(derived: tokens.Derived) -> Subscription:
    """The subscription that a link names. Raises NotFound if it is gone or the link was revoked."""
    found = get_subscription(derived.id)
    if found.generation != derived.generation:
        raise NotFound(lazy("Dieser Link gilt nicht mehr. Bitte benutzen Sie den Link aus der neuesten E-Mail."))
    return found


def find_subscriber(subscriber_id: int) -> Subscriber | None:
    """The person, with their subscriptions, or None."""
    return session.scalar(
        select(Subscriber)
        .where(Subscriber.id == subscriber_id)
        .options(selectinload(Subscriber.subscriptions).joinedload(Subscription.newsletter))
    )


def narrowed_to(subscriber: Subscriber) -> dict[int, list[str]]:
    """The names of the regions and topics that each subscription (by id) is narrowed to; empty: everything."""
    regions = {ags: taxonomy.find_region(ags) for s in subscriber.subscriptions for ags in s.regions}
    topics = {slug: taxonomy.find_topic(slug) for s in subscriber.subscriptions for slug in s.topics}
    return {
        s.id: [
            *(region.label for ags in s.regions if (region := regions[ags])),
            *(topic.label for slug in s.topics if (topic := topics[slug])),
        ]
        for s in subscriber.subscriptions
    }


def find_by_key(normalised: str) -> Subscriber | None:
    """The person with this normalised address, or None."""
    return session.scalar(select(Subscriber).where(Subscriber.normalised == normalised))
