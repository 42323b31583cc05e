"""The face of the house in a real browser: nothing sticks out, nothing grave for axe, the editor does what it says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.axe import grave_findings
from tests.support import house, live
from tests.support.smtp import SmtpSink

PAGES = ("/", "/impressum", "/datenschutz", "/barrierefreiheit", "/barriere-melden", "/leichte-sprache", "/suche?q=Amt")
VIEWS = [(1280, False), (320, True)]
WORD = """<html><head><style>p.MsoNormal{color:red}</style></head><body>
<p class=MsoNormal style="margin:0"><b><span style='color:#C00000'>Aus Word<o:p></o:p></span></b></p><h1>Groß</h1>
<p class=MsoListParagraph style='mso-list:l0'><!--[if !supportLists]--><span>·</span><!--[endif]-->eins</p>
<p class=MsoListParagraph style='mso-list:l0'><!--[if !supportLists]--><span>·</span><!--[endif]-->zwei</p>
<script>alert(1)</script></body></html>"""


@pytest.fixture
def workshop(databases_of: Callable[[str], Any], smtp: SmtpSink, tmp_path: Path) -> Iterator[live.LiveSite]:
    """A demo instance, which has the page of all components."""
    from app.factory import create_app
    from app.kernel import config

    port = live.free_port()
    url = databases_of("sqlite").fresh("saxony", house.build_saxony)
    environ = {"DEMO": "1", "PORT": str(port), "DATABASE_URL": url, "INSTANCE_PATH": str(tmp_path / "demo")}
    app = create_app(config.read(environ))
    running = live.RunningSite(app, port)
    yield running.site
    running.stop()
    house.close(app)
    databases_of("sqlite").drop(url)


def sticks_out(page: Any) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "dark"), VIEWS)
def test_public_pages_are_accessible_and_fit(width: int, dark: bool, site: live.LiveSite, tab: Any) -> None:
    page = tab(width=width, dark=dark)
    found = []
    for path in PAGES:
        page.goto(site.url + path)
        found += grave_findings(page)
        found += [f"{path} sticks out by {sticks_out(page)} px"] if sticks_out(page) else []
    assert found == []


@pytest.mark.parametrize(("width", "dark"), VIEWS)
def test_all_components_are_accessible_and_fit(width: int, dark: bool, workshop: live.LiveSite, tab: Any) -> None:
    page = tab(width=width, dark=dark)
    page.goto(workshop.url + "/dev/components")
    page.locator("[role=toolbar]").wait_for()
    assert (grave_findings(page), sticks_out(page)) == ([], 0)


def test_a_refused_form_leads_to_what_is_to_be_corrected(site: live.LiveSite, page: Any) -> None:
    page.goto(site.url + "/barriere-melden")
    page.get_by_role("button", name="Meldung absenden").click()
    summary = page.locator(".rb-error-summary")
    assert summary.evaluate("it => it === document.activeElement")
    summary.get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "what"


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(site: live.LiveSite, page: Any) -> None:
    page.goto(site.url + "/impressum")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_menu_opens_without_a_script(site: live.LiveSite, tab: Any) -> None:
    page = tab(width=320, java_script_enabled=False)
    page.goto(site.url + "/impressum")
    page.locator("summary").first.click()
    assert page.get_by_role("link", name="Termine").first.is_visible()


def test_what_comes_from_word_arrives_as_meaning(workshop: live.LiveSite, page: Any) -> None:
    page.goto(workshop.url + "/dev/components")
    editor = page.locator(".ProseMirror").first
    editor.click()
    page.keyboard.press("Control+a")
    page.evaluate(
        """html => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.querySelector(".ProseMirror").dispatchEvent(paste);
        }""",
        WORD,
    )
    assert editor.inner_html() == (
        "<p><strong>Aus Word</strong></p><h2>Groß</h2><ul><li><p>eins</p></li><li><p>zwei</p></li></ul>"
    )


def test_what_is_written_in_the_editor_is_what_is_sent(workshop: live.LiveSite, page: Any) -> None:
    page.goto(workshop.url + "/dev/components")
    page.locator(".ProseMirror").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Neu")
    assert page.locator("input[name=body_json]").input_value() == (
        '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"Neu"}]}]}'
    )


def test_the_toolbar_is_one_stop_and_arrows_move_inside(workshop: live.LiveSite, page: Any) -> None:
    page.goto(workshop.url + "/dev/components")
    buttons = page.locator("[role=toolbar]").first.get_by_role("button")
    buttons.first.focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Wiederholen"
    assert [button.get_attribute("tabindex") for button in buttons.all()] == ["-1"] * 9 + ["0"]
