"""How many get how far: figures that say nothing about anybody."""

from datetime import date
from typing import Any

import pytest

from app import delivery
from app.kernel.db import session, transaction
from app.subscriptions import SignUp, services
from app.subscriptions.funnel import Funnel, funnel
from app.subscriptions.models import FunnelDay
from tests.subscriptions.story import OZG, SAKD, found_newsletters, link_in, mails_to, sign_up, subscribe
from tests.support import team
from tests.support.client import Visitor
from tests.support.house import HeldClock

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _newsletters(saxony: Any, clock: HeldClock) -> None:
    found_newsletters(saxony)


def _link(app: Any, client: Visitor, clock: HeldClock, address: str, **values: Any) -> str:
    sign_up(client, clock, address, **values)
    return link_in(mails_to(app, address)[-1][1], "bestaetigen")


def test_the_funnel_counts_what_people_do_and_how_long_it_took(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    links = [_link(saxony, client, clock, f"person{number}@stadt.example") for number in range(5)]
    for link, wait in zip(links, ({"minutes": 5}, {"minutes": 40}, {"hours": 20}, {"hours": 30}), strict=False):
        clock.tick(**wait)
        client.get(link)
        client.submit(link)
        client.get(link)
    with saxony.app_context():
        ozg, sakd = funnel(TODAY)
    assert ozg == Funnel("OZG-Newsletter", 5, 5, 4, in_minutes=1, in_an_hour=1, in_a_day=1, later=1)
    assert (ozg.share, sakd, sakd.share) == (80, Funnel("SAKD-aktuell"), None)


def test_who_gets_no_link_is_counted_as_asked_only(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    with saxony.app_context(), transaction():
        delivery.suppress("gesperrt@stadt.example", "complaint")
    sign_up(client, clock, "gesperrt@stadt.example")
    subscribe(saxony, client, clock, "aktiv@stadt.example", newsletters=[OZG, SAKD])
    sign_up(client, clock, "aktiv@stadt.example")
    with saxony.app_context():
        ozg, sakd = funnel(TODAY)
    assert (ozg.requested, ozg.mailed, ozg.confirmed) == (3, 1, 1)
    assert (sakd.requested, sakd.mailed, sakd.confirmed) == (1, 1, 1)


def test_days_of_the_publisher_count_and_old_ones_are_left_out(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    clock.tick(hours=14, minutes=30)  # 23:30 UTC is 0:30 in Berlin
    sign_up(client, clock, "spaet@stadt.example")
    with saxony.app_context():
        assert [row.day for row in session.query(FunnelDay)] == [date(2026, 11, 25)]
        assert [line.requested for line in funnel(date(2026, 11, 25))] == [1, 0]
        assert [line.requested for line in funnel(date(2026, 11, 26))] == [0, 0]


def test_the_table_holds_figures_only(saxony: Any) -> None:
    assert {column.name for column in FunnelDay.__table__.columns} == {
        "day",
        "newsletter_id",
        "requested",
        "mailed",
        "confirmed",
        "in_minutes",
        "in_an_hour",
        "in_a_day",
        "later",
    }


def test_the_desk_shows_the_funnel_and_who_waits(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, "klara@stadt.example")
    editor = team.signed_in(saxony, "editor")
    calm = editor.get("/redaktion/abonnements/anmeldungen")
    assert (calm.status_code, "100 %" in calm.text, "Anmeldung wartet" in calm.text) == (200, True, False)
    with saxony.app_context(), transaction():
        services.take(SignUp("berta@stadt.example", (OZG,)), "Text")
    clock.tick(minutes=2)
    assert "1 Anmeldung wartet" in editor.get("/redaktion/abonnements/anmeldungen").text
