"""Who wants text only gets text only; who takes a pause gets nothing until it is over."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from app import delivery, newsletter, subscriptions
from app.kernel.db import session, transaction
from app.subscriptions import Format, Subscription
from app.taxonomy import Scope
from tests.newsletter import story
from tests.newsletter.story import ANNA, BERND, CARLA
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink


@pytest.fixture
def list_id(saxony: Any, clock: HeldClock) -> Iterator[int]:
    with saxony.app_context():
        yield story.found_newsletter()


def _set(subscription_id: int, **values: Any) -> None:
    with transaction():
        taken = session.get_one(Subscription, subscription_id)
        for name, value in values.items():
            setattr(taken if name in ("regions", "topics") else taken.subscriber, name, value)


def test_an_issue_goes_out_in_two_forms_and_the_equation_counts_both(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    story.add_reader(list_id, ANNA)
    _set(story.add_reader(list_id, BERND, "Bernd Muster"), format="text")
    issue_id = story.draft(list_id)
    story.send_now(issue_id)
    story.work(saxony)
    [rich], [plain] = smtp.to(ANNA), smtp.to(BERND)
    assert [part.get_content_type() for part in rich.message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert [part.get_content_type() for part in plain.message.walk()] == ["text/plain"]
    assert "Guten Tag Bernd Muster,\n\ndie Redaktion grüßt alle." in plain.body()
    assert "%%" not in plain.body()
    assert plain.raw_header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    done = delivery.progress(f"issue:{issue_id}")
    assert (done.prepared, done.accepted, done.balances, done.finished) == (2, 2, True, True)
    assert story.state_of(issue_id) == ("sent", "")


def test_a_form_that_nobody_reads_is_not_made(saxony: Any, list_id: int) -> None:
    _set(story.add_reader(list_id, ANNA), format="text")
    issue_id = story.draft(list_id)
    story.send_now(issue_id)
    with transaction():
        assert newsletter.start(issue_id)
    messages = session.query(delivery.Message).filter(delivery.Message.kind == "issue").all()
    assert [bool(message.html) for message in messages] == [False]


@pytest.mark.parametrize(
    ("until", "count"), [(None, 1), (date(2026, 11, 23), 1), (date(2026, 11, 24), 1), (date(2026, 11, 25), 0)]
)
def test_a_pause_ends_by_itself_with_its_day(list_id: int, until: date | None, count: int) -> None:
    _set(story.add_reader(list_id, ANNA), paused_until=until)
    assert subscriptions.count_audience(list_id) == count


def test_what_belongs_to_whom_is_what_the_taxonomy_says(list_id: int) -> None:
    wants = {ANNA: ([], []), BERND: (["14625"], []), CARLA: (["14625"], ["amt24"])}
    ids = {address: story.add_reader(list_id, address) for address in wants}
    for address, (regions, topics) in wants.items():
        _set(ids[address], regions=regions, topics=topics)
    offers = {
        Scope(): [ANNA, BERND, CARLA],
        Scope.of(["14625250"]): [ANNA, BERND, CARLA],
        Scope.of(["14"], ["umwelt"]): [ANNA, BERND],
        Scope.of(["14523"]): [ANNA],
    }
    for offered, expected in offers.items():
        found = [
            row.address
            for question in subscriptions.audiences_that_match(list_id, offered)
            for row in session.execute(question)
        ]
        assert sorted(found) == expected, offered
    only_text = subscriptions.Part(format=Format.TEXT)
    assert list(subscriptions.audiences_that_match(list_id, Scope(), only_text)) == []
