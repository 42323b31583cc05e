"""What the subscriptions know about an address, for the person it belongs to (Art. 15 GDPR)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import DeclarativeBase, joinedload

from app import delivery, taxonomy
from app.kernel import tokens
from app.kernel.db import session
from app.kernel.i18n import LANGUAGES, lazy
from app.kernel.privacy import Fact, Record, fact
from app.subscriptions.declarations import history, texts_shown
from app.subscriptions.models import (
    AddressChange,
    Confirmation,
    DataLink,
    Declaration,
    DeclarationKind,
    Erasure,
    SignUpRequest,
    State,
    Subscriber,
    Subscription,
)
from app.subscriptions.queries import find_by_key, newsletters
from app.subscriptions.words import FORMATS, HOW

ERASED: Final = "erasure"
KINDS: Final[dict[DeclarationKind, Any]] = {
    DeclarationKind.REQUESTED: lazy("Anmeldung angefordert"),
    DeclarationKind.CONFIRMED: lazy("Anmeldung bestätigt"),
    DeclarationKind.CHANGED: lazy("Einstellungen geändert"),
    DeclarationKind.WITHDRAWN: lazy("Abgemeldet"),
    DeclarationKind.ERASED: lazy("Gelöscht"),
}
STATES: Final[dict[State, Any]] = {
    State.REQUESTED: lazy("noch nicht bestätigt"),
    State.ACTIVE: lazy("aktiv"),
    State.WITHDRAWN: lazy("abgemeldet"),
}
LABELS: Final[dict[str, Any]] = {
    "address": lazy("E-Mail-Adresse"),
    "at": lazy("Wann"),
    "basis": lazy("Rechtsgrundlage"),
    "by": lazy("Auf welchem Weg"),
    "confirmed_at": lazy("Bestätigt"),
    "counts": lazy("Wie viele Einträge"),
    "created_at": lazy("Bekannt seit"),
    "done_at": lazy("Erledigt"),
    "expires_at": lazy("Gilt bis"),
    "format": lazy("Format"),
    "how": lazy("Wie Sie von uns hören"),
    "informed_at": lazy("Informiert"),
    "key": lazy("E-Mail-Adresse"),
    "lang": lazy("Sprache der E-Mails"),
    "mail_server": lazy("Antwort des Mailservers"),
    "mailed_at": lazy("Vom Mailserver angenommen"),
    "name": lazy("Name"),
    "new_address": lazy("Neue Adresse"),
    "new_confirmed_at": lazy("Von der neuen Adresse bestätigt"),
    "newsletter": lazy("Newsletter"),
    "newsletters": lazy("Newsletter"),
    "normalised": lazy("Adresse, wie wir sie vergleichen"),
    "old_address": lazy("Bisherige Adresse"),
    "old_confirmed_at": lazy("Von der bisherigen Adresse bestätigt"),
    "organisation": lazy("Organisation"),
    "page": lazy("Seite, auf der die Angaben gemacht wurden"),
    "paused_until": lazy("Pause bis"),
    "purpose": lazy("Zweck"),
    "reason": lazy("Grund"),
    "reason_counted": lazy("Grund der Abmeldung wurde ohne Namen gezählt"),
    "regions": lazy("Regionen"),
    "requested_at": lazy("Angefordert"),
    "role": lazy("Funktion"),
    "shown_text": lazy("Gezeigter Text"),
    "state": lazy("Status"),
    "topics": lazy("Themen"),
    "used_at": lazy("Benutzt"),
    "welcomed_at": lazy("Willkommensmail"),
    "withdrawn_at": lazy("Abgemeldet"),
}
WORDS: Final[dict[str, Mapping[Any, Any]]] = {"how": HOW, "format": FORMATS}
# Numbers that join tables, and hashes: they say nothing about anybody.
INNER: Final = frozenset(
    {"id", "subscriber_id", "newsletter_id", "import_id", "chain", "generation", "digest", "old_digest", "new_digest"}
    | {"shown_text", "actor_id", "chains"}
)


def facts_of(row: DeclarativeBase, inner: Iterable[str] = INNER) -> tuple[Fact, ...]:
    """Every column of a row that is no mere number of ours, so that none can be forgotten."""
    names = [column.key for column in inspect(type(row)).column_attrs if column.key not in set(inner)]
    facts: list[Fact] = []
    for name in names:
        value = getattr(row, name)
        facts += facts_of_content(value) if name == "asked" else [_fact(name, value)]
    return tuple(facts)


def _fact(name: str, value: Any) -> Fact:
    """A fact with places, topics and languages by their names."""
    if name == "regions":
        value = taxonomy.region_labels(list(value or ()))
    elif name == "topics":
        value = taxonomy.topic_labels(list(value or ()))
    elif name in ("newsletter", "newsletters"):
        titles = {newsletter.slug: newsletter.title for newsletter in newsletters()}
        value = [titles.get(slug, slug) for slug in ([value] if isinstance(value, str) else value or ())]
    elif name == "lang":
        value = LANGUAGES.get(value, value)
    elif name in WORDS:
        value = str(WORDS[name].get(value, value))
    return fact(name, LABELS.get(name, name), plain(value))


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def person(address: str) -> list[Record]:
    """The person with this address, and each subscription."""
    known = find_by_key(address)
    if known is None:
        return []
    taken = select(Subscription).where(Subscription.subscriber_id == known.id).order_by(Subscription.newsletter_id)
    rows = session.scalars(taken.options(joinedload(Subscription.newsletter))).all()
    return [
        Record(lazy("Zu Ihrer Adresse"), facts_of(known)),
        *(
            Record(
                lazy("Abonnement: %(title)s", title=row.newsletter.title),
                tuple(
                    one if one.name != "state" else fact("state", one.label, str(STATES[row.state]))
                    for one in facts_of(row)
                ),
            )
            for row in rows
        ),
    ]


def requests(address: str) -> list[Record]:
    """Sign-ups that wait for their mail, and links that were sent to confirm them."""
    known = find_by_key(address)
    links = select(Confirmation).where(Confirmation.subscriber_id == (known.id if known else 0))
    waiting = select(SignUpRequest).where(SignUpRequest.key == address)
    return [
        *(
            Record(lazy("Anmeldung, die noch nicht beantwortet ist"), facts_of(row))
            for row in session.scalars(waiting.order_by(SignUpRequest.id))
        ),
        *(
            Record(lazy("Link zur Bestätigung"), facts_of(row, INNER))
            for row in session.scalars(links.order_by(Confirmation.id))
        ),
    ]


def moves(address: str) -> list[Record]:
    """Changes of address on their way, from or to this one."""
    moving = select(AddressChange).where(or_(*_moves(address, find_by_key(address))))
    return [
        Record(lazy("Änderung der Adresse"), facts_of(row))
        for row in session.scalars(moving.order_by(AddressChange.id))
    ]


def _moves(address: str, known: Subscriber | None) -> list[Any]:
    mine = [AddressChange.subscriber_id == known.id] if known else []
    return [*mine, AddressChange.old_address == address, AddressChange.new_address == address]


def declarations(address: str) -> list[Record]:
    """The whole history of the address, with the texts that were shown."""
    known = find_by_key(address)
    if known is None:
        return []
    entries = history(known)
    texts = texts_shown(entries)
    return [_declaration(entry, texts) for entry in entries]


def _declaration(entry: Declaration, texts: Mapping[str | None, str]) -> Record:
    facts = [fact("at", LABELS["at"], entry.at)]
    facts += facts_of_content(entry.content or {})
    facts.append(fact("shown_text", LABELS["shown_text"], texts.get(entry.shown_text)))
    return Record(KINDS.get(entry.kind, str(entry.kind)), tuple(facts))


def facts_of_content(content: Mapping[str, Any]) -> list[Fact]:
    """What somebody declared, with the names of places, topics and languages."""
    return [_fact(name, value) for name, value in content.items() if name != "shown"]


def links(address: str) -> list[Record]:
    """Links to one's own data that were sent in the last 24 hours."""
    rows = session.scalars(select(DataLink).where(DataLink.address == address).order_by(DataLink.created_at))
    return [Record(lazy("Link zu Ihren Daten"), facts_of(row)) for row in rows]


def erasures(address: str) -> list[Record]:
    """Earlier erasures of this address: the protocol knows it by its keyed hash only."""
    return [Record(lazy("Frühere Löschung"), facts_of(row)) for row in erasures_of(address)]


def erasures_of(address: str) -> list[Erasure]:
    """The rows of the protocol about this address (normalised), oldest first."""
    digests = tokens.keyed_hashes(ERASED, address)
    return list(session.scalars(select(Erasure).where(Erasure.digest.in_(digests)).order_by(Erasure.id)))


def latest_erasures(limit: int = 50) -> list[Erasure]:
    """The newest rows of the protocol, the newest first."""
    return list(session.scalars(select(Erasure).order_by(Erasure.at.desc(), Erasure.id.desc()).limit(limit)))


def former_addresses(address: str) -> set[str]:
    """Addresses that this person used before and that nobody else uses now."""
    known = find_by_key(address)
    if known is None:
        return set()
    named = {
        delivery.address_key(str(value))
        for entry in history(known)
        for name, value in (entry.content or {}).items()
        if name in ("address", "old_address", "new_address", "from", "to") and "@" in str(value)
    }
    taken = session.scalars(select(Subscriber.normalised).where(Subscriber.normalised.in_(named)))
    return named - set(taken)
