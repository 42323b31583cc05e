"""What the subscriptions keep about people, who can show it, and what ends it."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import delete, select

from app.kernel.db import session
from app.kernel.i18n import lazy
from app.kernel.privacy import PersonalData
from app.subscriptions import disclosure
from app.subscriptions.importing import forgetting
from app.subscriptions.models import AddressChange, DataLink, SignUpRequest, Subscriber
from app.subscriptions.periods import DATA_LINK, ERASED, LIMITS, LISTS, MOVES, PROOF, UNCONFIRMED
from app.subscriptions.queries import find_by_key
from app.subscriptions.retention import forget

OWN_REQUEST: Final = lazy("Art. 6 Abs. 1 Buchst. b DSGVO (auf Ihre Anfrage)")


def _columns(table: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{table}.{name}" for name in names)


def _erase_person(address: str) -> int:
    known = find_by_key(address)
    if known is None:
        return 0
    taken = len(known.subscriptions)
    forget(known)
    return 1 + taken


def _erase_moves(address: str) -> int:
    rows = session.scalars(
        select(AddressChange.id).where((AddressChange.old_address == address) | (AddressChange.new_address == address))
    ).all()
    session.execute(delete(AddressChange).where(AddressChange.id.in_(rows)))
    return len(rows)


def _erase_requests(address: str) -> int:
    waiting = session.scalars(select(SignUpRequest.id).where(SignUpRequest.key == address)).all()
    session.execute(delete(SignUpRequest).where(SignUpRequest.id.in_(waiting)))
    return len(waiting)


def _erase_links(address: str) -> int:
    rows = session.scalars(select(DataLink.id).where(DataLink.address == address)).all()
    session.execute(delete(DataLink).where(DataLink.address == address))
    return len(rows)


def _holders() -> Iterable[str]:
    return session.scalars(select(Subscriber.normalised)).all()


PERSONAL_DATA: Final = [
    PersonalData(
        lazy("Schutz der Anmeldung vor Missbrauch: Prüfsummen der E-Mail-Adresse und des Netzes, aus dem sie kommt"),
        lazy("Verhindern, dass jemand Ihr Postfach mit Bestätigungsmails füllt"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO (Sicherheit des Angebots, Art. 32 DSGVO)"),
        LIMITS,
        name="subscriptions.limits",
        ended_by="subscriptions.forget_limits",
        columns=_columns("sign_up_limits", "key", "times"),
    ),
    PersonalData(
        lazy("Anmeldung zum Newsletter, die noch nicht bestätigt ist"),
        lazy("Ihnen den Bestätigungslink schicken"),
        OWN_REQUEST,
        UNCONFIRMED,
        name="subscriptions.requests",
        ended_by="subscriptions.purge_unconfirmed",
        columns=(
            *_columns("sign_up_requests", "key", "asked"),
            *_columns("confirmations", "digest", "asked"),
        ),
        disclose=disclosure.requests,
        erase=_erase_requests,
    ),
    PersonalData(
        lazy("Abonnement: E-Mail-Adresse, auf Wunsch Name und Organisation, gewählte Regionen und Themen"),
        lazy("Ihnen die Newsletter schicken, die Sie bestellt haben"),
        lazy("Art. 6 Abs. 1 Buchst. a DSGVO (Einwilligung)"),
        PROOF,
        name="subscriptions.people",
        ended_by="subscriptions.forget_who_left",
        columns=(
            *_columns("subscribers", "address", "normalised", "name", "organisation", "role", "folded"),
            *_columns("subscribers", "lang", "format", "how", "paused_until"),
            *_columns("subscriptions", "regions", "topics"),
        ),
        disclose=disclosure.person,
        erase=_erase_person,
        related=disclosure.former_addresses,
        holders=_holders,
    ),
    PersonalData(
        lazy("Wunsch, mit einem Abonnement an eine andere E-Mail-Adresse umzuziehen: alte und neue Adresse"),
        lazy("Beide Postfächer fragen, damit niemand Ihre Newsletter umleiten kann"),
        OWN_REQUEST,
        MOVES,
        name="subscriptions.moves",
        ended_by="subscriptions.forget_old_moves",
        columns=_columns("address_changes", "old_address", "new_address", "old_digest", "new_digest"),
        disclose=disclosure.moves,
        erase=_erase_moves,
    ),
    PersonalData(
        lazy("Nachweis der Einwilligung: Zeitpunkt und Wortlaut"),
        lazy("Nachweispflicht nach Art. 7 Abs. 1 DSGVO"),
        lazy("Art. 6 Abs. 1 Buchst. c DSGVO"),
        PROOF,
        name="subscriptions.declarations",
        ended_by="subscriptions.forget_proofs",
        remains=lazy(
            "Von Ihren Erklärungen bleiben nur Zeitpunkte und Prüfsummen mit zufälligem Zusatz, aus denen sich nichts "
            "über Sie ablesen lässt, und der Wortlaut unserer Texte; sie werden mit dem Löschprotokoll gelöscht."
        ),
        columns=_columns("declarations", "chain", "content", "salts", "commitments", "previous", "hash"),
        disclose=disclosure.declarations,
    ),
    PersonalData(
        lazy("Löschprotokoll: wann, auf welchem Weg, wie viele Einträge; die Adresse nur als Prüfsumme mit Schlüssel"),
        lazy("Nachweis der Löschung; eine eingespielte Sicherung löscht Sie erneut"),
        lazy("Art. 6 Abs. 1 Buchst. c DSGVO (Art. 5 Abs. 2, Art. 17 DSGVO)"),
        ERASED,
        name="subscriptions.erasures",
        ended_by="subscriptions.forget_proofs",
        remains=lazy(
            "Das Löschprotokoll vermerkt Zeitpunkt und Anzahl der Einträge. Ihre Adresse steht darin nur als Prüfsumme "
            "mit unserem Schlüssel: So löscht auch eine später eingespielte Sicherung Sie erneut."
        ),
        columns=_columns("erasures", "digest", "chains", "counts"),
        disclose=disclosure.erasures,
    ),
    PersonalData(
        lazy("Link zu Ihren Daten: Ihre Adresse und eine Prüfsumme des Links"),
        lazy("Auskunft und Löschung nur an Sie selbst"),
        OWN_REQUEST,
        DATA_LINK,
        name="subscriptions.data_links",
        ended_by="subscriptions.purge_data_links",
        columns=_columns("data_links", "digest", "address"),
        disclose=disclosure.links,
        erase=_erase_links,
    ),
    PersonalData(
        lazy("Liste mit Adressen, die übernommen werden soll, und das Ergebnis ihrer Prüfung"),
        lazy("Bestehende Verteiler weiterführen"),
        lazy("Art. 6 Abs. 1 Buchst. a oder e DSGVO, je Liste"),
        LISTS,
        name="subscriptions.lists",
        ended_by="subscriptions.delete_old_lists",
        columns=_columns("subscriber_imports", "columns", "created_by", "filename", "justification", "trouble"),
        disclose=forgetting.disclose,
        erase=forgetting.erase,
    ),
    PersonalData(
        lazy("Funktionspostfach, das einen Newsletter für eine öffentliche Aufgabe erhält"),
        lazy("Verwaltungen über Neuerungen und Termine informieren, die ihre Aufgaben betreffen"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO (öffentliche Aufgabe); Sie können jederzeit widersprechen"),
        PROOF,
        name="subscriptions.public_task",
        ended_by="subscriptions.forget_who_left",
    ),
]
