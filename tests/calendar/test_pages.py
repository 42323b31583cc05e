import html
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.events.telling import say, workshop

FEED = "rundbrief.example/termine/kreis/14625.ics"


@pytest.fixture
def inside(saxony: Any, clock: Any) -> Iterator[None]:
    with saxony.app_context():
        yield


def links(page: str) -> list[str]:
    return [html.unescape(address) for address in re.findall(r'href="([^"]+)"', page)]


def test_a_choice_becomes_the_address_of_a_feed_in_every_form_that_programs_take(inside: None, client: Any) -> None:
    say()
    page = client.get("/termine/abonnieren?kreis=14625&gemeinde=&thema=&art=").text
    assert re.findall(r'id="feed"[^>]*value="([^"]+)"', page) == [f"http://{FEED}"]
    assert [address for address in links(page) if FEED in address or FEED.replace("/", "%2F") in address] == [
        f"webcal://{FEED}",
        f"webcal:http://{FEED}",
        (
            "https://outlook.office.com/calendar/0/addfromweb?url=http%3A%2F%2Frundbrief.example%2Ftermine%2Fkreis%2F14625.ics"
            "&name=Termine%2C+Landkreis+Bautzen"
        ),
        "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Frundbrief.example%2Ftermine%2Fkreis%2F14625.ics",
    ]
    assert "Zurzeit enthält er einen kommenden Termin." in page


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("", "/termine/kalender.ics"),
        ("?gemeinde=14625020", "/termine/gemeinde/14625020.ics"),
        ("?thema=amt24", "/termine/thema/amt24.ics"),
        ("?art=online", "/termine/kalender.ics?art=online"),
        ("?art=online&kreis=14626&kreis=14625", "/termine/kalender.ics?kreis=14625&kreis=14626&art=online"),
    ],
)
def test_the_same_choice_has_one_address(inside: None, client: Any, query: str, address: str) -> None:
    page = client.get(f"/termine/abonnieren{query}").text
    (found,) = re.findall(r'id="feed"[^>]*value="([^"]+)"', page)
    assert html.unescape(found) == f"http://rundbrief.example{address}"
    assert client.get(address).status_code == 200


def test_the_list_may_stand_in_other_sites_without_cookies_and_nothing_else_may(inside: None, client: Any) -> None:
    say()
    say(workshop(title="Nur Görlitz", regions=["14626"]))
    embedded = client.get("/termine/einbetten?kreis=14625")
    assert re.findall(r"<h2[^>]*><a[^>]*>([^<]+)</a>", embedded.text) == ["Regionalworkshop Bautzen"]
    assert embedded.headers["Content-Security-Policy"].endswith("frame-ancestors *")
    assert "Set-Cookie" not in embedded.headers
    assert client.get("/termine").headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
