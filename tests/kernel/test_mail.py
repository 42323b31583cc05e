"""Mails as bytes: headers that every mail program finds, bodies that survive every server."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from app.kernel.mail import Attachment, Envelope, Mail, compose

URL = "https://rundbrief.example/newsletter/abmelden/" + "1234567-1-abcdefghijklmnopqrstuvwx" * 4
MAIL = Mail(
    subject="Grüße aus Görlitz/Zhorjelc und ein Betreff, der viel länger ist als eine Zeile sein darf",
    text="Guten Tag,\n\n" + "ä" * 400 + "\n.\nFrom hier\n",
    html="<p>Guten Tag</p>\n",
)


def _envelope(**changes: object) -> Envelope:
    values: dict[str, object] = {
        "from_": "Redaktion „OZG“ <redaktion@rundbrief.example>",
        "to": "amt@kamenz.example",
        "to_name": "Müller, Änne",
        "message_id": "<1.2@rundbrief.example>",
        "date": datetime(2026, 7, 8, 8, 0, tzinfo=UTC),
    }
    return Envelope(**(values | changes))  # type: ignore[arg-type]


def _read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_mail_is_read_as_it_was_meant() -> None:
    message = _read(compose(MAIL, _envelope(reply_to="antwort@rundbrief.example")))
    assert str(message["Subject"]) == MAIL.subject
    assert message["To"].addresses[0].display_name == "Müller, Änne"
    assert message["From"].addresses[0].display_name == "Redaktion „OZG“"
    assert str(message["Date"]) == "Wed, 08 Jul 2026 10:00:00 +0200"
    assert str(message["Reply-To"]) == "antwort@rundbrief.example"
    bodies = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    read = {kind: body.get_content().replace("\r\n", "\n") for kind, body in bodies.items() if body}
    assert read == {"plain": MAIL.text, "html": MAIL.html}


def test_what_goes_over_the_wire_is_seven_bit_in_short_lines() -> None:
    content = compose(MAIL, _envelope(), [Attachment("Übersicht.csv", "text/csv", "ä;b\r\n".encode() * 200)])
    assert content.isascii()
    lines = content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 78


@pytest.mark.parametrize("length", [60, 69, 70, 200])
def test_a_long_subject_begins_on_its_own_line_and_reads_the_same(length: int) -> None:
    subject = ("Korrektur: Neuer Termin: Regionalworkshop " * 6)[:length].strip()
    content = compose(Mail(subject, "x\n", "<p>x</p>\n"), _envelope())
    assert b"\r\nSubject: Korrektur:" in content
    assert str(_read(content)["Subject"]) == subject
    assert max(map(len, content.split(b"\r\n"))) <= 78


def test_list_headers_stay_raw_however_long_they_are() -> None:
    headers = {
        "List-Unsubscribe": f"<{URL}>, <mailto:abmelden@rundbrief.example?subject=x>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": "OZG-Newsletter für Sächsinnen <ozg.rundbrief.example>",
    }
    content = compose(MAIL, _envelope(headers=headers)).decode()
    assert f"\r\nList-Unsubscribe: <{URL}>,\r\n <mailto:abmelden@rundbrief.example?subject=x>\r\n" in content
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content
    assert "\r\nList-Id: =?utf-8?" in content
    assert str(_read(content.encode())["List-Id"]).endswith("<ozg.rundbrief.example>")


def test_attachments_stand_beside_the_text_and_an_invitation_inside_it() -> None:
    files = [
        Attachment("meldung.json", "application/json", b"{}"),
        Attachment("Übersicht.pdf", "application/pdf", b"%"),
    ]
    message = _read(compose(MAIL, _envelope(), files, b"BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/json",
        "application/pdf",
    ]
    assert [part.get_filename() for part in message.iter_attachments()] == ["meldung.json", "Übersicht.pdf"]
    [invitation] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert invitation.get_param("method") == "CANCEL"


def test_the_same_mail_is_the_same_bytes() -> None:
    assert compose(MAIL, _envelope()) == compose(MAIL, _envelope())


@pytest.mark.parametrize(
    "changes",
    [
        {"to_name": "Amt\r\nBcc: alle@welt.example"},
        {"to": "amt@kamenz.example\nBcc: x@y.example"},
        {"headers": {"List-Id": "x\r\nBcc: y@z.example"}},
        {"message_id": "<1@x>\r\nBcc: y@z.example"},
    ],
)
def test_a_line_break_in_a_header_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"line break|newline|linefeed|CR or LF|invalid"):
        compose(MAIL, _envelope(**changes))


def test_a_line_break_in_a_subject_is_refused() -> None:
    with pytest.raises(ValueError, match="line breaks"):
        compose(Mail("a\nBcc: x@y.example", "t", "<p>t</p>"), _envelope())


def test_a_mail_without_html_is_plain_text_and_nothing_else() -> None:
    plain = Mail("Ausgabe", "Grüße\n", "")
    message = _read(compose(plain, _envelope()))
    assert [part.get_content_type() for part in message.walk()] == ["text/plain"]
    assert message.get_content().replace("\r\n", "\n") == "Grüße\n"
    with_file = _read(compose(plain, _envelope(), [Attachment("a.json", "application/json", b"{}")]))
    assert [part.get_content_type() for part in with_file.walk()] == [
        "multipart/mixed",
        "text/plain",
        "application/json",
    ]
