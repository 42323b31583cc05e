"""The letter: what the stencil writes is what the standard library would have written, in microseconds."""

from datetime import timedelta
from typing import Any

import pytest

from app.delivery.letter import Stencil
from app.delivery.models import Message
from app.kernel import tokens
from app.kernel.mail import Mail
from tests.delivery.letter import oracle
from tests.delivery.letter.letters import (
    CALENDAR,
    DATE,
    FILES,
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
from tests.support.golden import Golden

PLAIN = Mail(MAIL.subject, MAIL.text, "")
SHAPES: dict[str, dict[str, Any]] = {
    "issue": {},
    "invitation": {"kind": "invitation", "calendar": CALENDAR, "attachments": FILES, "headers": {}},
    "text_only": {"mail": PLAIN},
    "text_and_file": {"mail": PLAIN, "attachments": FILES},
    "text_and_invitation": {"mail": PLAIN, "calendar": CALENDAR},
    "english": {"mail": Mail(MAIL.subject, MAIL.text, MAIL.html, "en")},
    "ends_with_a_place": {"mail": Mail("x", "An %%email%%", "")},
    "ends_without_a_line_end": {"mail": Mail("x", "Schluss", "<p>Schluss")},
    "without_places": {"mail": Mail("x", "Text\n\n\n", "")},
    "partner": {"kind": "partner", "headers": {"X-OZG-Fassung": "2"}, "reply_to": ""},
}
PEOPLE = {
    "simple": Person(),
    "nobody": Person(name="", address="info@xn--strae-oqa.example"),
    "umlauts": Person(name="Änne Müller-Lüdenscheidt", address="Aenne.Mueller@Amt.example"),
    "specials": Person(name='Müller, "Änne" <b>%%email%%</b> & Söhne', address="o'neill+x=y%z@amt.example"),
    "quotes": Person(name='Dr. Anna "Anni" Amsel\\', address="anna@amt.example"),
    "long": Person(name="Ä" * 200, address=f"{'a' * 64}@{'amt.' * 40}example"),
    "no_subject": Person(subject_id=None),
    "large_ids": Person(id=10**18, subject_id=10**18, generation=10**9),
    "domain": Person(address="anna@straße.sächsisch.example"),
    "dot_first": Person(name=".", address="anna@amt.example"),
    "emoji": Person(name="👩‍👩‍👧 Fam. Żółć", address="anna@amt.example"),
}


def _message(shape: str) -> Message:
    changes = dict(SHAPES[shape])
    return message(changes.pop("mail", MAIL), **changes)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_letter_reads_as_the_standard_library_would_have_written_it(shape: str, person: str) -> None:
    mail, somebody = _message(shape), PEOPLE[person]
    written, wanted = arrived(letter(somebody, mail)), oracle.write(mail, somebody, settings(), DATE)
    assert headers(written) == headers(wanted)
    ours, theirs = read(written), read(wanted)
    assert {kind: text.rstrip("\n") for kind, text in texts(ours).items()} == {
        kind: text.rstrip("\n") for kind, text in texts(theirs).items()
    }
    structure = [(part.get_content_type(), part.get_filename()) for part in ours.walk()]
    assert structure == [(part.get_content_type(), part.get_filename()) for part in theirs.walk()]
    assert [part.defects for part in ours.walk()] == [[] for _part in structure]


def test_a_name_that_looks_like_an_encoded_word_is_not_read_as_one() -> None:
    name = "=?utf-8?q?Bcc:_x=40y.example?="  # the standard library writes it as it is, and reads something else
    written = arrived(letter(Person(name=name)))
    assert ("To", f"{name} <anna@amt.example>") in headers(written)
    assert texts(read(written))["text/plain"].startswith(f"Guten Tag {name},\n")


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_letter_is_ready_for_the_wire(shape: str, person: str) -> None:
    written = letter(PEOPLE[person], _message(shape))
    lines = written.content.split(b"\r\n")
    assert (lines[-2:], written.content.isascii()) == ([b".", b""], True)
    assert not any(b"\r" in line or b"\n" in line or b"\0" in line for line in lines)
    assert [line for line in lines[:-2] if line.startswith(b".") and not line.startswith(b"..")] == []
    assert written.size == len(arrived(written))
    body = written.content.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 77  # 76, and a doubled dot
    assert max(map(len, lines)) < 998
    assert (written.recipient.isascii(), len(written.sender.partition(b"@")[0]) <= 64) == (True, True)


@pytest.mark.parametrize("shape", ["issue", "invitation", "text_only"])
def test_the_bytes_of_a_letter_are_those_that_were_read_and_agreed(shape: str, golden: Golden) -> None:
    written = letter(Person(name="Änne Müller"), _message(shape))
    golden.check(f"letters/{shape}.eml", arrived(written).decode("ascii"))


def test_the_same_delivery_has_the_same_envelope_and_message_id_at_every_try() -> None:
    first, second = (Stencil(message(), settings()).fill(Person(), DATE + timedelta(hours=hour)) for hour in (0, 3))
    assert (first.sender, first.envid) == (second.sender, second.envid)
    assert read(first.content)["Message-ID"] == read(second.content)["Message-ID"]
    assert read(second.content)["Date"].datetime == DATE + timedelta(hours=3)
    assert tokens.read("bounce", first.envid.decode()) == tokens.Derived(4711, 1)
    assert first.sender == b"bounce+" + first.envid + b"@bounces.rundbrief.example"


def test_one_stencil_serves_many_without_mixing_them_up() -> None:
    stencil = Stencil(message(), settings())
    people = [Person(id=number, name=f"Person {number}", subject_id=number) for number in range(1, 30)]
    again = [stencil.fill(person, DATE) for person in people]
    assert again == [letter(person) for person in people]


def test_an_address_beyond_ascii_is_written_for_smtputf8_and_only_there() -> None:
    written = letter(Person(address="jürgen@straße.example", name="Jürgen"))
    assert (written.recipient, written.utf8) == ("jürgen@xn--strae-oqa.example".encode(), True)
    assert "To: =?utf-8?q?J=C3=BCrgen?= <jürgen@xn--strae-oqa.example>\r\n".encode() in written.content
    assert (letter(Person(address="anna@straße.example")).utf8, letter(Person()).utf8) == (False, False)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "@amt.example",
        "anna@",
        "an na@amt.example",
        "anna@amt.example\r\nBcc: x@y.example",
        "anna\r\nDATA@amt.example",
        "anna\0@amt.example",
        "anna\u0085@amt.example",
        "an>na@amt.example",
        "anna@amt.example> SIZE=1",
        "anna@am t.example",
        "anna@-amt.example",
        "a@b@amt.example",
        f"{'a' * 65}@amt.example",
        f"{'ä' * 33}@amt.example",
        f"anna@{'a' * 64}.example",
        "anna@" + "a." * 130 + "example",
        "\ud800@amt.example",
    ],
)
def test_an_address_that_no_mail_can_have_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be written|longer than"):
        letter(Person(address=address))


