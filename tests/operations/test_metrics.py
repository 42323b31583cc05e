"""Figures for Prometheus: who may ask, what they say, and what they never say."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families

from app import delivery
from app.delivery.pump import send_due
from app.kernel.config import SettingsError
from app.kernel.db import transaction
from tests.delivery.mails import ANNA, BERND, CARLA, MAIL, owe
from tests.newsletter import story
from tests.support import house
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink

TOKEN = "a-token-for-tests-only"


def figures(app: Any) -> dict[tuple[str, ...], float]:
    """All figures, each by its name and the values of its labels, in the order of their names."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200, answer.text
    return {
        (sample.name.removeprefix("rundbrief_"), *(sample.labels[key] for key in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def states(found: dict[tuple[str, ...], float], kind: str) -> dict[str, float]:
    return {key[2]: value for key, value in found.items() if key[:2] == ("deliveries", kind) and value}


def test_the_ledger_is_told_by_kind_state_and_way(app: Any, clock: HeldClock, smtp: SmtpSink) -> None:
    smtp.refuse("550 5.1.1 unknown", address=ANNA[0])
    smtp.refuse("452 4.2.2 full", address=CARLA[0])
    with app.app_context():
        owe(ANNA, BERND, CARLA)
        send_due()
        with transaction():
            delivery.queue_one("confirm", MAIL, "neu@amt.example", group="confirm:1")
    clock.tick(seconds=30)
    found = figures(app)
    assert states(found, "issue") == {"accepted": 1, "refused": 1, "deferred": 1}
    assert states(found, "confirm") == {"owed": 1}
    assert (found["deliveries_prepared", "issue", "smtp"], found["deliveries_prepared", "confirm", "smtp"]) == (3, 1)
    assert found["single_mail_oldest_waiting_seconds",] == 30
    assert (found["queue_idle_seconds", "single"], found["queue_idle_seconds", "issue"]) == (30, 0)
    assert (found["deliveries_deferred", "quota"], found["deliveries_deferred", "later"]) == (1, 0)
    assert found["suppressed_addresses", "bounce"] == 1
    assert [found["transport_state", state, "smtp"] for state in ("unused", "closed", "open", "half_open")] == [
        0,
        1,
        0,
        0,
    ]
    assert [found["senders", state] for state in ("alive", "elsewhere", "dead")] == [0, 0, 0]
    assert (found["sending_locked",], found["sender_last_beat_timestamp_seconds",]) == (0, 0)


def test_a_server_that_takes_nothing_is_seen(app: Any, clock: HeldClock, smtp: SmtpSink) -> None:
    smtp.refuse("421 4.3.2 closing for the night", at="mail")
    with app.app_context():
        owe(ANNA)
        send_due()
    found = figures(app)
    assert (found["transport_state", "open", "smtp"], found["transport_failures", "smtp"]) == (1, 1)
    assert found["transport_rests_until_timestamp_seconds", "smtp"] > clock.START.timestamp()
    assert found["transport_pace_ratio", "smtp"] < 1


def test_an_issue_that_should_have_begun_is_seen(saxony: Any, clock: HeldClock) -> None:
    with saxony.app_context():
        story.send_now(story.draft(story.found_newsletter()))
    clock.tick(minutes=5)
    found = figures(saxony)
    assert (found["issues", "scheduled"], found["issue_preparation_overdue_seconds",]) == (1, 300)


def test_the_ledger_is_not_counted_again_at_each_question(app: Any, clock: HeldClock) -> None:
    before = figures(app)
    with app.app_context():
        owe(ANNA)
    after = figures(app)
    assert states(after, "issue") == states(before, "issue") == {}
    assert after["ledger_counted_timestamp_seconds",] == clock.START.timestamp()


def test_the_figures_hold_no_address_and_no_words_of_a_mail(app: Any, clock: HeldClock, smtp: SmtpSink) -> None:
    smtp.refuse(f"450 4.2.0 <{ANNA[0]}> greylisted", address=ANNA[0])
    with app.app_context():
        owe(ANNA, BERND)
        send_due()
    said = app.test_client().get("/metrics").text
    assert "@" not in said
    assert [word for word in ("amt.example", "Anna", "Sachsen", "greylisted") if word in said] == []


def test_names_follow_the_rules_of_prometheus(app: Any) -> None:
    visitor = app.test_client()
    families = list(text_string_to_metric_families(visitor.get("/metrics").text))
    assert [one.name for one in families if not re.fullmatch(r"rundbrief_[a-z]+(_[a-z]+)*", one.name)] == []
    assert [one.name for one in families if not one.documentation] == []
    assert [one.name for one in families if one.name.endswith(("_total", "_count", "_sum", "_ms", "_minutes"))] == []
    answer = visitor.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert {one.name for one in open_metrics(answer.text)} == {one.name for one in families}
    assert answer.content_type.startswith("application/openmetrics-text")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_without_a_token_nobody_behind_a_proxy_gets_figures(app: Any, header: str) -> None:
    assert app.test_client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 403)])
def test_without_a_token_only_this_machine_gets_figures(app: Any, address: str, status: int) -> None:
    answer = app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert (b"rundbrief_deliveries" in answer.data) is (status == 200)
    assert answer.headers["Cache-Control"] == "no-store"


def test_with_a_token_only_who_brings_it_gets_figures(make_app: Callable[..., Any], database_url: str) -> None:
    visitor = make_app(database_url, METRICS_TOKEN=TOKEN).test_client()

    def ask(authorization: str, address: str = "192.0.2.7") -> int:
        headers = {"Authorization": authorization} if authorization else {}
        status: int = visitor.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code
        return status

    assert ask(f"Bearer {TOKEN}") == 200
    assert [ask(said) for said in ("", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ä")] == [401] * 5
    assert ask("", address="127.0.0.1") == 401
    refused = visitor.get("/metrics")
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="metrics"'


@pytest.mark.parametrize("token", ["short", "mit Leerzeichen und mehr", "ümläüte-und-noch-mehr"])
def test_a_weak_token_is_a_mistake_in_the_settings(token: str, tmp_path: Any) -> None:
    with pytest.raises(SettingsError, match="METRICS_TOKEN: Write at least 16 random letters and digits"):
        house.settings("sqlite:///x", "smtp://127.0.0.1:9", tmp_path, METRICS_TOKEN=token)


@pytest.mark.parametrize("accepted", ["application/openmetrics-text; version=abc", 'text/plain; version="', ";;,="])
def test_who_asks_for_a_format_that_there_is_not_gets_the_usual_one(app: Any, accepted: str) -> None:
    answer = app.test_client().get("/metrics", headers={"Accept": accepted})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
