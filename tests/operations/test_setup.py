"""An empty real instance is made by one command, which can be repeated; until it is complete nothing is sent."""

from collections.abc import Callable
from typing import Any

import pytest
from flask_security.utils import verify_password

from app import accounts, subscriptions, taxonomy
from app.kernel import identity
from tests.support import house

ADMIN = ["--admin-email", "ada@amt.example", "--admin-name", "Ada Beispiel", "--admin-password", "lange genug 123"]
NEWSLETTER = ["--newsletter", "OZG-Newsletter", "--newsletter-slug", "ozg-newsletter"]


@pytest.fixture
def empty(empty_database_url: str, make_app: Callable[..., Any]) -> Any:
    """An app on a database without any table."""
    return make_app(empty_database_url)


def test_setup_makes_a_whole_instance_from_nothing(empty: Any) -> None:
    result = _setup(empty, *_identity(), *ADMIN, *NEWSLETTER)
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "Nothing is missing: mails may leave.")
    with empty.app_context():
        assert identity.current().publisher == house.IDENTITY["publisher"]
        assert [newsletter.slug for newsletter in subscriptions.newsletters()] == ["ozg-newsletter"]
        assert len(taxonomy.districts()) == 13
        [admin] = accounts.people_with(accounts.ADMIN)
        assert (admin.email, admin.name) == ("ada@amt.example", "Ada Beispiel")
        assert admin.password is not None
        assert verify_password("lange genug 123", admin.password)


def test_setup_says_what_is_missing_and_keeps_what_was_said(empty: Any) -> None:
    first = _setup(empty, "--publisher", "Musterverband", *ADMIN)
    assert first.exit_code == 0
    assert "Sending stays locked until these are filled:" in first.output
    assert "  - Datenschutzbeauftragte Person" in first.output
    assert "  - Herausgeber\n" not in first.output
    second = _setup(empty, *_identity()[2:])
    assert second.output.splitlines()[-1] == "Nothing is missing: mails may leave."
    with empty.app_context():
        assert len(accounts.people_with(accounts.ADMIN)) == 1
        assert identity.missing() == []


def test_setup_asks_for_what_no_option_said(empty: Any) -> None:
    answers = [*house.IDENTITY.values()][:3]
    typed = ["Rundbrief", *answers, "Alma", "Amt", "Bruno", "Zentrum", "ada@amt.example", "Ada"]
    typed += ["lange genug 123", "lange genug 123", "OZG-Newsletter", "ozg-newsletter"]
    result = empty.test_cli_runner().invoke(args=["setup"], input="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    assert "lange genug" not in result.output
    assert result.output.splitlines()[-1] == "Nothing is missing: mails may leave."


def test_setup_refuses_a_short_password_and_founds_nothing(empty: Any) -> None:
    result = _setup(empty, *_identity(), "--admin-email", "ada@amt.example", "--admin-password", "kurz")
    assert result.exit_code == 1
    assert "mindestens 12 Zeichen" in result.output
    with empty.app_context():
        assert identity.current().publisher == ""


def _setup(app: Any, *options: str) -> Any:
    return app.test_cli_runner().invoke(args=["setup", "--no-input", *options])


def _identity() -> list[str]:
    names = ["publisher", "publisher_address", "contact_email", "responsible", "controller"]
    names += ["data_protection_officer", "processor"]
    return [part for name in names for part in (f"--{name.replace('_', '-')}", house.IDENTITY[name])]
