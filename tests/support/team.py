"""People of the team for tests: created directly, signed in through the page."""

from collections.abc import Collection
from typing import Any

from tests.support.client import Visitor

PASSWORD = "ein Satz nur für Tests"  # of everybody here


def create_person(app: Any, email: str, roles: Collection[str], name: str = "") -> int:
    """A person of the team with these roles; their id."""
    from app import accounts
    from app.kernel.db import transaction

    with app.app_context(), transaction():
        return accounts.create(email, name or email.partition("@")[0].title(), roles, PASSWORD).id


def sign_in(app: Any, email: str) -> Visitor:
    """A visitor of their own, signed in as this person."""
    visitor = app.test_client()
    answer = visitor.submit("/redaktion/anmelden", {"email": email, "password": PASSWORD}, has="password")
    assert answer.status_code == 303, answer.text
    assert isinstance(visitor, Visitor)
    return visitor


def signed_in(app: Any, *roles: str) -> Visitor:
    """A new person with these roles, signed in."""
    email = f"{'-'.join(roles)}@redaktion.example"
    create_person(app, email, roles)
    return sign_in(app, email)
