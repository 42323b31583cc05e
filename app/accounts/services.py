"""What changes accounts: creating, inviting, changing roles, setting a password, deactivating."""

import secrets
from collections.abc import Collection

from flask_security.utils import hash_password
from sqlalchemy import select, update

from app import delivery
from app.accounts import mails
from app.accounts.models import ADMIN, ROLES, PasswordLink, Role, User
from app.accounts.queries import find_by_email, find_link, links_of_the_last_hour, normalised, people_with
from app.accounts.rules import LIFETIME, PASSWORD_LENGTH, RESETS_AN_HOUR, Purpose
from app.kernel import audit, clock, i18n, tokens
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import lazy


class LastAdmin(Conflict):
    """Somebody has to be able to manage the accounts."""


def create(email: str, name: str, roles: Collection[str], password: str | None = None) -> User:
    """A new person of the team; without a password they need an invitation before they can sign in.

    Raises Invalid for a known address, an unknown role or a password of less than 12 characters.
    """
    if find_by_email(email):
        raise Invalid(email=lazy("Diese Adresse hat schon ein Konto. Bitte ändern Sie das vorhandene."))
    user = User(
        email=normalised(email),
        name=name.strip(),
        password=None if password is None else hashed(password),
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        created_at=clock.now(),
        roles=_roles(roles),
    )
    session.add(user)
    session.flush()
    audit.record("created", f"user:{user.id}", {"roles": sorted(roles)})
    return user


def invite(email: str, name: str, roles: Collection[str]) -> User:
    """A new person, who gets a mail with a link to set a password within 72 hours. Raises Invalid as ``create``."""
    user = create(email, name, roles)
    send_invitation(user)
    return user


def send_invitation(user: User) -> None:
    """Owe a mail with a new link; the ones before are void. Raises Conflict for somebody who is deactivated."""
    if not user.active:
        raise Conflict(lazy("Dieses Konto ist deaktiviert. Bitte aktivieren Sie es zuerst."))
    _send_link(user, Purpose.INVITATION)
    audit.record("invited", f"user:{user.id}")


def request_reset(email: str) -> None:
    """Owe a mail with a link to set a new password within 2 hours, if there is such a person; three an hour at most."""
    user = find_by_email(email)
    if user is None or not user.active or len(links_of_the_last_hour(user)) >= RESETS_AN_HOUR:
        return
    _send_link(user, Purpose.RESET if user.password else Purpose.INVITATION)
    audit.record("asked_for_reset", f"user:{user.id}")


def hashed(password: str) -> str:
    """The argon2id hash of a password. Slow on purpose: views call it before the session is opened for writing.

    Raises Invalid if the password is too short. Length is the only rule (NIST SP 800-63B, 5.1.1.2).
    """
    if len(password) < PASSWORD_LENGTH:
        advice = lazy("Bitte wählen Sie ein Passwort mit mindestens %(least)d Zeichen.", least=PASSWORD_LENGTH)
        raise Invalid(password=advice)
    made: str = hash_password(password)
    return made


def set_password(token: str, purpose: Purpose, password_hash: str) -> User:
    """Use a link: the person has this password from now on, and all their sessions end.

    Raises NotFound for an unknown link, Gone for a used or expired one.
    """
    link = find_link(token, purpose)
    link.used_at = clock.now()
    user = session.get_one(User, link.user_id)
    user.password = password_hash
    _end_sessions(user)
    session.flush()
    audit.record("set_password", f"user:{user.id}", {"by": purpose.value})
    return user


def change(user: User, name: str, roles: Collection[str]) -> None:
    """Give the person this name and these roles. Raises Invalid without any role, LastAdmin."""
    if ADMIN not in roles:
        _keep_an_admin(user)
    user.name = name.strip()
    user.roles = _roles(roles)
    session.flush()
    audit.record("changed", f"user:{user.id}", {"roles": sorted(roles)})


def deactivate(user: User) -> None:
    """The person cannot sign in any more, and is signed out everywhere. What they wrote stays. Raises LastAdmin."""
    _keep_an_admin(user)
    user.active = False
    _end_sessions(user)
    _void_links(user)
    session.flush()
    audit.record("deactivated", f"user:{user.id}")


def activate(user: User) -> None:
    """The person can sign in again, with the password they had."""
    user.active = True
    session.flush()
    audit.record("activated", f"user:{user.id}")


def _send_link(user: User, purpose: Purpose) -> None:
    _void_links(user)
    drawn, now = tokens.draw(), clock.now()
    expires_at = now + LIFETIME[purpose]
    session.add(
        PasswordLink(digest=drawn.digest, user_id=user.id, purpose=purpose, created_at=now, expires_at=expires_at)
    )
    session.flush()
    mail = mails.WRITE[purpose](user.name, drawn.token, expires_at, i18n.language())
    delivery.queue_one(f"account_{purpose}", mail, user.email, group=f"{purpose}:{drawn.digest[:20]}", name=user.name)


def _void_links(user: User) -> None:
    unused = update(PasswordLink).where(PasswordLink.user_id == user.id, PasswordLink.used_at.is_(None))
    session.execute(unused.values(used_at=clock.now()))


def _end_sessions(user: User) -> None:
    user.fs_uniquifier = secrets.token_hex(32)


def _keep_an_admin(user: User) -> None:
    if [admin.id for admin in people_with(ADMIN)] == [user.id]:
        raise LastAdmin(lazy("Das ist das letzte Konto mit Administration. Bitte geben Sie diese Rolle zuerst weiter."))


def _roles(names: Collection[str]) -> list[Role]:
    if set(names) - set(ROLES) or not names:
        raise Invalid(roles=lazy("Bitte wählen Sie mindestens eine der Rollen."))
    known = {role.name: role for role in session.scalars(select(Role))}
    return [known.get(name) or _new_role(name) for name in sorted(names)]


def _new_role(name: str) -> Role:
    role = Role(name=name, description=str(ROLES[name]))
    session.add(role)
    return role
