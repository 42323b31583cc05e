"""The welcome mail: whose wording holds, what it says right now, and to whom it is owed."""

from app import announcements, delivery, subscriptions
from app.kernel import audit, clock, i18n, identity
from app.kernel.db import session
from app.kernel.mail import Mail
from app.newsletter import blocks, mails, welcome_text
from app.newsletter.content import Content, resolve_blocks, site
from app.newsletter.models import WelcomeText
from app.newsletter.welcome_text import Wording
from app.subscriptions import Newsletter, Subscription


def wording(newsletter: Newsletter, lang: str) -> Wording:
    """What the team wrote for this newsletter in this language, else the shipped wording."""
    own = session.get(WelcomeText, (newsletter.id, lang))
    if own is None:
        return welcome_text.shipped(lang)
    return Wording(own.title, own.preheader, own.closing, own.blocks)


def is_own(newsletter: Newsletter, lang: str) -> bool:
    """Whether the team wrote a wording of its own."""
    return session.get(WelcomeText, (newsletter.id, lang)) is not None


def set_wording(newsletter: Newsletter, lang: str, new: Wording) -> None:
    """Greet newcomers with this from now on. Raises Invalid for an unknown placeholder or an empty subject."""
    welcome_text.check(new)
    own = session.get(WelcomeText, (newsletter.id, lang)) or WelcomeText(newsletter_id=newsletter.id, lang=lang)
    own.title, own.preheader, own.closing = new.title, new.preheader, new.closing
    own.blocks = blocks.parse(new.blocks)
    own.updated_at = clock.now()
    session.add(own)
    audit.record("welcome.edited", f"newsletter:{newsletter.id}", {"lang": lang})
    session.flush()


def reset_wording(newsletter: Newsletter, lang: str) -> None:
    """Greet newcomers with the shipped wording again."""
    own = session.get(WelcomeText, (newsletter.id, lang))
    if own is not None:
        session.delete(own)
        audit.record("welcome.reset", f"newsletter:{newsletter.id}", {"lang": lang})


def resolve_welcome(newsletter: Newsletter, lang: str, new: Wording | None = None) -> Content:
    """What the welcome mail says at this moment: placeholders filled, dates looked up."""
    said = new or wording(newsletter, lang)
    with i18n.force(lang):
        resolved = resolve_blocks(said.blocks)
    values = {name: " ".join(value.split()) for name, value in _values(newsletter).items()}
    content = welcome_text.filled(said, resolved, values)
    return {**content, "newsletter": newsletter.title, "lang": lang}


def _values(newsletter: Newsletter) -> dict[str, str]:
    who = identity.current()
    return {
        "newsletter": newsletter.title,
        "website": site("/"),
        "herausgeber": who.publisher,
        "traeger": who.behalf,
        "betrieb": who.processor,
        "redaktion": who.team_name,
        "kontakt": who.contact_email,
        "projektlandkarte": site("/projekte"),
        "beteiligungsportal": who.participation_portal,
        "termine": site("/termine"),
        "kalender": site("/termine/abonnieren"),
        "infokanaele": ", ".join(channel.name for channel in announcements.channels(active=True)),
    }


def is_anybody_waiting() -> bool:
    """Whether somebody confirmed and was not greeted yet."""
    return bool(subscriptions.unwelcomed(1))


def greet(limit: int = 100) -> int:
    """Owe the welcome mail to everybody who confirmed and was not greeted yet; to how many."""
    waiting = subscriptions.unwelcomed(limit)
    made: dict[tuple[int, str], Mail] = {}
    for subscription in waiting:
        _greet(subscription, made)
    return len(waiting)


def _greet(subscription: Subscription, made: dict[tuple[int, str], Mail]) -> None:
    subscriber, newsletter = subscription.subscriber, subscription.newsletter
    key = newsletter.id, subscriber.lang
    if key not in made:
        made[key] = mails.welcome_mail(resolve_welcome(newsletter, subscriber.lang))
    delivery.queue_one(
        "welcome",
        made[key],
        subscriber.address,
        group=f"welcome:{subscription.id}:{subscription.generation}",
        name=subscriber.name,
        headers=mails.list_headers(newsletter),
        subject_id=subscription.id,
        generation=subscription.generation,
    )
    subscriptions.mark_welcomed(subscription)