@pytest.mark.parametrize(
    "headers",
    [
        {"List-Id": "x\r\nBcc: y@z.example"},
        {"X-Kind": "a\nb"},
        {"X Kind": "x"},
        {"X-Kind:": "x"},
        {"To": "x@y.example"},
        {"bcc": "x@y.example"},
        {"Message-Id": "<1@x>"},
        {"DKIM-Signature": "v=1"},
        {"X-Kind": "a", "x-kind": "b"},
    ],
)
def test_a_header_that_is_not_for_a_message_to_bring_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"cannot bring|line break|linefeed"):
        Stencil(message(headers=headers), settings())


def test_no_header_is_there_twice_and_list_mail_has_all_of_its_own() -> None:
    names = [name.lower() for name in read(letter(Person()).content)]
    assert sorted(names) == [
        "content-type",
        "date",
        "from",
        "list-archive",
        "list-id",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "message-id",
        "mime-version",
        "precedence",
        "reply-to",
        "subject",
        "to",
        "x-auto-response-suppress",
    ]


def test_what_a_message_says_about_leaving_stands_instead_of_ours() -> None:
    given = {**LIST, "List-Unsubscribe": "<https://andere.example/u/1>"}
    parsed = read(letter(Person(), message(headers=given)).content)
    assert parsed.get_all("List-Unsubscribe") == ["<https://andere.example/u/1>"]
    assert parsed["List-Unsubscribe-Post"] is None
