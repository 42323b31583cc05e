"""From a rendered mail to the bytes that go over the wire (RFC 5322, 2045 to 2047, 6047)."""

import quopri
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime, parseaddr

from app.kernel import clock
from app.kernel.mail.policy import MailPolicy
from app.kernel.mail.render import Mail

POLICY = MailPolicy()


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


def compose(mail: Mail, envelope: Envelope, attachments: Sequence[Attachment] = (), calendar: bytes = b"") -> bytes:
    """The message as bytes: multipart/alternative (text, HTML, and an invitation with its METHOD), 7-bit, CRLF.

    A mail without HTML is plain text and nothing else. Raises ValueError if a header contains a line break (header
    injection).
    """
    message = EmailMessage(policy=POLICY)
    _set_headers(message, mail, envelope)
    parts = _alternatives(mail, calendar)
    if attachments:
        body = MIMEPart(policy=POLICY)
        _set_body(body, parts)
        _set_multipart(message, "mixed", [body, *(_file(a) for a in attachments)])
    else:
        _set_body(message, parts)
    return message.as_bytes()


def _set_headers(message: EmailMessage, mail: Mail, envelope: Envelope) -> None:
    message["Date"] = format_datetime(clock.local(envelope.date))
    message["From"] = _address(*parseaddr(envelope.from_))
    message["To"] = _address(envelope.to_name, envelope.to)
    message["Subject"] = _one_line(mail.subject)
    message["Message-ID"] = envelope.message_id
    if envelope.reply_to:
        message["Reply-To"] = _address(*parseaddr(envelope.reply_to))
    for name, value in envelope.headers.items():
        message[name] = _one_line(value)
    message["MIME-Version"] = "1.0"


def _address(name: str, addr_spec: str) -> Address:
    local, _, domain = addr_spec.rpartition("@")
    return Address(_one_line(name), _one_line(local), _one_line(domain).encode("idna").decode())


def _one_line(value: str) -> str:
    if any(c in value for c in "\r\n\x00"):
        raise ValueError("A header cannot contain line breaks.")
    return value


def _alternatives(mail: Mail, calendar: bytes) -> list[MIMEPart]:
    parts = [_text(mail.text, "text/plain")]
    if mail.html:
        parts.append(_text(mail.html, "text/html"))
    return [*parts, _calendar(calendar)] if calendar else parts


def _set_body(message: MIMEPart, parts: Sequence[MIMEPart]) -> None:
    if len(parts) > 1:
        _set_multipart(message, "alternative", parts)
        return
    for name, value in parts[0].items():
        message[name] = value
    message.set_payload(parts[0].get_payload())


def _set_multipart(message: MIMEPart, subtype: str, parts: Sequence[MIMEPart]) -> None:
    # A boundary that depends on nothing but the position: the same mail gives the same bytes.
    message["Content-Type"] = f'multipart/{subtype}; boundary="=_rundbrief_{subtype}"'
    message.set_payload(list(parts))


def _text(content: str, mimetype: str) -> MIMEPart:
    part = MIMEPart(policy=POLICY)
    part["Content-Type"] = f'{mimetype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(_quoted_printable(content))
    return part


def _quoted_printable(content: str) -> str:
    lines = content.replace("\r\n", "\n").replace("\r", "\n").encode()
    return quopri.encodestring(lines).decode("ascii")


def _calendar(content: bytes) -> MIMEPart:
    method = next((line[7:].decode() for line in content.splitlines() if line.startswith(b"METHOD:")), "PUBLISH")
    part = MIMEPart(policy=POLICY)
    part["Content-Type"] = f'text/calendar; method={method}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(_quoted_printable(content.decode()))
    return part


def _file(attachment: Attachment) -> MIMEPart:
    part = MIMEPart(policy=POLICY)
    maintype, _, subtype = attachment.mimetype.partition("/")
    part.set_content(attachment.content, maintype, subtype, filename=attachment.filename, cte="base64")
    return part
