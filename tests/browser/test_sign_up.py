"""Signing up in a real browser: every page of it fits, is accessible, and says what to do; places are found."""

import re
from typing import Any

import pytest

from app import delivery
from tests.browser.axe import grave_findings
from tests.browser.test_look import sticks_out
from tests.subscriptions import story
from tests.support import live

VIEWS = [(1280, False), (320, True)]


@pytest.fixture(autouse=True)
def _newsletters(site: live.LiveSite) -> None:
    story.found_newsletters(site.app)


@pytest.mark.parametrize(("width", "dark"), VIEWS)
def test_every_page_of_signing_up_is_accessible_and_fits(width: int, dark: bool, site: live.LiveSite, tab: Any) -> None:
    page = tab(width=width, dark=dark)
    found: list[str] = []

    def look(what: str) -> None:
        found.extend(grave_findings(page))
        if sticks_out(page):
            found.append(f"{what} sticks out by {sticks_out(page)} px")

    page.goto(site.url + story.SIGN_UP)
    look("the form")
    page.get_by_role("button", name="Newsletter abonnieren").click()
    for summary in page.locator("details.rb-disclosure > summary").all():
        summary.click()
    _add(page, "goerlitz")
    _add(page, "Verwaltungsverband Eilenburg-West (Landkreis Nordsachsen)")
    look("the form with errors, all open")
    page.get_by_label("E-Mail-Adresse").fill("klara@gmial.com")
    page.get_by_label("OZG-Newsletter").check()
    page.get_by_role("button", name="Newsletter abonnieren").click()
    look("the question")
    page.get_by_role("button", name="Ja, diese Adresse meine ich").click()
    look("what to do next")
    assert story.answer_sign_ups(site.app) == 1
    with site.app.app_context():
        [mail] = delivery.of_address("klara@gmail.com")
        link = re.search(r"http\S+/bestaetigen/\S+", mail.message.text)
    assert link is not None
    page.goto(link[0])
    look("the page that confirms")
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    page.get_by_role("heading", name="Ihre Anmeldung ist bestätigt").wait_for()
    look("confirmed")
    assert found == []


def test_places_are_found_added_and_removed_without_a_mouse(site: live.LiveSite, page: Any) -> None:
    page.goto(site.url + story.SIGN_UP)
    page.locator("details.rb-disclosure > summary").first.click()
    search = page.get_by_label("Städte, Gemeinden und Verwaltungsverbände")
    chosen = page.locator(".rb-picker__place")
    for typed in ("Budysin", "görlitz", "Bernsdorf", "Hamburg"):
        search.fill(typed)
        search.press("Enter")
    assert chosen.all_inner_texts() == ["Bautzen/Budyšin (Landkreis Bautzen)\n×", "Görlitz (Landkreis Görlitz)\n×"]
    assert "Diesen Ort kennen wir nicht." in page.locator(".rb-picker__said").inner_text()
    page.get_by_role("button", name="Görlitz (Landkreis Görlitz) entfernen").press("Enter")
    assert page.locator("#places").evaluate("it => [...it.selectedOptions].map(one => one.value)") == ["14625020"]
    assert page.evaluate("document.activeElement.type") == "search"


def _add(page: Any, typed: str) -> None:
    page.locator("place-picker input[type=search]").fill(typed)
    if page.locator("place-picker input[type=search]").input_value():
        page.get_by_role("button", name="Hinzufügen").click()
