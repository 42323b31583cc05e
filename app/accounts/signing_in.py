"""Signing in: the check of a password, and the lock-out after failures."""

from functools import cache

from flask_security.utils import hash_password, verify_password
from sqlalchemy import delete, select

from app.accounts import rules
from app.accounts.models import FailedSignIn, PasswordLink, User
from app.accounts.queries import find_by_email, normalised
from app.kernel import audit, clock, tokens
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy, wall_time


def refuse_while_locked(email: str, network: str) -> None:
    """Raises Invalid while this account is locked for this network, known or not, with the time to try again."""
    failures = session.scalars(select(FailedSignIn.at).where(FailedSignIn.key == _key(email, network))).all()
    until = rules.locked_until(failures, clock.now())
    if until is not None:
        advice = lazy(
            "Zu viele Versuche. Bitte warten Sie bis %(time)s, oder setzen Sie Ihr Passwort zurück.",
            time=wall_time(until),
        )
        raise Invalid(advice)


def authenticate(email: str, password: str) -> User | None:
    """The person with this address and password, if active. Takes as long for an unknown address as for a known one.

    Slow on purpose (argon2id), so it only reads: call it before the session is opened for writing.
    """
    user = find_by_email(email)
    right = verify_password(password, user.password if user and user.password else _nobodys_hash())
    return user if user and user.password and user.active and right else None


def note_failure(email: str, network: str) -> None:
    """Count a failed sign-in, forget those that are too old to count, and write down those of known people."""
    now = clock.now()
    session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - rules.WINDOW))
    session.add(FailedSignIn(key=_key(email, network), at=now))
    session.flush()
    failures = session.scalars(select(FailedSignIn.at).where(FailedSignIn.key == _key(email, network))).all()
    user = find_by_email(email)
    if user is not None:
        locked = rules.locked_until(failures, now) is not None
        audit.record("locked_out" if locked else "sign_in_failed", f"user:{user.id}", {"failures": len(failures)})


def note_success(user: User, network: str) -> None:
    """Remember when the person signed in, and forget the failures before."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.key == _key(user.email, network)))
    user.last_sign_in_at = clock.now()
    session.flush()
    audit.record("signed_in", f"user:{user.id}")


@cache
def _nobodys_hash() -> str:
    made: str = hash_password("the password of nobody")
    return made


def _key(email: str, network: str) -> str:
    return tokens.digest(f"{normalised(email)}|{network}")


def forget_old() -> int:
    """Delete failures that count no longer, and links that expired a week ago or more; how many."""
    now = clock.now()
    failures = session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - rules.WINDOW))
    links = session.execute(delete(PasswordLink).where(PasswordLink.expires_at <= now - rules.KEPT_LINKS))
    return int(failures.rowcount + links.rowcount)  # type: ignore[attr-defined]
