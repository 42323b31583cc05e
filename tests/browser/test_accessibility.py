"""No page has a serious or critical finding of axe, in light and dark, narrow and wide (WCAG 2.2 AA, BITV 2.0)."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import demo, pages
from tests.browser.axe import grave_findings
from tests.support import team
from tests.support.live import LiveSite


@pytest.fixture
def furniture() -> tuple[str, Callable[[str], None]]:
    """The demo, with one of everything."""
    return "demo", demo.build


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_has_a_grave_barrier(site: LiveSite, tab: Callable[..., Any], width: int, dark: bool) -> None:
    page = tab(width=width, dark=dark)
    _sign_in(page, site)
    findings: list[str] = []
    looked_at = 0
    for path in pages.addresses(site.app, demo.examples(site.app)):
        answer = page.request.get(site.url + path)
        if "text/html" not in answer.headers["content-type"]:
            continue
        if "sandbox" in answer.headers["content-security-policy"]:
            page.goto("about:blank")  # axe cannot run where scripts cannot
            page.set_content(answer.text())
        else:
            page.goto(site.url + path)
        looked_at += 1
        findings += grave_findings(page)
        findings += _sticking_out(page)
    assert findings == []
    assert looked_at >= 50


def test_the_pages_with_errors_have_no_grave_barrier(site: LiveSite, page: Any) -> None:
    findings: list[str] = []
    for path in ("/newsletter/anmelden", "/redaktion/anmelden", "/barriere-melden"):
        page.goto(site.url + path)
        page.evaluate("document.querySelector('main form[method=post]').noValidate = true")
        page.locator("main form[method=post] button[type=submit]").last.click()
        assert page.locator("[aria-invalid=true]").count() > 0, path
        findings += grave_findings(page)
    assert findings == []


def test_a_barrier_is_found(site: LiveSite, page: Any) -> None:
    page.goto(site.url + "/impressum")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/static/images/mark.svg>')")
    assert [line for line in grave_findings(page) if "image-alt" in line] != []


def _sign_in(page: Any, site: LiveSite) -> None:
    page.goto(site.url + "/redaktion/anmelden")
    page.get_by_label("E-Mail-Adresse").fill(demo.ALL_ROLES)
    page.get_by_label("Passwort").fill(team.PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/redaktion/")


def _sticking_out(page: Any) -> list[str]:
    """Pages that scroll sideways (WCAG 1.4.10)."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url} is {wider} px wider than the window"] if wider > 0 else []
