"""Signing up: who asks gets a mail, and nobody is subscribed by that alone."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app import delivery
from app.kernel import clock, config, tokens
from app.kernel.db import insert, session
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy
from app.kernel.mail import Mail
from app.subscriptions import funnel, limits, mails
from app.subscriptions.declarations import declare, keep_text, without_tokens
from app.subscriptions.models import Confirmation, DeclarationKind, Newsletter, State, Subscriber, Subscription
from app.subscriptions.models.people import first_generation
from app.subscriptions.queries import find_by_key, newsletters
from app.subscriptions.rules import Address, read_address

CONFIRM: Final = "confirm"
MAIL_GROUP: Final = "signup:"


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody asked for. ``newsletters`` are slugs, ``regions`` AGS, ``topics`` slugs, ``role`` a key of ROLES.

    ``page`` is the path of the form that was filled in, ``shown`` the archived texts that stood there beside the
    consent, by what they are.
    """

    address: str
    newsletters: tuple[str, ...]
    name: str = ""
    organisation: str = ""
    role: str = ""
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    lang: str = "de"
    page: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)


def request(wanted: SignUp, shown_text: str) -> None:
    """Take a sign-up and send the mail that belongs to it, at once; nobody is subscribed by this alone.

    ``shown_text`` is the consent as it was shown. The caller cannot tell whether the address was known. At most three
    mails per address within 24 hours; none to who complained or wished for none, but to who is suppressed for bounces.
    Raises Invalid for a wrong address or newsletter.
    """
    address = read_address(wanted.address)
    chosen = chosen_newsletters(wanted.newsletters)
    answer(address, chosen, wanted, keep_text(shown_text, wanted.lang), clock.now())


def chosen_newsletters(slugs: Iterable[str]) -> list[Newsletter]:
    """The newsletters with these slugs. Raises Invalid if there is none."""
    chosen = [newsletter for newsletter in newsletters() if newsletter.slug in set(slugs)]
    if not chosen:
        raise Invalid(newsletters=lazy("Bitte wählen Sie mindestens einen Newsletter aus."))
    return chosen


def answer(address: Address, chosen: Sequence[Newsletter], wanted: SignUp, text: str, at: datetime) -> None:
    """Send what belongs to a sign-up from that moment: the link to confirm, or to the preferences of who has it all.

    ``text`` is the hash of the consent that was shown.
    """
    asks = False
    if limits.may_mail(address.key) and not _wants_no_mail(address):
        subscriber = _known_or_new(address, wanted)
        active = [s for s in subscriptions_of(subscriber) if s.is_active]
        asks = not {s.newsletter_id for s in active}.issuperset(newsletter.id for newsletter in chosen)
        if asks:
            _note_requests(subscriber, chosen, wanted, at)
            _send_link(subscriber, chosen, wanted, text, at)
        else:
            mail = mails.already(active[0], lang=wanted.lang)
            _declare_and_send(subscriber, _content(wanted, address, at), text, mail)
        limits.count_mail()
    funnel.count_request(chosen, mailed=asks)


def _wants_no_mail(address: Address) -> bool:
    """Whether the person complained or wished for no mail; what only bounced is asked, and lifted by confirming."""
    known = delivery.suppression(address.mailbox)
    return known is not None and known.reason is not delivery.Reason.BOUNCE


def _known_or_new(address: Address, wanted: SignUp) -> Subscriber:
    """The person with this address; two sign-ups at the same moment find the same one."""
    values = {
        "address": address.mailbox,
        "normalised": address.key,
        "name": wanted.name,
        "organisation": wanted.organisation,
        "role": wanted.role,
        "lang": wanted.lang,
        "format": "html",
        "chain": secrets.token_hex(16),
        "created_at": clock.now(),
    }
    new = insert(Subscriber.__table__).values(**values)
    session.execute(new.on_conflict_do_nothing(index_elements=["normalised"]))
    found = find_by_key(address.key)
    assert found is not None
    return found


