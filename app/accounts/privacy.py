"""What is kept about the people of the team."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import delete, select

from app.accounts.models import PasswordLink, User
from app.accounts.queries import find_by_email
from app.accounts.rules import KEPT_LINKS, WINDOW
from app.kernel import tokens
from app.kernel.db import session
from app.kernel.i18n import lazy
from app.kernel.privacy import Period, PersonalData, Record, fact


def _disclose(address: str) -> list[Record]:
    user = find_by_email(address)
    if user is None:
        return []
    facts = (
        fact("email", lazy("E-Mail-Adresse"), user.email),
        fact("name", lazy("Name"), user.name),
        fact("roles", lazy("Rollen"), [role.label for role in user.roles]),
        fact("created_at", lazy("Angelegt"), user.created_at),
        fact("last_sign_in_at", lazy("Letzte Anmeldung"), user.last_sign_in_at),
        fact("active", lazy("Aktiv"), user.active),
    )
    return [Record(lazy("Konto der Redaktion"), facts)]


def _erase(address: str) -> int:
    """An account that is not used any more loses its person; one in use stays: the work of the team rests on it."""
    user = find_by_email(address)
    if user is None or user.active:
        return 0
    user.email, user.name, user.password = f"geloescht-{tokens.draw().digest[:20]}@invalid", "–", None
    session.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
    session.flush()
    return 1


def _holders() -> Iterable[str]:
    return [email.lower() for email in session.scalars(select(User.email).where(User.active.is_(False)))]


PERSONAL_DATA: Final = [
    PersonalData(
        lazy("Konten der Redaktion: Name, E-Mail-Adresse, Rolle, und wer was freigegeben hat"),
        lazy("Anmeldung, Vier-Augen-Prinzip, Nachvollziehbarkeit"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO"),
        Period(lazy("Solange das Konto besteht; Freigaben, solange es die Inhalte gibt")),
        name="accounts.people",
        remains=lazy(
            "Ein Konto der Redaktion, das noch benutzt wird, bleibt bestehen. Die Administration kann es deaktivieren."
        ),
        columns=("users.email", "users.name", "users.password", "users.fs_uniquifier", "approvals.note"),
        disclose=_disclose,
        erase=_erase,
        holders=_holders,
    ),
    PersonalData(
        lazy("Links, um ein Passwort festzulegen, und fehlgeschlagene Anmeldungen, jeweils nur als Prüfsumme"),
        lazy("Zugang zu den Konten, Schutz vor dem Erraten von Passwörtern"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO"),
        Period(
            lazy(
                "Links %(days)d Tage, nachdem sie abgelaufen sind; fehlgeschlagene Anmeldungen %(minutes)d Minuten",
                days=KEPT_LINKS.days,
                minutes=int(WINDOW.total_seconds() // 60),
            ),
            KEPT_LINKS,
        ),
        name="accounts.links",
        ended_by="accounts.forget_old",
        columns=("password_links.digest", "failed_sign_ins.key"),
    ),
]
