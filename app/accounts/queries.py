"""Questions about the people of the team."""

from datetime import timedelta

from sqlalchemy import func, select

from app.accounts.models import PasswordLink, Role, User
from app.accounts.rules import Purpose
from app.kernel import clock, tokens
from app.kernel.db import session
from app.kernel.errors import Gone, NotFound
from app.kernel.i18n import lazy


def normalised(email: str) -> str:
    """How an address is stored: without blanks around it, in lower case."""
    return email.strip().lower()


def find_by_email(email: str) -> User | None:
    """The person with this address, in whatever case it is written."""
    return session.scalar(select(User).where(func.lower(User.email) == normalised(email)))


def find(user_id: int) -> User | None:
    """The person with this id."""
    return session.get(User, user_id)


def get(user_id: int) -> User:
    """The person with this id. Raises NotFound."""
    user = find(user_id)
    if user is None:
        raise NotFound(lazy("Dieses Konto gibt es nicht. Bitte öffnen Sie die Übersicht der Konten neu."))
    return user


def everybody() -> list[User]:
    """All people of the team by name, the inactive ones too."""
    return list(session.scalars(select(User).order_by(User.active.desc(), User.name)))


def people_with(role: str) -> list[User]:
    """The active people who have this role, by name."""
    having = select(User).where(User.active, User.roles.any(Role.name == role)).order_by(User.name)
    return list(session.scalars(having))


def find_link(token: str, purpose: Purpose) -> PasswordLink:
    """The link of this token. Raises NotFound if there is none, Gone if it was used, replaced or is too old."""
    link = session.get(PasswordLink, tokens.digest(token))
    if link is None or link.purpose != purpose:
        raise NotFound(lazy("Dieser Link ist unvollständig. Bitte öffnen Sie ihn direkt aus der E-Mail."))
    if link.used_at is not None or link.expires_at <= clock.now():
        raise Gone(lazy("Dieser Link gilt nicht mehr. Bitte fordern Sie auf der Anmeldeseite einen neuen an."))
    return link


def links_of_the_last_hour(user: User) -> list[PasswordLink]:
    """The links this person was sent in the last hour."""
    since = clock.now() - timedelta(hours=1)
    sent = select(PasswordLink).where(PasswordLink.user_id == user.id, PasswordLink.created_at > since)
    return list(session.scalars(sent))
