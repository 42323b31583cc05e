"""No tracking, proven: two letters of one class differ in what makes them personal, and in nothing else."""

import pytest

from app.kernel.mail import Mail
from tests.delivery.letter.golden_mails import golden_mails
from tests.delivery.letter.letters import Person, arrived, letter, message
from tests.delivery.letter.tracking import Difference, difference

ANNA, BERND = Person(), Person(4712, "bernd@amt.example", "Bernd Buche", 18, 1)
ROOT = "http://rundbrief.example/newsletter"
LEAVE = (f"{ROOT}/abmelden/17-2-b67tso6qjnfrb7cpzgno7cco", f"{ROOT}/abmelden/18-1-")
CHANGE = (f"{ROOT}/einstellungen/17-2-qa27bamzivacqebthx2fwrjm", f"{ROOT}/einstellungen/18-1-")
NAMES = {("Anna", "Bernd"), ("Amsel,", "Buche,")}
OF_LISTS = {"To", "Message-ID", "List-Unsubscribe"}


@pytest.mark.parametrize("name", [name for name in golden_mails() if name.startswith("newsletter/")])
def test_list_mail_differs_in_the_greeting_and_the_links_to_leave_and_to_change(name: str) -> None:
    found = _difference(golden_mails()[name], "issue")
    assert (found.headers, found.words - NAMES) == (OF_LISTS, set())
    assert {(a, b[: len(known[1])]) for (a, b), known in zip(sorted(found.links), (LEAVE, CHANGE), strict=True)} == {
        LEAVE,
        CHANGE,
    }


@pytest.mark.parametrize("name", [name for name in golden_mails() if not name.startswith("newsletter/")])
def test_other_mail_differs_in_the_greeting_alone(name: str) -> None:
    found = _difference(golden_mails()[name], "single")
    assert (found.headers, found.words - NAMES, found.links) == ({"To", "Message-ID"}, set(), set())


@pytest.mark.parametrize("name", golden_mails())
def test_no_mail_fetches_anything(name: str) -> None:
    mail = golden_mails()[name]
    assert [
        mark
        for mark in ("<img", "<link", "<script", "<iframe", "url(", "@import", "@font-face", "srcset=")
        if mark in mail.html
    ] == []


def test_a_pixel_would_be_seen() -> None:
    pixel = Mail("x", "x\n", "<p>x</p><img src='https://rundbrief.example/p?%%email%%'>\n")
    assert _difference(pixel, "issue").links == {
        ("https://rundbrief.example/p?anna@amt.example", "https://rundbrief.example/p?bernd@amt.example")
    }


def _difference(mail: Mail, kind: str) -> Difference:
    frozen = message(mail, kind=kind)
    return difference(*(arrived(letter(person, frozen)) for person in (ANNA, BERND)))
