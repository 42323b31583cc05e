"""What changes accounts: creating, inviting, changing roles, setting a password, deactivating."""

import secrets
from collections.abc import Collection

from flask_security.utils import hash_password
from sqlalchemy import select

from app.accounts.models import ROLES, Role, User
from app.accounts.queries import find_by_email, normalised
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy

PASSWORD_LENGTH = 12


def create(email: str, name: str, roles: Collection[str], password: str | None = None) -> User:
    """A new person of the team; without a password they need an invitation before they can sign in.

    Raises Invalid for a known address, an unknown role or a password of less than 12 characters.
    """
    if find_by_email(email):
        raise Invalid(email=lazy("Diese Adresse hat schon ein Konto. Bitte ändern Sie das vorhandene."))
    if password is not None:
        check_password(password)
    user = User(
        email=normalised(email),
        name=name.strip(),
        password=None if password is None else hash_password(password),
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        created_at=clock.now(),
        roles=_roles(roles),
    )
    session.add(user)
    session.flush()
    audit.record("created", f"user:{user.id}", {"roles": sorted(roles)})
    return user


def check_password(password: str) -> None:
    """Raises Invalid if the password is too short. Length is the only rule (NIST SP 800-63B, 5.1.1.2)."""
    if len(password) < PASSWORD_LENGTH:
        advice = lazy("Bitte wählen Sie ein Passwort mit mindestens %(least)d Zeichen.", least=PASSWORD_LENGTH)
        raise Invalid(password=advice)


def _roles(names: Collection[str]) -> list[Role]:
    unknown = set(names) - set(ROLES)
    if unknown or not names:
        raise Invalid(roles=lazy("Bitte wählen Sie mindestens eine der Rollen."))
    known = {role.name: role for role in session.scalars(select(Role))}
    return [known.get(name) or _new_role(name) for name in sorted(names)]


def _new_role(name: str) -> Role:
    role = Role(name=name, description=str(ROLES[name]))
    session.add(role)
    return role
