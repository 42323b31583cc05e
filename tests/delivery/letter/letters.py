"""Messages and recipients for the tests of the composition; no database is needed for them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from app.delivery.letter import Stencil
from app.delivery.models import Message, as_files
from app.delivery.smtp import Parcel
from app.kernel import config
from app.kernel.mail import Attachment, Mail
from tests.support import house

DATE = datetime(2026, 12, 1, 9, 30, 7, tzinfo=UTC)
CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:T\xc3\xa4glich %%email%%\r\nEND:VCALENDAR\r\n"
FILES = [Attachment("Übersicht.pdf", "application/pdf", bytes(range(256)) * 8)]
LIST = {
    "List-Id": "OZG-Newsletter für Sächsinnen <ozg.rundbrief.example>",
    "List-Archive": "<http://rundbrief.example/newsletter>",
}
MAIL = Mail(
    subject="Workshops im Dezember – und ein Betreff, der länger ist als eine Zeile sein darf",
    text=(
        "%%greeting%%\n\nwas für Sie neu ist, steht hier, und diese Zeile ist länger als eine Zeile sein darf.\n"
        ".\n..zwei Punkte\nFrom hier\nAbmelden: %%unsubscribe_url%%\nÄndern: %%preferences_url%%, an %%email%%\n"
    ),
    html=(
        '<html lang="de"><body><p>%%greeting%%</p>\n.<p>  Grüße   aus Görlitz/Zhorjelc\t</p>\n'
        '<p><a href="%%unsubscribe_url%%">Abmelden</a>, <a href="%%preferences_url%%">Ändern</a>: %%email%%</p>\n'
        "</body></html>\n"
    ),
)


@dataclass
class Person:
    """One delivery, as far as a letter wants to know it."""

    id: int = 4711
    address: str = "anna@amt.example"
    name: str = "Anna Amsel"
    subject_id: int | None = 17
    generation: int = 2


def message(mail: Mail = MAIL, **changes: Any) -> Message:
    """A frozen message of the newsletter."""
    files = as_files(changes.pop("attachments", ()))
    values = {
        "kind": "issue",
        "lang": mail.lang,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "from_": "Redaktion „OZG“ <redaktion@rundbrief.example>",
        "reply_to": "antwort@rundbrief.example",
        "headers": LIST,
        "files": files,
        "calendar": b"",
        "reference": "0123456789abcdef@rundbrief.example",
    }
    return Message(**(values | changes))


@cache
def settings(**changes: str) -> config.Settings:
    """The settings of an installation whose bounces have a mailbox of their own."""
    values = {"BOUNCE_ADDRESS": "bounce@bounces.rundbrief.example", **changes}
    made: config.Settings = house.settings(
        "sqlite:////nonexistent", "smtp://127.0.0.1:9", Path("/nonexistent"), **values
    )
    return made


def letter(person: Person, mail: Message | None = None, **changes: str) -> Parcel:
    """The letter of this message to this person."""
    return Stencil(mail or message(), settings(**changes)).fill(person, DATE)


def arrived(letter: Parcel) -> bytes:
    """What the server stores: without the final dot and the doubled ones (RFC 5321, 4.5.2)."""
    assert letter.content.endswith(b"\r\n.\r\n")
    lines = letter.content.removesuffix(b".\r\n").split(b"\r\n")
    return b"\r\n".join(line.removeprefix(b".") for line in lines)


def read(content: bytes) -> EmailMessage:
    """As the standard library reads it."""
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def texts(parsed: EmailMessage) -> dict[str, str]:
    """The parts that are text, by their kind, with LF."""
    return {
        part.get_content_type(): part.get_content().replace("\r\n", "\n")
        for part in parsed.walk()
        if part.get_content_maintype() == "text" and not part.is_attachment()
    }


def headers(content: bytes) -> list[tuple[str, str]]:
    """All header fields, decoded and sorted; ``To`` as RFC 2047, 6.2 has it.

    The newer parser of the standard library puts a blank between two encoded-words of a name, the older one does not.
    """
    named, address = parseaddr(str(message_from_bytes(content, policy=policy.compat32)["To"]))
    name = str(make_header(decode_header(named.replace("\r\n", ""))))
    others = [(field, str(value)) for field, value in read(content).items() if field != "To"]
    return sorted([*others, ("To", f"{name} <{address}>")])
