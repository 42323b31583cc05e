"""No tracking, proven: two letters of one class differ in what makes them personal, and in nothing else."""

import pytest

from app.kernel.mail import Mail
from tests.delivery.letter.golden_mails import golden_mails
from tests.delivery.letter.letters import Person, arrived, letter, message
from tests.delivery.letter.tracking import Difference, difference

ANNA, BERND = Person(), Person(4712, "bernd@amt.example", "Bernd Buche", 18, 1)
ROOT = "http://rundbrief.example/newsletter"
LINKS = {
    "%%unsubscribe_url%%": (f"{ROOT}/abmelden/17-2-0fbf393bd04b4b10fc4fc99a", f"{ROOT}/abmelden/18-1-"),
    "%%preferences_url%%": (f"{ROOT}/einstellungen/17-2-8035f0819945402810333df4", f"{ROOT}/einstellungen/18-1-"),
}
KEEP = "%%preferences_url%%/behalten"  # the button of a mail that asks again after years
NAMES = {("Anna", "Bernd"), ("Amsel,", "Buche,")}


@pytest.mark.parametrize("name", golden_mails())
def test_two_mails_differ_in_the_greeting_and_the_links_to_leave_and_to_change(name: str) -> None:
    mail = golden_mails()[name]
    of_a_list = name.startswith("newsletter/")
    found = _difference(mail, "issue" if of_a_list else "single")
    assert found.headers == ({"To", "Message-ID", "List-Unsubscribe"} if of_a_list else {"To", "Message-ID"})
    assert found.words - NAMES == set()
    wanted = {known for place, known in LINKS.items() if place in mail.text + mail.html}
    if KEEP in mail.text:
        first, other = LINKS["%%preferences_url%%"]
        wanted.add((f"{first}/behalten", other))
    assert {(one, other[: other.rindex("-") + 1]) for one, other in found.links} == wanted


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
