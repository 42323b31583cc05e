"""How often one may sign up: a third party cannot be bombed, and nobody who means it is turned away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app import delivery, taxonomy
from app.desk.board import board
from app.kernel import clock as time
from app.kernel.db import session, transaction
from app.operations.demo.forms_in_html import find_form
from app.subscriptions import SignUp, limits, request, services
from app.subscriptions.checks import sign_ups
from app.subscriptions.models import SignUpLimit, SignUpRequest
from tests.subscriptions.story import OZG, SIGN_UP, answer_sign_ups, found_newsletters, mails_to, send, sign_up
from tests.support import house
from tests.support.client import Visitor
from tests.support.house import HeldClock

KLARA = "klara.muster@stadt.example"
LONG_AGO = timedelta(seconds=30)


@pytest.fixture
def behind(saxony: Any, database_url: str, make_app: Callable[..., Any], clock: HeldClock) -> Callable[..., Any]:
    """The app behind a reverse proxy, with further settings."""

    def make(**environ: str) -> Any:
        return make_app(database_url, TRUSTED_PROXIES="1", **environ)

    found_newsletters(saxony)
    return make


def _form(app: Any, clock: HeldClock) -> tuple[Visitor, list[tuple[str, str]]]:
    """A visitor and the form of the page, opened ten seconds ago."""
    visitor = app.test_client()
    fields = find_form(visitor.get(SIGN_UP).text, SIGN_UP).filled({"newsletters": [OZG]})
    clock.tick(seconds=10)
    return visitor, fields


def _post(visitor: Visitor, fields: list[tuple[str, str]], address: str, network: str, **more: str) -> Any:
    values = [*(pair for pair in fields if pair[0] not in {"email", *more}), ("email", address), *more.items()]
    return visitor.post(SIGN_UP, data=MultiDict(values), headers={"X-Forwarded-For": network})


def test_a_thousand_sign_ups_of_one_address_from_a_thousand_networks_send_three_mails(
    behind: Callable[..., Any], clock: HeldClock, database: str
) -> None:
    app = behind()
    visitor, fields = _form(app, clock)
    tries = 1000 if database == "sqlite" else 60
    answers = {_post(visitor, fields, KLARA, f"10.{n // 250}.{n % 250}.7").status_code for n in range(tries)}
    assert answers == {303}
    with app.app_context():
        assert len(session.scalars(select(SignUpRequest)).all()) == tries
    while answer_sign_ups(app):
        pass
    assert len(mails_to(app, KLARA)) == 3
    with app.app_context():
        assert len(session.scalars(select(SignUpRequest)).all()) == 0
    clock.tick(hours=23, minutes=59)
    _post(visitor, fields, KLARA, "10.9.9.9")
    answer_sign_ups(app)
    assert len(mails_to(app, KLARA)) == 3


def test_the_limit_is_exact_when_many_ask_at_the_same_moment(saxony: Any, clock: HeldClock) -> None:
    found_newsletters(saxony)

    def ask(_: int) -> None:
        with saxony.app_context():
            try:
                with transaction():
                    request(SignUp(KLARA, (OZG,)), "Text")
            finally:
                session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(16)))
    assert len(mails_to(saxony, KLARA)) == 3


def test_two_workers_answer_a_sign_up_once(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    found_newsletters(saxony)
    with saxony.app_context(), transaction():
        for number in range(8):
            services.take(SignUp(f"person{number}@stadt.example", (OZG,)), "Text")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: answer_sign_ups(saxony), range(3)))
    assert [len(mails_to(saxony, f"person{number}@stadt.example")) for number in range(8)] == [1] * 8


@pytest.mark.parametrize("shared", [True, False])
def test_418_municipalities_sign_up_from_one_address_within_a_minute(
    behind: Callable[..., Any], clock: HeldClock, shared: bool, database: str
) -> None:
    app = behind(**({"SHARED_NETWORKS": "192.0.2.0/24,2001:db8::/32"} if shared else {}))
    visitor, fields = _form(app, clock)
    with app.app_context():
        every = [region.ags for region in taxonomy.municipalities()]
    assert len(every) == 418
    people = every if (database, shared) == ("sqlite", False) else every[:30]  # the whole is slow
    asked_twice = 0
    for number, ags in enumerate(people):
        clock.tick(seconds=0.14)
        address = f"poststelle@gemeinde-{ags}.example"
        answer = _post(visitor, fields, address, f"192.0.2.{number % 200}", places=ags)
        if answer.status_code == 200:
            asked_twice += 1
            assert "Aus Ihrem Netz kommen gerade viele Anmeldungen." in answer.text
            form = find_form(answer.text, SIGN_UP)
            again = MultiDict(form.filled({}))
            answer = visitor.post(form.action, data=again, headers={"X-Forwarded-For": f"192.0.2.{number % 200}"})
        assert (answer.status_code, answer.location) == (303, "/newsletter/anmelden/gesendet")
    assert asked_twice == (0 if shared else len(people) - limits.FROM_ONE_NETWORK)
    while answer_sign_ups(app):
        pass
    mails = [len(mails_to(app, f"poststelle@gemeinde-{ags}.example")) for ags in people[:: max(1, len(people) // 20)]]
    assert set(mails) == {1}
    with app.app_context():
        assert session.query(delivery.Delivery).count() == len(people)


def test_a_network_is_remembered_as_a_keyed_hash_for_less_than_an_hour(
    behind: Callable[..., Any], clock: HeldClock
) -> None:
    app = behind()
    visitor, fields = _form(app, clock)
    _post(visitor, fields, KLARA, "192.0.2.77")
    with app.app_context():
        [row] = session.scalars(select(SignUpLimit).where(SignUpLimit.key.startswith("network:")))
        assert (row.count, "192.0.2" in repr(vars(row))) == (1, False)
        assert row.ends_at <= time.now() + timedelta(hours=1)
    clock.tick(minutes=55)
    house.work(app)
    with app.app_context():
        assert session.scalars(select(SignUpLimit).where(SignUpLimit.key.startswith("network:"))).all() == []
    clock.tick(hours=24)
    house.work(app)
    with app.app_context():
        assert session.scalars(select(SignUpLimit)).all() == []


def test_whoever_is_not_behind_a_trusted_proxy_cannot_choose_a_network(saxony: Any, clock: HeldClock) -> None:
    found_newsletters(saxony)
    visitor, fields = _form(saxony, clock)
    for number in range(limits.FROM_ONE_NETWORK):
        _post(visitor, fields, f"a{number}@stadt.example", f"10.0.{number}.1")
    assert "Noch ein Klick" in _post(visitor, fields, "b@stadt.example", "10.1.1.1").text


def test_above_the_ceiling_sign_ups_wait_and_none_is_lost(behind: Callable[..., Any], clock: HeldClock) -> None:
    app = behind(SIGNUP_CEILING="5", SHARED_NETWORKS="127.0.0.0/8")
    people = [f"person{number}@stadt.example" for number in range(12)]
    for address in people:
        assert sign_up(app.test_client(), clock, address).status_code == 303
    clock.tick(minutes=2)
    assert [len(mails_to(app, address)) for address in people] == [1] * 5 + [0] * 7
    page = app.test_client().get("/newsletter/anmelden/gesendet").text
    assert "Gerade melden sich ungewöhnlich viele Menschen an. Ihre Anmeldung ist gespeichert" in page
    with app.app_context():
        found = sign_ups()
        assert board(0).sign_ups_waiting == 7
        assert (found.fine, found.said.startswith("7 wait for their mail for more than a minute")) == (False, True)
    for _hour in range(2):
        clock.tick(hours=1)
        answer_sign_ups(app)
    assert [len(mails_to(app, address)) for address in people] == [1] * 12
    clock.tick(hours=1)
    with app.app_context():
        assert sign_ups().fine
    assert "Es dauert diesmal länger" not in app.test_client().get("/newsletter/anmelden/gesendet").text


def test_a_flood_on_one_address_does_not_make_others_wait(behind: Callable[..., Any], clock: HeldClock) -> None:
    app = behind(SIGNUP_CEILING="5", SHARED_NETWORKS="127.0.0.0/8")
    for _ in range(20):
        sign_up(app.test_client(), clock, KLARA)
    sign_up(app.test_client(), clock, "bernd@stadt.example")
    assert (len(mails_to(app, KLARA)), len(mails_to(app, "bernd@stadt.example"))) == (3, 1)


def test_the_doctor_says_when_nobody_answers(saxony: Any, clock: HeldClock) -> None:
    found_newsletters(saxony)
    with saxony.app_context():
        with transaction():
            services.take(SignUp(KLARA, (OZG,)), "Text")
        assert sign_ups().fine
        clock.tick(minutes=2)
        assert "is the worker running?" in sign_ups().said


@pytest.mark.parametrize("typed", ["klara@gmial.com", "klаra@stadt.example"])
def test_a_question_is_answered_with_one_click_and_never_refuses(
    saxony: Any, client: Visitor, clock: HeldClock, typed: str
) -> None:
    found_newsletters(saxony)
    answer = sign_up(client, clock, typed, topics=["amt24"], places=["14626110"], role="it")
    assert (answer.status_code, "Stimmt die Adresse?" in answer.text) == (200, True)
    form = find_form(answer.text, SIGN_UP, has="meant")
    suggested, own = (value for name, value in form.buttons if name == "email")
    assert own == typed
    for address in (suggested, own):
        sent = client.post(form.action, data=MultiDict(form.filled({}, ("email", address))))
        assert (sent.status_code, sent.location) == (303, "/newsletter/anmelden/gesendet")
    answer_sign_ups(saxony)
    assert [len(mails_to(saxony, address)) for address in (suggested, own)] == [1, 1]


def test_from_the_question_one_gets_back_to_the_form_with_everything_kept(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    found_newsletters(saxony)
    asked = sign_up(client, clock, "klara@gmial.com", organisation="Stadt Musterstadt", places=["14626110"])
    form = find_form(asked.text, SIGN_UP, has="change")
    back = client.post(form.action, data=MultiDict(form.filled({})))
    assert (back.status_code, "Bitte prüfen Sie Ihre Angaben" in back.text) == (200, False)
    for kept in ('value="klara@gmial.com"', 'value="Stadt Musterstadt"', 'selected value="14626110"'):
        assert kept in back.text
    assert send(client, back.text, SIGN_UP, {"email": "klara@gmail.com"}).status_code == 303
