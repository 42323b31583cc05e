"""A scanner that is a real browser: it opens every link of every mail, runs the scripts, stays, and changes nothing."""

from typing import Any

import pytest

from app.kernel.db import db
from tests.journeys.everything import PROMISED, WAITING, links, whole_story
from tests.subscriptions.story import OZG, states
from tests.support import live
from tests.support.dump import differences, dump
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink

STAYS_MS = 2500


@pytest.fixture
def mailed(site: live.LiveSite, smtp: SmtpSink, clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The links of all mails of the whole story, as they were received."""
    from tests.support.client import Visitor

    site.app.test_client_class = Visitor
    monkeypatch.setattr("tests.subscriptions.story.PUBLIC_URL", site.url)
    whole_story(site.app, clock)
    return {path for mail in smtp.received for path in links(mail, site.url)}


def test_a_browser_that_opens_every_link_and_stays_changes_nothing(
    site: live.LiveSite, mailed: set[str], tab: Any
) -> None:
    assert [begin for begin in PROMISED if not any(path.startswith(begin) for path in mailed)] == []
    before = _rows(site.app)
    first = tab()
    pages = [first, *(first.context.new_page() for _ in range(len(mailed) - 1))]
    for page, path in zip(pages, sorted(mailed), strict=True):
        page.goto(site.url + path, wait_until="load")
    first.wait_for_timeout(STAYS_MS)
    for page in pages:
        page.reload(wait_until="load")
        page.mouse.move(200, 200)
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    first.wait_for_timeout(STAYS_MS)
    assert differences(before, _rows(site.app)) == []

    [link] = [path for path in mailed if "/bestaetigen/" in path and _is_waiting(site, path)]
    human = tab()
    human.goto(site.url + link)
    human.get_by_role("button", name="Anmeldung bestätigen").click()
    human.get_by_role("heading", name="Ihre Anmeldung ist bestätigt").wait_for()
    assert states(site.app, WAITING) == {OZG: "active"}


def _is_waiting(site: live.LiveSite, path: str) -> bool:
    return "Anmeldung bestätigen</button>" in str(site.app.test_client().get(path).text)


def _rows(app: Any) -> dict[str, Any]:
    with app.app_context():
        return dump(db.engine)
