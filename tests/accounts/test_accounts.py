"""Invitations, resets and the accounts page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app import accounts, delivery
from app.accounts import LastAdmin
from app.accounts.models import PasswordLink
from app.kernel.db import session, transaction
from app.kernel.errors import Invalid
from tests.support.client import Visitor
from tests.support.house import PUBLIC_URL, HeldClock
from tests.support.smtp import SmtpSink
from tests.support.team import PASSWORD, create_person, sign_in, signed_in

NEW = "ein neuer Satz für Tests"


def link_in(smtp: SmtpSink, address: str) -> str:
    """The path of the link in the newest mail to this address."""
    found = re.search(rf"{PUBLIC_URL}(/redaktion/\S+)", smtp.to(address)[-1].body())
    assert found is not None
    return found[1]


def set_password(client: Visitor, path: str, password: str = NEW) -> Any:
    return client.submit(path, {"password": password, "again": password}, has="again")


def test_an_invited_person_chooses_a_password_and_signs_in(
    saxony: Any, smtp: SmtpSink, work: Callable[[], int], client: Visitor
) -> None:
    admin = signed_in(saxony, "admin")
    form = {"name": "Bruno Beispiel", "email": "bruno@redaktion.example", "roles": ["editor", "approver"]}
    assert admin.submit("/redaktion/konten", form, has="email").status_code == 303
    work()
    [mail] = smtp.to("bruno@redaktion.example")
    assert mail.subject == "Ihr Zugang zur Redaktion von Rundbrief"
    path = link_in(smtp, "bruno@redaktion.example")
    assert set_password(client, path).headers["Location"] == "/redaktion/anmelden"
    answer = client.submit("/redaktion/anmelden", {"email": "bruno@redaktion.example", "password": NEW}, has="password")
    assert answer.status_code == 303
    assert client.get(path).status_code == 410
    with saxony.app_context():
        assert [user.name for user in accounts.people_with("approver")] == ["Bruno Beispiel"]


def test_opening_an_invitation_changes_nothing(saxony: Any, smtp: SmtpSink, work: Callable[[], int]) -> None:
    with saxony.app_context(), transaction():
        accounts.invite("bruno@redaktion.example", "Bruno", ["editor"])
    work()
    path = link_in(smtp, "bruno@redaktion.example")
    for _ in range(2):
        visitor = saxony.test_client()
        assert visitor.get(path).status_code == 200
        assert visitor.head(path).status_code == 200


def test_an_invitation_lasts_72_hours_and_a_reset_2(
    saxony: Any, smtp: SmtpSink, work: Callable[[], int], client: Visitor, clock: HeldClock
) -> None:
    create_person(saxony, "alma@redaktion.example", ["editor"])
    with saxony.app_context(), transaction():
        accounts.invite("bruno@redaktion.example", "Bruno", ["editor"])
    client.submit("/redaktion/passwort-vergessen", {"email": "alma@redaktion.example"}, has="email")
    work()
    invitation, reset = (link_in(smtp, f"{name}@redaktion.example") for name in ("bruno", "alma"))
    clock.tick(hours=2)
    assert (client.get(invitation).status_code, client.get(reset).status_code) == (200, 410)
    clock.tick(hours=70)
    assert client.get(invitation).status_code == 410


def test_a_reset_ends_all_sessions_and_the_old_password(
    saxony: Any, smtp: SmtpSink, work: Callable[[], int], client: Visitor
) -> None:
    create_person(saxony, "alma@redaktion.example", ["editor"])
    elsewhere = sign_in(saxony, "alma@redaktion.example")
    client.submit("/redaktion/passwort-vergessen", {"email": "ALMA@redaktion.example"}, has="email")
    work()
    set_password(client, link_in(smtp, "alma@redaktion.example"))
    assert elsewhere.get("/redaktion/versand").status_code == 303
    old = {"email": "alma@redaktion.example", "password": PASSWORD}
    assert client.submit("/redaktion/anmelden", old, has="password").status_code == 422
    assert client.submit("/redaktion/anmelden", {**old, "password": NEW}, has="password").status_code == 303


def test_who_asks_for_a_reset_does_not_learn_who_has_an_account(saxony: Any, client: Visitor) -> None:
    create_person(saxony, "alma@redaktion.example", ["editor"])
    answers = [
        client.submit("/redaktion/passwort-vergessen", {"email": email}, has="email", follow=True)
        for email in ("alma@redaktion.example", "nobody@redaktion.example")
    ]
    texts = [re.sub(r'value="[^"]{40,}"', "", answer.text) for answer in answers]
    assert texts[0] == texts[1]
    assert "Wenn zu dieser Adresse ein Konto gehört" in texts[0]


def test_nobody_gets_more_than_three_resets_an_hour(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    create_person(saxony, "alma@redaktion.example", ["editor"])
    for _ in range(5):
        client.submit("/redaktion/passwort-vergessen", {"email": "alma@redaktion.example"}, has="email")
    with saxony.app_context():
        assert session.scalar(select(func.count()).select_from(PasswordLink)) == 3


def test_only_the_newest_link_works(saxony: Any, smtp: SmtpSink, work: Callable[[], int], client: Visitor) -> None:
    create_person(saxony, "alma@redaktion.example", ["editor"])
    paths = []
    for _ in range(2):
        client.submit("/redaktion/passwort-vergessen", {"email": "alma@redaktion.example"}, has="email")
        work()
        paths.append(link_in(smtp, "alma@redaktion.example"))
    assert [client.get(path).status_code for path in paths] == [410, 200]


def test_a_reset_link_is_no_invitation(saxony: Any, smtp: SmtpSink, work: Callable[[], int], client: Visitor) -> None:
    create_person(saxony, "alma@redaktion.example", ["editor"])
    client.submit("/redaktion/passwort-vergessen", {"email": "alma@redaktion.example"}, has="email")
    work()
    token = link_in(smtp, "alma@redaktion.example").rpartition("/")[2]
    assert client.get(f"/redaktion/einladung/{token}").status_code == 404
    assert client.get("/redaktion/passwort/unknown").status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "advice"),
    [
        ("zu kurz", "zu kurz", "Bitte wählen Sie ein Passwort mit 12 bis 200 Zeichen."),
        (NEW, NEW + "x", "Bitte geben Sie zweimal dasselbe Passwort ein."),
        ("", "", "Bitte wählen Sie ein Passwort."),
    ],
)
def test_a_password_that_cannot_be_taken_says_what_to_do(
    saxony: Any, smtp: SmtpSink, work: Callable[[], int], client: Visitor, password: str, again: str, advice: str
) -> None:
    with saxony.app_context(), transaction():
        accounts.invite("bruno@redaktion.example", "Bruno", ["editor"])
    work()
    path = link_in(smtp, "bruno@redaktion.example")
    answer = client.submit(path, {"password": password, "again": again}, has="again")
    assert answer.status_code == 422
    assert advice in answer.text
    assert client.get(path).status_code == 200


def test_an_address_has_one_account(app: Any) -> None:
    create_person(app, "alma@redaktion.example", ["editor"])
    with app.app_context(), transaction(), pytest.raises(Invalid) as refused:
        accounts.create("ALMA@redaktion.example", "Alma", ["editor"])
    assert list(refused.value.fields) == ["email"]


def test_the_accounts_page_keeps_what_was_typed_when_it_refuses(app: Any) -> None:
    admin = signed_in(app, "admin")
    form = {"name": "Noch ein Admin", "email": "admin@redaktion.example", "roles": ["admin"]}
    answer = admin.submit("/redaktion/konten", form, has="email")
    assert answer.status_code == 422
    assert "Diese Adresse hat schon ein Konto. Bitte ändern Sie das vorhandene." in answer.text
    assert 'value="Noch ein Admin"' in answer.text


def test_roles_are_changed_at_the_desk(app: Any) -> None:
    admin = signed_in(app, "admin")
    editor = create_person(app, "alma@redaktion.example", ["editor"])
    answer = admin.submit(f"/redaktion/konten/{editor}", {"name": "Alma B.", "roles": ["approver"]}, has="roles")
    assert answer.status_code == 303
    with app.app_context():
        person = accounts.get(editor)
        assert (person.name, person.role_names) == ("Alma B.", frozenset({"approver"}))


def test_an_account_is_deactivated_and_activated_at_the_desk(app: Any) -> None:
    admin = signed_in(app, "admin")
    editor = create_person(app, "alma@redaktion.example", ["editor"])
    for act, active in (("deaktivieren", False), ("aktivieren", True)):
        page = f"/redaktion/konten/{editor}"
        assert admin.submit(page, action=f"{page}/{act}").status_code == 303
        with app.app_context():
            assert accounts.get(editor).active is active


def test_the_last_admin_stays(app: Any) -> None:
    only = create_person(app, "admin@redaktion.example", ["admin", "editor"])
    with app.app_context():
        with transaction(), pytest.raises(LastAdmin):
            accounts.deactivate(accounts.get(only))
        with transaction(), pytest.raises(LastAdmin):
            accounts.change(accounts.get(only), "Admin", ["editor"])
        assert [user.id for user in accounts.people_with("admin")] == [only]


def test_the_command_line_creates_a_person_who_can_sign_in(app: Any, client: Visitor) -> None:
    arguments = ["accounts", "create", "--email", "alma@redaktion.example", "--name", "Alma", "--role", "admin"]
    result = app.test_cli_runner().invoke(args=[*arguments, "--password", PASSWORD])
    assert (result.exit_code, result.output) == (
        0,
        "Alma <alma@redaktion.example> can sign in at /redaktion/anmelden.\n",
    )
    assert sign_in(app, "alma@redaktion.example").get("/redaktion/konten").status_code == 200
    again = app.test_cli_runner().invoke(args=[*arguments, "--password", PASSWORD])
    assert again.exit_code == 1


def test_invitations_wait_like_all_mails_while_sending_is_locked(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        with transaction():
            accounts.invite("bruno@redaktion.example", "Bruno", ["editor"])
        assert delivery.locked_by() != []
    assert smtp.received == []
