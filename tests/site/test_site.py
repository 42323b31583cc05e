"""The public front: what everybody may read, and the one thing they can set off."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.support import house

PAGES = {
    "/": "Was die Kommunen jetzt wissen sollten.",
    "/impressum": "Impressum",
    "/datenschutz": "Datenschutz",
    "/barrierefreiheit": "Erklärung zur Barrierefreiheit",
    "/barriere-melden": "Barriere melden",
    "/leichte-sprache": "Leichte Sprache",
    "/suche": "Suche",
}


def h1_of(page: str) -> str:
    return page.split("<h1>", 1)[1].split("</h1>", 1)[0].strip()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_its_one_heading(path: str, saxony: Any, client: Any) -> None:
    answer = client.get(path)
    assert (answer.status_code, h1_of(answer.text), answer.text.count("<h1>")) == (200, PAGES[path], 1)


@pytest.mark.parametrize("path", PAGES)
def test_each_page_also_stands_before_anything_is_set_up(path: str, app: Any, client: Any) -> None:
    assert (client.get(path).status_code, h1_of(client.get(path).text)) == (200, PAGES[path])


@pytest.mark.parametrize("path", PAGES)
def test_each_page_speaks_english_to_those_who_ask(path: str, saxony: Any, client: Any) -> None:
    page = client.get(f"{path}?lang=en").text
    assert page.split("<html ", 1)[1].split(">", 1)[0] == 'lang="en" dir="ltr"'
    assert "Skip to content" in page


def test_no_page_brings_styles_or_scripts_of_its_own(saxony: Any, client: Any) -> None:
    pages = [client.get(path).text for path in PAGES]
    assert [page for page in pages if " style=" in page or "<style" in page or "<script>" in page] == []


def test_the_imprint_says_who_is_responsible(saxony: Any, client: Any) -> None:
    page = client.get("/impressum").text
    asked = [house.IDENTITY[name] for name in ("publisher", "publisher_address", "responsible", "contact_email")]
    assert [value for value in asked if value not in page] == []


def test_the_privacy_page_lists_every_kind_of_data_that_features_name(saxony: Any, client: Any) -> None:
    from app import wiring

    page = client.get("/datenschutz").text
    shown = [kind for kind in wiring.PERSONAL_DATA if str(kind.what) in page and str(kind.period.sentence) in page]
    assert shown == [kind for kind in wiring.PERSONAL_DATA if not kind.demo_only]


def test_a_reported_barrier_reaches_the_team_by_mail(saxony: Any, client: Any, smtp: Any) -> None:
    answer = client.submit(
        "/barriere-melden",
        {"where": "/termine", "what": "Der Filter ist nicht zu erreichen.", "address": "cora@gemeinde.example"},
        has="what",
    )
    assert (answer.status_code, answer.location) == (303, "/barriere-melden/danke")
    house.work(saxony)
    [mail] = smtp.to("redaktion@rundbrief.example")
    assert "Der Filter ist nicht zu erreichen." in mail.body()
    reference = client.get("/barriere-melden/danke").text.split("Kennung ", 1)[1].split(".", 1)[0]
    assert mail.subject == f"Barriere gemeldet ({reference})"


def test_a_report_without_words_is_refused_at_its_field_and_keeps_what_was_said(saxony: Any, client: Any) -> None:
    answer = client.submit("/barriere-melden", {"where": "/termine", "what": "", "address": "cora@"}, has="what")
    assert answer.status_code == 422
    assert answer.text.count('aria-describedby="what-hint what-error"') == 1
    assert answer.text.count("Bitte beschreiben Sie kurz, was nicht funktioniert.") == 2
    assert 'value="/termine"' in answer.text
    assert 'value="cora@"' in answer.text


def test_nobody_can_report_to_an_installation_without_a_contact_address(app: Any, client: Any) -> None:
    answer = client.submit("/barriere-melden", {"what": "Etwas"}, has="what")
    assert (answer.status_code, h1_of(answer.text)) == (409, "Das hat sich inzwischen geändert")


def test_the_search_asks_for_two_characters(saxony: Any, client: Any) -> None:
    assert "mindestens zwei Zeichen" in client.get("/suche?q=a").text


def test_the_search_says_when_it_finds_nothing(saxony: Any, client: Any) -> None:
    assert "Nichts gefunden" in client.get("/suche?q=xyzxyz").text


def test_what_is_searched_is_shown_as_words_never_as_markup(saxony: Any, client: Any) -> None:
    page = client.get("/suche?q=<b>x</b>").text
    assert "<b>x" not in page


def test_the_sitemap_names_every_page_with_its_whole_address(saxony: Any, client: Any) -> None:
    root = ET.fromstring(client.get("/sitemap.xml").data)
    found = [str(element.text) for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert found[:2] == ["http://rundbrief.example/", "http://rundbrief.example/meldungen"]
    answers = [client.get(address.removeprefix("http://rundbrief.example")).status_code for address in found]
    assert answers == [200] * len(found)


def test_search_engines_stay_out_of_the_desk(saxony: Any, client: Any) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert (lines[0], lines[1], lines[-1]) == (
        "User-agent: *",
        "Disallow: /redaktion/",
        "Sitemap: http://rundbrief.example/sitemap.xml",
    )


def test_security_txt_names_a_contact_and_does_not_expire_soon(saxony: Any, client: Any, clock: Any) -> None:
    expires = clock.START.replace(hour=0) + timedelta(days=180)
    assert client.get("/.well-known/security.txt").text.splitlines() == [
        "Contact: mailto:redaktion@rundbrief.example",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        "Canonical: http://rundbrief.example/.well-known/security.txt",
    ]


def test_security_txt_is_not_there_before_a_contact_is_known(app: Any, client: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


def test_an_unknown_address_leads_back(saxony: Any, client: Any) -> None:
    answer = client.get("/gibt-es-nicht")
    assert (answer.status_code, h1_of(answer.text)) == (404, "Seite nicht gefunden")
    assert 'href="/suche"' in answer.text
