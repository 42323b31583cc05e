"""Signing in and out: who gets in, who is kept out, and what a session survives."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from app import accounts
from app.accounts import rules
from app.accounts.models import User
from app.kernel.audit import AuditEntry
from app.kernel.db import session, transaction
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.team import PASSWORD, create_person, sign_in, signed_in

WRONG = "E-Mail-Adresse oder Passwort stimmen nicht. Bitte prüfen Sie beides."


def attempt(client: Visitor, email: str, password: str, page: str = "/redaktion/anmelden") -> Any:
    return client.submit(page, {"email": email, "password": password}, has="password")


def verbs(app: Any) -> list[str]:
    with app.app_context():
        return list(session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))


def test_the_right_password_leads_to_the_desk(app: Any, client: Visitor) -> None:
    create_person(app, "alma@redaktion.example", ["editor"])
    answer = attempt(client, " Alma@Redaktion.example ", PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/redaktion/")
    assert client.get("/redaktion/versand").status_code == 200
    assert verbs(app) == ["created", "signed_in"]


@pytest.mark.parametrize(
    ("email", "password"),
    [("alma@redaktion.example", "ein falsches Passwort"), ("nobody@redaktion.example", PASSWORD)],
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    app: Any, client: Visitor, email: str, password: str
) -> None:
    create_person(app, "alma@redaktion.example", ["editor"])
    answer = attempt(client, email, password)
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert f'value="{email}"' in answer.text
    assert password not in answer.text
    assert client.get("/redaktion/versand").status_code == 303


def test_who_was_only_invited_or_is_deactivated_does_not_get_in(app: Any, client: Visitor) -> None:
    create_person(app, "admin@redaktion.example", ["admin"])
    gone = create_person(app, "gone@redaktion.example", ["editor"])
    with app.app_context(), transaction():
        accounts.create("new@redaktion.example", "Neu", ["editor"])
        accounts.deactivate(accounts.get(gone))
    assert attempt(client, "gone@redaktion.example", PASSWORD).status_code == 422
    assert attempt(client, "new@redaktion.example", PASSWORD).status_code == 422


def test_who_is_not_signed_in_is_led_to_the_page_and_back(app: Any, client: Visitor) -> None:
    create_person(app, "alma@redaktion.example", ["editor"])
    asked = client.get("/redaktion/versand?seite=2")
    assert (asked.status_code, asked.headers["Location"]) == (
        303,
        "/redaktion/anmelden?next=/redaktion/versand?seite%3D2",
    )
    answer = attempt(client, "alma@redaktion.example", PASSWORD, asked.headers["Location"])
    assert answer.headers["Location"] == "/redaktion/versand?seite=2"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\nx",
        "evil",
        "/\t/e.example",
    ],
)
def test_after_signing_in_nobody_is_led_to_another_site(target: str) -> None:
    assert rules.local_path(target) is None


def test_five_failures_lock_the_account_for_this_network_for_15_minutes(
    app: Any, client: Visitor, clock: HeldClock
) -> None:
    create_person(app, "alma@redaktion.example", ["editor"])
    for _ in range(4):
        assert WRONG in attempt(client, "alma@redaktion.example", "falsch").text
    locked = "Zu viele Versuche. Bitte warten Sie bis 10:15 Uhr, oder setzen Sie Ihr Passwort zurück."
    assert locked in attempt(client, "alma@redaktion.example", "falsch").text
    assert locked in attempt(client, "alma@redaktion.example", PASSWORD).text
    assert verbs(app) == ["created", *["sign_in_failed"] * 4, "locked_out"]
    clock.tick(minutes=15)
    assert attempt(client, "alma@redaktion.example", PASSWORD).status_code == 303


def test_a_lock_holds_for_its_network_only(app: Any, client: Visitor, clock: HeldClock) -> None:
    create_person(app, "alma@redaktion.example", ["editor"])
    for _ in range(5):
        attempt(client, "alma@redaktion.example", "falsch")
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert attempt(elsewhere, "alma@redaktion.example", PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", ""), ("unix", "")],
)
def test_a_network_is_what_one_provider_gives_to_one_customer(address: str, network: str) -> None:
    assert rules.network_of(address) == network


def test_signing_in_starts_a_new_session(app: Any, client: Visitor) -> None:
    create_person(app, "alma@redaktion.example", ["editor"])
    client.get("/redaktion/anmelden")
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
        token = before.get("csrf_token")
    attempt(client, "alma@redaktion.example", PASSWORD)
    with client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != token or token is None


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(app: Any, client: Visitor) -> None:
    create_person(app, "alma@redaktion.example", ["editor"])
    cookie = attempt(client, "alma@redaktion.example", PASSWORD).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_takes_a_post(app: Any) -> None:
    client = signed_in(app, "editor")
    assert client.get("/redaktion/abmelden").status_code == 405
    assert client.submit("/redaktion/versand", action="/redaktion/abmelden").status_code == 303
    assert client.get("/redaktion/versand").status_code == 303


def test_a_session_ends_when_the_person_is_deactivated(app: Any) -> None:
    create_person(app, "admin@redaktion.example", ["admin"])
    client = signed_in(app, "editor")
    with app.app_context(), transaction():
        user = accounts.find_by_email("editor@redaktion.example")
        assert user is not None
        accounts.deactivate(user)
    assert client.get("/redaktion/versand").status_code == 303


def test_passwords_are_kept_as_argon2id(app: Any) -> None:
    create_person(app, "alma@redaktion.example", ["editor"])
    with app.app_context():
        [stored] = session.scalars(select(User.password))
    assert re.match(r"\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$", stored or "")


def test_a_password_costs_what_owasp_asks_for_at_least(app: Any) -> None:
    asked = app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"]
    assert (asked["argon2__memory_cost"] >= 19 * 1024, asked["argon2__time_cost"] >= 2) == (True, True)


def test_flask_securitys_own_routes_and_commands_do_not_exist(app: Any) -> None:
    rules_ = [str(rule) for rule in app.url_map.iter_rules() if str(rule.endpoint).startswith("security.")]
    assert rules_ == []
    assert {"users", "roles"} & set(app.cli.commands) == set()


def test_who_is_signed_in_needs_the_role(app: Any) -> None:
    client = signed_in(app, "editor")
    answer = client.get("/redaktion/konten")
    assert answer.status_code == 403
    assert "Dafür fehlt Ihnen die Berechtigung." in answer.text
    assert verbs(app)[-1] == "refused"


def test_sign_in_again_goes_to_the_desk(app: Any) -> None:
    client = signed_in(app, "editor")
    answer = client.get("/redaktion/anmelden")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/redaktion/")


def test_two_people_have_sessions_of_their_own(app: Any) -> None:
    create_person(app, "anna@redaktion.example", ["editor"], "Anna")
    create_person(app, "bernd@redaktion.example", ["editor"], "Bernd")
    assert "<strong>Anna</strong>" in sign_in(app, "anna@redaktion.example").get("/redaktion/versand").text
    assert "<strong>Bernd</strong>" in sign_in(app, "bernd@redaktion.example").get("/redaktion/versand").text
