"""Opening a link in a mail changes nothing, whoever opens it: people, previews, virus scanners."""

from typing import Any

from app.kernel.db import db
from tests.architecture.routes import side_effects
from tests.journeys.everything import ANNA, KINDS, PROMISED, kind, links, whole_story, work
from tests.subscriptions import story as people
from tests.support.dump import differences, dump
from tests.support.house import PUBLIC_URL, HeldClock
from tests.support.smtp import SmtpSink


def test_get_and_head_on_every_link_of_every_mail_that_was_sent_change_no_row(
    saxony: Any, smtp: SmtpSink, clock: HeldClock
) -> None:
    whole_story(saxony, clock)
    assert {kind(mail) for mail in smtp.received} == KINDS
    paths = {path for mail in smtp.received for path in links(mail, PUBLIC_URL)}
    assert [begin for begin in PROMISED if not any(path.startswith(begin) for path in paths)] == []
    clock.tick(minutes=1)
    assert side_effects(saxony, paths) == []


def test_a_post_on_the_same_links_does_change_rows(saxony: Any, smtp: SmtpSink, clock: HeldClock) -> None:
    people.found_newsletters(saxony)
    people.sign_up(saxony.test_client(), clock, ANNA)
    work(saxony)
    [link] = [path for path in links(smtp.to(ANNA)[0], PUBLIC_URL) if "/bestaetigen/" in path]
    before = _dump(saxony)
    assert saxony.test_client().submit(link).status_code == 303
    assert any(line.startswith("subscriptions ") for line in differences(before, _dump(saxony)))


def _dump(app: Any) -> dict[str, Any]:
    with app.app_context():
        return dump(db.engine)
