"""From a rendered mail to the bytes that go over the wire (RFC 5322, 2045 to 2047, 6047)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime, parseaddr

from app.kernel import clock
from app.kernel.mail import quoted
from app.kernel.mail.addresses import ascii_domain
from app.kernel.mail.policy import MailPolicy
from app.kernel.mail.render import Mail

POLICY = MailPolicy()
WIDE_POLICY = MailPolicy(utf8=True)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    filename: str
    mimetype: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, and when: ``message_id`` with its angle brackets, ``date`` aware."""

    from_: str
    to: str
    message_id: str
    date: datetime
    to_name: str = ""
    reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a mail in quoted-printable, lines ended by LF; without ``html`` it is sent as text only."""

    text: str
    html: str


def compose(mail: Mail, envelope: Envelope, attachments: Sequence[Attachment] = (), calendar: bytes = b"") -> bytes:
    """The message as bytes: multipart/alternative (text, HTML, and an invitation with its METHOD), 7-bit, CRLF.

    A mail without HTML and invitation is text/plain. Only an address that is not ASCII before its @ makes the headers
    UTF-8 (RFC 6532). Raises ValueError if a header contains a line break (header injection).
    """
    body = Body(quoted.encode(mail.text), quoted.encode(mail.html))
    return assemble(mail.subject, body, envelope, attachments, calendar)


def assemble(
    subject: str, body: Body, envelope: Envelope, attachments: Sequence[Attachment] = (), calendar: bytes = b""
) -> bytes:
    """The same of a body that is encoded already. Raises ValueError like ``compose``."""
    message = EmailMessage(policy=POLICY if envelope.to.rpartition("@")[0].isascii() else WIDE_POLICY)
    _set_headers(message, subject, envelope)
    alternatives = _alternatives(body, calendar)
    if attachments:
        _set_multipart(message, "mixed", [_together(alternatives), *(_file(a) for a in attachments)])
    elif len(alternatives) > 1:
        _set_multipart(message, "alternative", alternatives)
    else:
        _set_text(message, body.text, "text/plain")
    return message.as_bytes()


def _set_headers(message: EmailMessage, subject: str, envelope: Envelope) -> None:
    message["Date"] = format_datetime(clock.local(envelope.date))
    message["From"] = _address(*parseaddr(envelope.from_))
    message["To"] = _address(envelope.to_name, envelope.to)
    message["Subject"] = _one_line(subject)
    message["Message-ID"] = envelope.message_id
    if envelope.reply_to:
        message["Reply-To"] = _address(*parseaddr(envelope.reply_to))
    for name, value in envelope.headers.items():
        message[name] = _one_line(value)
    message["MIME-Version"] = "1.0"


def _address(name: str, addr_spec: str) -> Address:
    local, _, domain = addr_spec.rpartition("@")
    return Address(_one_line(name), _one_line(local), ascii_domain(_one_line(domain)))


def _one_line(value: str) -> str:
    if any(c in value for c in "\r\n\x00"):
        raise ValueError("A header cannot contain line breaks.")
    return value


def _alternatives(body: Body, calendar: bytes) -> list[MIMEPart]:
    parts = [_text(body.text, "text/plain")]
    if body.html:
        parts.append(_text(body.html, "text/html"))
    return [*parts, _calendar(calendar)] if calendar else parts


def _together(alternatives: Sequence[MIMEPart]) -> MIMEPart:
    if len(alternatives) == 1:
        return alternatives[0]
    body = MIMEPart(policy=POLICY)
    _set_multipart(body, "alternative", alternatives)
    return body


def _set_multipart(message: MIMEPart, subtype: str, parts: Sequence[MIMEPart]) -> None:
    # A boundary that depends on nothing but the position: the same mail gives the same bytes.
    message["Content-Type"] = f'multipart/{subtype}; boundary="=_rundbrief_{subtype}"'
    message.set_payload(list(parts))


def _text(encoded: str, mimetype: str) -> MIMEPart:
    part = MIMEPart(policy=POLICY)
    _set_text(part, encoded, mimetype)
    return part


def _set_text(part: MIMEPart, encoded: str, mimetype: str) -> None:
    part["Content-Type"] = f'{mimetype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(encoded)


def _calendar(content: bytes) -> MIMEPart:
    method = next((line[7:].decode() for line in content.splitlines() if line.startswith(b"METHOD:")), "PUBLISH")
    part = MIMEPart(policy=POLICY)
    part["Content-Type"] = f'text/calendar; method={method}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(quoted.encode(content.decode()))
    return part


def _file(attachment: Attachment) -> MIMEPart:
    part = MIMEPart(policy=POLICY)
    maintype, _, subtype = attachment.mimetype.partition("/")
    part.set_content(attachment.content, maintype, subtype, filename=attachment.filename, cte="base64")
    return part
