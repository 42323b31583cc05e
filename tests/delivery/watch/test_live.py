"""What the desk shows of a sending while it runs."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app import delivery
from app.delivery import Circuit, Life, pace
from app.delivery.columns import State
from app.delivery.models import Delivery
from app.delivery.pump import send_due, send_single
from app.delivery.pump.recovery import LEASE
from app.delivery.queue import Sender, Transport
from app.delivery.watch import figures, sendings, waiting, ways
from app.delivery.watch.rules import Hindrance
from app.kernel.db import session, transaction
from tests.delivery.mails import ANNA, BERND, CARLA, MAIL, owe, prepare, unlock
from tests.support.client import Visitor
from tests.support.house import HeldClock, count_queries
from tests.support.smtp import SmtpSink
from tests.support.team import signed_in

LIVE = "/redaktion/versand/live"


@pytest.fixture
def editor(app: Any, clock: HeldClock) -> Visitor:
    return signed_in(app, "editor")


def under_way() -> list[delivery.Outlook]:
    with transaction(write=False):
        return sendings.under_way(ways.ways())


def plain(page: str) -> str:
    """The words of the live part, one space between them."""
    part = page[page.index("<live-part") : page.index("</live-part>")]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def many(count: int) -> list[tuple[str, str, int]]:
    return [(f"person{number}@amt.example", "", number + 1) for number in range(count)]


def test_an_issue_that_begins_is_forecast_by_its_pace(
    make_app: Callable[..., Any], database_url: str, clock: HeldClock
) -> None:
    with make_app(database_url, SEND_RATE="6").app_context():
        owe(*many(30))
        [outlook] = under_way()
    assert (outlook.state, outlook.share, outlook.rate, outlook.waiting) == ("sending", 0, None, 30)
    assert outlook.done_at == clock.START + timedelta(minutes=5)


def test_who_waits_behind_another_issue_is_forecast_after_it(
    make_app: Callable[..., Any], database_url: str, clock: HeldClock
) -> None:
    with make_app(database_url, SEND_RATE="6").app_context():
        owe(*many(30))
        with transaction():
            prepare(*many(6), group="issue:2")
        first, second = under_way()
    assert [first.progress.group, second.progress.group] == ["issue:1", "issue:2"]
    assert second.done_at == clock.START + timedelta(minutes=6)


def test_the_forecast_is_no_faster_than_what_was_measured(app: Any, clock: HeldClock, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(*many(40))
        delivery_of_the_first_half()
        clock.tick(seconds=60)
        [outlook] = under_way()
    assert (outlook.rate, outlook.share) == (20, 50)
    assert outlook.done_at == clock.START + timedelta(minutes=2)


def delivery_of_the_first_half() -> None:
    """Twenty of the forty have left in this second."""
    with transaction():
        for row in session.query(Delivery).order_by(Delivery.id).limit(20):
            row.state, row.settled_at = State.ACCEPTED, row.queued_at


def test_an_issue_that_is_held_or_locked_has_no_forecast(app: Any, clock: HeldClock) -> None:
    with app.app_context():
        with transaction():
            prepare(ANNA)
        assert under_way()[0].done_at is None
        unlock()
        assert under_way()[0].done_at is not None
        with transaction():
            delivery.hold("issue:1", "asked")
        assert (under_way()[0].state, under_way()[0].done_at) == ("held", None)


def test_an_issue_that_is_done_is_shown_for_ten_minutes(app: Any, clock: HeldClock, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(ANNA, BERND)
        send_due()
        assert [(one.state, one.share) for one in under_way()] == [("finished", 100)]
        clock.tick(minutes=11)
        assert under_way() == []
        assert delivery.outlook("issue:1").state == "finished"


def test_what_is_open_stands_first_and_what_is_done_begins_with_the_newest(
    app: Any, clock: HeldClock, smtp: SmtpSink
) -> None:
    with app.app_context():
        for group in ("issue:1", "issue:2"):
            owe(ANNA, group=group)
            send_due()
        owe(BERND, group="issue:3")
        assert [one.progress.group for one in under_way()] == ["issue:3", "issue:2", "issue:1"]


def test_deferrals_are_grouped_by_reason(app: Any, clock: HeldClock, smtp: SmtpSink) -> None:
    smtp.refuse("450 4.2.0 greylisted", address="person1@amt.example")
    smtp.refuse("450 4.2.1 busy", address="person2@amt.example")
    smtp.refuse("452 4.2.2 over quota", address="person3@amt.example")
    with app.app_context():
        owe(*many(5))
        send_due()
        with transaction(write=False):
            found = waiting.deferrals()
            [outlook] = sendings.under_way(ways.ways())
        assert [(one.why, one.count, one.held) for one in found] == [
            (Hindrance.LATER, 2, False),
            (Hindrance.QUOTA, 1, False),
        ]
        minute, hours = timedelta(minutes=1), timedelta(hours=2)
        assert 0.8 * minute <= found[0].next_at - clock.START <= found[0].last_at - clock.START <= 1.2 * minute
        assert 0.8 * hours <= found[1].next_at - clock.START <= 1.2 * hours
        assert found[1].example == "452 4.2.2 over quota"
        assert (outlook.deferred, outlook.waiting, outlook.done_at) == (3, 0, None)
        with transaction():
            delivery.skip("withdrawn", address="person1@amt.example")
        with transaction(write=False):
            assert {one.why: one.count for one in waiting.deferrals()} == {Hindrance.LATER: 1, Hindrance.QUOTA: 1}
            assert waiting.deferrals("issue:2") == []


def test_a_way_out_says_how_it_is(make_app: Callable[..., Any], database_url: str, clock: HeldClock) -> None:
    app = make_app(database_url, SEND_RATE="120", SEND_RATE_HOUR="1000", SMTP_URL_BULK="smtp://bulk.relay.example:25")
    with app.app_context():
        with transaction(write=False):
            single, bulk = ways.ways()
        assert (single.takes_singles, single.takes_issues) == (True, False)
        assert (bulk.takes_singles, bulk.takes_issues, bulk.host) == (False, True, "bulk.relay.example")
        assert single.circuit is Circuit.UNUSED
        row = {"allowance": 0.0, "counted_at": clock.START, "hour_began": clock.START, "day_began": clock.START}
        with transaction():
            session.add(Transport(name="smtp", factor=0.25, hour_sent=400, **row))
            rests = clock.START + timedelta(seconds=20)
            session.add(Transport(name="bulk", failures=2, trouble="421 busy", resting_until=rests, **row))
        with transaction(write=False):
            single, bulk = ways.ways()
        assert (single.circuit, single.rate, single.is_slowed, single.windows[0].left) == (
            Circuit.CLOSED,
            30,
            True,
            600,
        )
        assert (bulk.circuit, bulk.said, bulk.rests_until) == (Circuit.OPEN, "421 busy", rests)
        clock.tick(seconds=30)
        with transaction(write=False):
            assert ways.ways()[1].circuit is Circuit.HALF_OPEN


def test_it_is_remembered_since_when_a_way_out_is_in_trouble(app: Any, clock: HeldClock) -> None:
    def troubled_since() -> Any:
        with transaction(write=False):
            return ways.ways()[0].troubled_since

    with app.app_context():
        for refuse in (lambda: pace.rest("smtp", "421 busy"), lambda: pace.slow_down("smtp")):
            with transaction():
                refuse()
            clock.tick(seconds=30)
        assert troubled_since() == clock.START
        with transaction():
            pace.works("smtp")
        assert troubled_since() == clock.START  # it takes mails again, but slower than it might
        with transaction():
            [pace.works("smtp") for _ in range(3)]
        assert troubled_since() is None


def test_a_sender_lives_here_by_its_lock_and_elsewhere_by_its_lease(app: Any, clock: HeldClock) -> None:
    with app.app_context():
        with ways.senders.living() as (owner, _journal):
            with transaction():
                for name in (owner, f"{owner[:-8]}00000000", "elsewhere-7-abc"):
                    session.add(Sender(owner=name, lease_until=clock.START + LEASE))
            with transaction(write=False):
                lives = {process.owner: process.life for process in ways.processes()}
                assert {process.beat_at for process in ways.processes()} == {clock.START}
        assert lives.pop(owner) is Life.ALIVE
        assert lives.pop("elsewhere-7-abc") is Life.ELSEWHERE
        assert list(lives.values()) == [Life.DEAD]
        clock.tick(minutes=2)
        with transaction(write=False):
            assert {process.life for process in ways.processes()} == {Life.DEAD}


def test_it_is_noticed_that_nobody_sends(app: Any, clock: HeldClock) -> None:
    def is_idle() -> bool:
        with transaction(write=False):
            return ways.is_idle(ways.processes(), ways.ways())

    with app.app_context():
        owe(ANNA)
        assert not is_idle()
        clock.tick(seconds=16)
        assert is_idle()
        with transaction():
            delivery.hold("issue:1", "asked")
        assert not is_idle()
        with transaction():
            delivery.queue_one("confirm", MAIL, "neu@amt.example", group="confirm:1")
        clock.tick(seconds=16)
        assert is_idle()
        with transaction():
            session.add(Sender(owner="elsewhere-7-abc", lease_until=clock.START + timedelta(hours=1)))
        assert not is_idle()


def test_the_live_page_says_how_far_how_fast_and_what_hinders(app: Any, editor: Visitor, smtp: SmtpSink) -> None:
    smtp.refuse("550 5.1.1 unknown", address=ANNA[0])
    smtp.refuse("450 4.2.0 greylisted", address=CARLA[0])
    with app.app_context():
        owe(ANNA, BERND, CARLA)
        send_due()
        page = editor.get(LIVE)
    said = plain(page.text)
    assert "3 vorbereitet = 1 zugestellt + 1 fehlgeschlagen + 0 übersprungen + 0 ungewiss" in said
    assert "+ 1 offen, davon 1 aufgeschoben" in said
    assert "erledigt 66 %" in said.replace("\xa0", " ")
    assert "Der Mailserver bittet, es später noch einmal zu versuchen" in said
    assert "450 4.2.0 greylisted" in said
    assert "Gerade sendet niemand" in said
    assert page.headers["Cache-Control"] == "no-store"


def test_each_issue_leads_to_the_page_where_it_is_stopped(app: Any, editor: Visitor) -> None:
    with app.app_context():
        owe(ANNA, group="issue:7")
        with transaction():
            prepare(ANNA, group="elsewhere:7")
    link = '<a href="/redaktion/ausgaben/7">Neues aus Sachsen</a>'
    assert editor.get(LIVE).text.count(link) == 1
    assert editor.get("/redaktion/versand").text.count(link) == 2


def test_the_live_page_names_no_recipient(app: Any, editor: Visitor, smtp: SmtpSink) -> None:
    smtp.refuse(f"450 4.2.0 <{ANNA[0]}> greylisted", address=ANNA[0])
    with app.app_context():
        owe(ANNA, BERND)
        send_due()
        assert "amt.example" not in plain(editor.get(LIVE).text).lower()


def test_without_javascript_the_page_reloads_only_if_asked(app: Any, editor: Visitor) -> None:
    refresh = '<meta http-equiv="refresh" content="10">'
    assert refresh not in editor.get(LIVE).text
    again = editor.get(LIVE + "?neu-laden=1").text
    assert f"<noscript>{refresh}</noscript>" in again
    assert f'<a href="{LIVE}">Nicht mehr neu laden</a>' in again


def test_the_live_page_needs_as_many_queries_for_ten_issues_as_for_one(app: Any, editor: Visitor) -> None:
    counts = []
    for numbers in (range(1, 3), range(3, 11)):
        with app.app_context():
            unlock()
            for number in numbers:
                with transaction():
                    prepare(ANNA, BERND, group=f"issue:{number}")
        counts.append(count_queries(editor, LIVE))
    assert counts[0] == counts[1]


def test_a_doubt_of_ours_is_told_in_the_language_of_the_reader(app: Any, editor: Visitor) -> None:
    with app.app_context():
        owe(ANNA)
        with transaction():
            row = session.query(Delivery).one()
            row.state, row.settled_at = State.UNCERTAIN, row.queued_at
            row.reply_id = ways.records.words.number(None, ways.records.LOST)
    assert "Der Sendeprozess endete, bevor die Antwort" in editor.get("/redaktion/versand").text
    assert "The sending process ended before the answer" in editor.get("/redaktion/versand?lang=en").text


def test_the_ledger_in_figures_balances(app: Any, clock: HeldClock, smtp: SmtpSink) -> None:
    smtp.refuse("550 5.1.1 unknown", address=ANNA[0])
    with app.app_context():
        owe(ANNA, BERND, CARLA)
        with transaction():
            delivery.queue_one("confirm", replace(MAIL, subject="Bitte bestätigen"), "neu@amt.example", group="c:1")
        send_single()
        send_due()
        with transaction():
            session.query(Delivery).filter_by(address_key=BERND[0].lower()).one().state = State.BOUNCED
        with transaction(write=False):
            found = {one.kind: one for one in figures.outgoing()}
    assert found["issue"].states == {State.ACCEPTED: 2, State.FAILED: 1}
    assert found["confirm"].states == {State.ACCEPTED: 1}
    assert [sum(one.states.values()) == one.prepared for one in found.values()] == [True, True]
