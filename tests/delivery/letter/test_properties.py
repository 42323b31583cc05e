"""Whatever a person is called and wherever mail goes: two parsers read back what was meant, and nothing else."""

import re
import unicodedata
from email.utils import formataddr

import pytest
from markupsafe import escape

from app.delivery.letter import Stencil
from app.delivery.letter.frame import PLACES
from app.kernel.mail import Mail, phrases, quoted
from tests.delivery.letter.letters import (
    DATE,
    LIST,
    MAIL,
    Person,
    arrived,
    headers,
    letter,
    message,
    read,
    settings,
    texts,
)

pytestmark = pytest.mark.needs("hypothesis", "mail-parser")
PERSON = Person()


@pytest.fixture
def stencil() -> Stencil:
    return Stencil(message(), settings())


@pytest.fixture
def fields() -> list[str]:
    """The headers of every letter of this message, and no others."""
    return [field for field, _value in headers(arrived(letter(PERSON)))]


def test_any_name_and_address_are_read_back_by_two_parsers(stencil: Stencil, fields: list[str]) -> None:
    import mailparser
    from hypothesis import example, given

    from tests.delivery.letter.strategies import ADDRESSES, QUICK, TEXTS

    @QUICK
    @given(name=TEXTS, address=ADDRESSES)
    @example(name="Ä" * 1000, address="anna@amt.example")
    @example(name="a" * 1000, address="anna@amt.example")
    @example(name="👩‍👧 " * 250, address="anna@amt.example")
    @example(name="Eve\r\nBcc: alle@welt.example\r\n\r\n.\r\nMAIL FROM:<x>", address="anna@amt.example")
    def check(name: str, address: str) -> None:
        written = stencil.fill(Person(name=name, address=address), DATE)
        content, plain, mailbox = arrived(written), phrases.tidy(name), written.recipient.decode()
        assert ("To", f"{plain} <{mailbox}>") in headers(content)
        assert [field for field, _value in headers(content)] == fields
        greeting = f"Guten Tag {plain}," if plain else "Guten Tag,"
        bodies = texts(read(content))
        assert bodies["text/plain"] == _text(MAIL.text, greeting, address)
        assert bodies["text/html"] == _text(MAIL.html, str(escape(greeting)), str(escape(address)))
        other = mailparser.parse_from_bytes(content)
        assert other.text_plain == [bodies["text/plain"].replace("\n", "\r\n")]
        assert other.text_html == [bodies["text/html"].replace("\n", "\r\n")]
        assert ([to for _name, to in other.to], other.subject) == ([mailbox], MAIL.subject)

    check()


def _text(content: str, greeting: str, address: str) -> str:
    root = "http://rundbrief.example/newsletter"
    values = {
        "greeting": greeting,
        "email": address,
        "unsubscribe_url": f"{root}/abmelden/17-2-0fbf393bd04b4b10fc4fc99a",
        "preferences_url": f"{root}/einstellungen/17-2-8035f0819945402810333df4",
    }
    pieces = PLACES.split(content)
    return "".join(values[piece] if number % 2 else piece for number, piece in enumerate(pieces))


def test_any_subject_sender_and_list_title_are_read_back_or_refused(fields: list[str]) -> None:
    import mailparser
    from hypothesis import given

    from tests.delivery.letter.strategies import QUICK, TEXTS

    @QUICK
    @given(subject=TEXTS, sender=TEXTS, title=TEXTS)
    def check(subject: str, sender: str, title: str) -> None:
        said = {**LIST, "List-Id": f"{title} <ozg.rundbrief.example>"}
        from_ = formataddr((phrases.tidy(sender), "redaktion@rundbrief.example"))
        frozen = message(Mail(subject, MAIL.text, MAIL.html), headers=said, from_=from_)
        refusable = {unicodedata.category(c) for c in subject + title} & {"Cc", "Cs", "Zl", "Zp"}
        try:
            content = arrived(letter(PERSON, frozen))
        except ValueError:
            assert refusable, "nothing that can be read is refused"
            return
        assert [field for field, _value in headers(content)] == fields
        parsed = read(content)
        if not refusable:
            assert str(parsed["Subject"]) == subject
        assert mailparser.parse_from_bytes(content).message_id == parsed["Message-ID"]

    check()


def test_any_text_comes_out_of_quoted_printable_as_it_went_in() -> None:
    import quopri

    from hypothesis import given

    from tests.delivery.letter.strategies import QUICK, TEXTS

    @QUICK
    @given(before=TEXTS, value=TEXTS, behind=TEXTS)
    def check(before: str, value: str, behind: str) -> None:
        value = value.replace("\r", "").replace("\n", "")
        before, value, behind = _encodable(before), _encodable(value), _encodable(behind)
        around = quoted.encode_around(f"{before}<<here>>{behind}", re.compile("<<(here)>>"), "\1{}\2".format)
        written = around.replace("\n", "\r\n").encode().replace(b"\1here\2", quoted.value(value))
        wanted = "\n".join(f"{before}{value}{behind}".replace("\r\n", "\n").split("\r"))
        assert quopri.decodestring(written).replace(b"\r\n", b"\n") == wanted.encode()
        assert (max(map(len, written.split(b"\r\n"))) <= 76, written.isascii()) == (True, True)

    check()


def _encodable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()
