"""Everything that matters can be done without a mouse (WCAG 2.1.1, 2.1.2, 2.4.7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.browser import demo
from tests.browser.keyboard import Keyboard
from tests.subscriptions.story import answer_sign_ups
from tests.support.live import LiveSite


@pytest.fixture
def furniture() -> tuple[str, Callable[[str], None]]:
    """The demo, with one of everything."""
    return "demo", demo.build


def test_signing_up_needs_no_mouse(site: LiveSite, page: Any) -> None:
    keyboard = Keyboard(page)
    page.goto(site.url)
    keyboard.press("Newsletter abonnieren")
    keyboard.choose("OZG-Newsletter")
    keyboard.write("E-Mail-Adresse", "tastatur@kommune.example")
    page.wait_for_timeout(2_100)  # a person types; who is faster is asked once more
    keyboard.press("Newsletter abonnieren")
    assert page.url == site.url + "/newsletter/anmelden/gesendet"
    answer_sign_ups(site.app)
    assert _mails_to(site, "tastatur@kommune.example") == 1


def test_an_issue_is_submitted_approved_and_scheduled_without_a_mouse(site: LiveSite, tab: Callable[..., Any]) -> None:
    from app.kernel import clock

    editor = Keyboard(tab())
    _sign_in(editor, site, "redaktion@rundbrief.example", "demo-redaktion")
    editor.page.goto(site.url + "/redaktion/ausgaben")
    editor.press("Was im Dezember ansteht")
    editor.press("Zur Freigabe vorlegen")
    approver = Keyboard(tab())
    _sign_in(approver, site, "freigabe@rundbrief.example", "demo-freigabe-2")
    approver.page.goto(site.url + "/redaktion/ausgaben")
    approver.press("Was im Dezember ansteht")
    approver.press("Freigeben")
    editor.page.reload()
    tomorrow = clock.local(clock.now()) + timedelta(days=1)
    editor.write("Tag", f"{tomorrow:%m%d%Y}")  # in the order of this browser's own language
    editor.write("Uhrzeit", "1000AM")
    editor.press("Terminieren")
    assert _states_of_issues(site) == {"Was im Dezember ansteht": "scheduled", "Was im Januar ansteht": "submitted"}


def _sign_in(keyboard: Keyboard, site: LiveSite, email: str, password: str) -> None:
    keyboard.page.goto(site.url + "/redaktion/anmelden")
    keyboard.write("E-Mail-Adresse", email)
    keyboard.write("Passwort", password)
    keyboard.press("Anmelden")
    keyboard.page.wait_for_url("**/redaktion/")


def _mails_to(site: LiveSite, address: str) -> int:
    from app import delivery

    with site.app.app_context():
        return len(delivery.of_address(address))


def _states_of_issues(site: LiveSite) -> dict[str, str]:
    from app import newsletter

    with site.app.app_context():
        return {issue.title: issue.state for issue in newsletter.desk_list()}