def subscriptions_of(subscriber: Subscriber) -> Sequence[Subscription]:
    """All subscriptions of a person, in whatever state."""
    return session.scalars(
        select(Subscription).where(Subscription.subscriber_id == subscriber.id).order_by(Subscription.newsletter_id)
    ).all()


def _content(wanted: SignUp, address: Address, at: datetime) -> dict[str, Any]:
    return {
        "address": address.mailbox,
        "newsletters": sorted(wanted.newsletters),
        "name": wanted.name,
        "organisation": wanted.organisation,
        "role": wanted.role,
        "regions": list(wanted.regions),
        "topics": list(wanted.topics),
        "lang": wanted.lang,
        "page": wanted.page,
        "shown": dict(wanted.shown),
        "requested_at": at.isoformat(),
    }


def _note_requests(subscriber: Subscriber, chosen: Iterable[Newsletter], wanted: SignUp, at: datetime) -> None:
    """New subscriptions wait for their confirmation; existing ones stay as they are until then."""
    known = {s.newsletter_id for s in subscriptions_of(subscriber)}
    for newsletter in chosen:
        if newsletter.id not in known:
            session.add(
                Subscription(
                    subscriber_id=subscriber.id,
                    newsletter_id=newsletter.id,
                    state=State.REQUESTED,
                    regions=list(wanted.regions),
                    topics=list(wanted.topics),
                    requested_at=at,
                    generation=first_generation(),
                )
            )
    session.flush()


def _declare_and_send(subscriber: Subscriber, content: dict[str, Any], text: str, mail: Mail) -> None:
    """Append the request to the history, with the mail as it is sent but for its tokens, and send that mail."""
    sent = keep_text(without_tokens(f"{mail.subject}\n\n{mail.text}"), mail.lang)
    shown = {**content.pop("shown"), "mail": sent}
    declared = declare(subscriber, DeclarationKind.REQUESTED, content, text, shown)
    delivery.queue_one("confirm", mail, subscriber.address, group=f"{MAIL_GROUP}{declared.id}")


def _send_link(subscriber: Subscriber, chosen: Sequence[Newsletter], wanted: SignUp, text: str, at: datetime) -> None:
    drawn = tokens.draw()
    now, hours = clock.now(), config.current().confirm_hours
    content = _content(wanted, Address(subscriber.address, subscriber.normalised), at)
    session.add(
        Confirmation(
            digest=drawn.digest,
            purpose=CONFIRM,
            subscriber_id=subscriber.id,
            asked=content,
            shown_text=text,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    titles = [newsletter.title for newsletter in chosen]
    mail = mails.confirm(titles, drawn.token, at, hours=hours, lang=wanted.lang)
    _declare_and_send(subscriber, dict(content), text, mail)
    session.flush()


def renew(token: str) -> None:
    """Send a new link instead of an expired one, within the limit of three mails a day. Raises BadToken."""
    found = session.scalar(select(Confirmation).where(Confirmation.digest == tokens.digest(token)))
    if found is None or found.used_at is not None:
        raise tokens.BadToken(
            lazy("Dieser Link ist unvollständig oder nicht mehr gespeichert. Bitte melden Sie sich noch einmal an.")
        )
    subscriber = found.subscriber
    wanted = replace(sign_up_from(found.asked), address=subscriber.address)
    chosen = chosen_newsletters(wanted.newsletters)
    if not limits.may_mail(subscriber.normalised):
        return
    _send_link(subscriber, chosen, wanted, found.shown_text, clock.now())
    limits.count_mail()


def sign_up_from(asked: dict[str, Any]) -> SignUp:
    """The sign-up that was stored as this content."""
    return SignUp(
        address=asked["address"],
        newsletters=tuple(asked["newsletters"]),
        name=asked["name"],
        organisation=asked["organisation"],
        role=asked.get("role", ""),
        regions=tuple(asked["regions"]),
        topics=tuple(asked["topics"]),
        lang=asked["lang"],
        page=asked.get("page", ""),
        shown=asked.get("shown", {}),
    )


def content_of(wanted: SignUp, address: Address) -> dict[str, Any]:
    """What is kept of a sign-up until it is answered."""
    return _content(wanted, address, clock.now())
