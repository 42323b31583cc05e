"""Who may see what: every view says it, and a test reads what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar

from flask import current_app
from flask_login import current_user

from app.kernel import audit, db
from app.kernel.errors import Refused
from app.kernel.i18n import lazy

_NOT_ALLOWED: Final = lazy("Dafür fehlt Ihnen die Berechtigung. Bitte wenden Sie sich an die Administration.")

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Actor:
    """The person of the team who is signed in."""

    id: int
    name: str
    email: str
    roles: frozenset[str]

    def is_any(self, *roles: str) -> bool:
        """Whether the person has one of these roles."""
        return not self.roles.isdisjoint(roles)


def public(view: View) -> View:
    """Everybody may see this."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def one_click(view: View) -> View:
    """Public, and called by machines without cookies and without a CSRF token (RFC 8058, 3.1)."""
    view.guard = "public"  # type: ignore[attr-defined]
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def requires(*roles: str) -> Callable[[View], View]:
    """Only people of the team with one of these roles; without any named, everybody who is signed in."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = current_actor()
            if actor is None:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            if roles and not actor.is_any(*roles):
                raise Refused(_NOT_ALLOWED)
            return view(*args, **kwargs)

        guarded.guard = frozenset(roles)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def current_actor() -> Actor | None:
    """Who is signed in, or None."""
    if not hasattr(current_app, "login_manager") or not current_user or not current_user.is_authenticated:
        return None
    roles = frozenset(role.name for role in current_user.roles)
    return Actor(int(current_user.id), str(current_user.name), str(current_user.email), roles)


def me() -> Actor:
    """Who is signed in, for views that let nobody else in. Raises Refused."""
    actor = current_actor()
    if actor is None:
        raise Refused(_NOT_ALLOWED)
    return actor


def record_refusal(path: str, method: str) -> None:
    """Write down that somebody was refused, in a transaction of its own, after the first was rolled back."""
    actor = current_actor()
    if actor is None:
        return
    with db.transaction():
        audit.record("refused", f"path:{path}", {"method": method})
