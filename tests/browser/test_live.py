"""The desk's view of a running sending renews itself in a real browser, and stops when it is told to."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.axe import grave_findings
from tests.delivery.mails import ANNA, BERND, CARLA, owe
from tests.support.live import LiveSite
from tests.support.smtp import SmtpSink
from tests.support.team import PASSWORD, create_person

PERSON = "redaktion@rundbrief.example"
LIVE = "/redaktion/versand/live"
SUM = ".rb-sum"
NOTHING_YET = "3 vorbereitet = 0 zugestellt + 0 fehlgeschlagen + 0 übersprungen + 0 ungewiss + 3 offen"
ALL_BUT_ONE = (
    "3 vorbereitet = 2 zugestellt + 0 fehlgeschlagen + 0 übersprungen + 0 ungewiss + 1 offen, davon 1 aufgeschoben"
)


@pytest.fixture
def sending(site: LiveSite, smtp: SmtpSink) -> Callable[[], None]:
    """An issue that is owed to three people; called, it leaves, and one of them has to wait."""
    from app.delivery.pump import send_due

    smtp.refuse("450 4.2.0 greylisted", address=CARLA[0])
    create_person(site.app, PERSON, ("editor",))
    with site.app.app_context():
        owe(ANNA, BERND, CARLA)

    def send() -> None:
        with site.app.app_context():
            assert send_due() == 3

    return send


def opened(page: Any, site: LiveSite, path: str = LIVE) -> Any:
    """The page, with a clock that the test moves."""
    page.goto(site.url + "/redaktion/anmelden")
    page.fill("[name=email]", PERSON)
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.clock.install()
    page.goto(site.url + path)
    page.locator(".rb-live__button").wait_for()
    return page


def summed(page: Any) -> str:
    return " ".join(page.locator(SUM).first.inner_text().split())


def renewed(page: Any) -> None:
    """Five seconds pass, and the answer is there."""
    with page.expect_response(lambda answer: answer.url.endswith(LIVE)):
        page.clock.run_for(5_000)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")


def test_the_view_renews_itself_and_leaves_focus_and_scrolling_alone(
    site: LiveSite, page: Any, sending: Callable[[], None]
) -> None:
    opened(page, site)
    assert summed(page) == NOTHING_YET
    page.locator(".rb-live__button").focus()
    page.evaluate("window.marked = document.querySelector('.rb-sum')")
    sending()
    renewed(page)
    page.wait_for_function("document.querySelector('.rb-sum').innerText.includes('2 zugestellt')")
    assert summed(page) == ALL_BUT_ONE
    assert page.evaluate("window.marked === document.querySelector('.rb-sum')")  # changed, not replaced
    assert page.evaluate("document.activeElement.textContent") == "Aktualisierung anhalten"
    assert page.locator("#deferrals").inner_text() == "Aufgeschoben"
    assert grave_findings(page) == []


def test_the_view_stops_when_it_is_told_to_and_goes_on_again(
    site: LiveSite, page: Any, sending: Callable[[], None]
) -> None:
    opened(page, site)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Aktualisierung anhalten").click()
    sending()
    page.clock.run_for(60_000)
    assert (asked, summed(page)) == ([], NOTHING_YET)
    page.get_by_role("button", name="Weiter aktualisieren").click()
    renewed(page)
    page.wait_for_function("document.querySelector('.rb-sum').innerText.includes('2 zugestellt')")


def test_the_view_says_that_it_cannot_reach_the_server_and_that_it_has_ended(
    site: LiveSite, page: Any, sending: Callable[[], None]
) -> None:
    opened(page, site)
    page.route("**" + LIVE, lambda route: route.fulfill(status=429))
    renewed(page)
    note = page.locator(".rb-live__note")
    note.filter(has_text="Gerade ist keine Verbindung zum Server da").wait_for()
    page.unroute("**" + LIVE)
    renewed(page)
    page.wait_for_function("!document.querySelector('.rb-live__note').textContent")
    page.context.clear_cookies()
    page.clock.run_for(5_000)
    note.filter(has_text="Diese Ansicht wird nicht mehr aktualisiert").wait_for()
    assert page.locator(".rb-live__button").count() == 0


def test_only_a_change_of_state_is_read_out(site: LiveSite, page: Any, sending: Callable[[], None]) -> None:
    opened(page, site)
    page.evaluate(
        "window.spoken = []; new MutationObserver(() => spoken.push(1)).observe("
        "document.querySelector('.rb-live [role=status]'), {subtree: true, childList: true, characterData: true})"
    )
    for _ in range(3):
        renewed(page)
    assert page.evaluate("spoken.length") == 0
    sending()
    renewed(page)
    page.wait_for_function("spoken.length === 1")
    assert (
        page.locator(".rb-live [role=status]").inner_text().strip()
        == "Neues aus Sachsen: mehr als die Hälfte erledigt."
    )


def test_without_javascript_the_page_is_whole_and_reloads_if_asked(
    site: LiveSite, tab: Callable[..., Any], sending: Callable[[], None]
) -> None:
    page = tab(width=320, java_script_enabled=False)
    page.goto(site.url + "/redaktion/anmelden")
    page.fill("[name=email]", PERSON)
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.goto(site.url + "/redaktion/versand")
    page.get_by_role("link", name="Zur Ansicht, die sich selbst aktualisiert").click()
    assert summed(page) == NOTHING_YET
    assert page.locator(".rb-live__button").count() == 0
    page.get_by_role("link", name="Diese Seite alle 10 Sekunden neu laden").click()
    assert page.locator("noscript meta[http-equiv=refresh]").get_attribute("content") == "10"
    page.get_by_role("link", name="Nicht mehr neu laden").click()
    assert page.locator("meta[http-equiv=refresh]").count() == 0
