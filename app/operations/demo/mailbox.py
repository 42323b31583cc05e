"""The demo's mailbox: a real SMTP server on loopback that keeps every mail, byte for byte, in the instance folder."""

import email.policy
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.kernel import clock
from app.kernel.later import Later

if TYPE_CHECKING:
    from aiosmtpd import controller
else:
    controller = Later("aiosmtpd.controller")  # only where the demo's mailbox runs


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail as it came over the wire: envelope, moment (UTC), bytes."""

    key: str
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail as the standard library parses it."""
        parsed = BytesParser(policy=email.policy.default).parsebytes(self.content)
        if not isinstance(parsed, EmailMessage):
            raise TypeError("The default policy makes EmailMessage.")
        return parsed

    @property
    def subject(self) -> str:
        """Its subject, decoded."""
        return str(self.message["Subject"] or "")

    def body(self, subtype: str) -> str:
        """The body as ``plain`` or ``html``; empty if there is none."""
        part = self.message.get_body((subtype,))
        return str(part.get_content()) if part is not None else ""

    def raw_header(self, name: str) -> str:
        """The header as it came, folded or not, without its name; empty if there is none."""
        lines = self.content.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace").split("\r\n")
        for number, line in enumerate(lines):
            if line.lower().startswith(name.lower() + ":"):
                return "\r\n".join([line.split(":", 1)[1].strip(), *_continued(lines[number + 1 :])])
        return ""


class Mailbox:
    """The mails below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def mails(self) -> list[StoredMail]:
        """All mails, the newest first."""
        return [self._read(path) for path in sorted(self._folder.glob("*.eml"), reverse=True)]

    def find(self, key: str) -> StoredMail | None:
        """The mail with this key, or None."""
        path = next((path for path in self._folder.glob("*.eml") if path.stem == key), None)
        return self._read(path) if path else None

    def remove(self, key: str) -> None:
        """Delete the mail with this key, if it is there."""
        for path in self._folder.glob(f"{key}.*"):
            path.unlink(missing_ok=True)

    def store(self, sender: str, recipients: list[str], content: bytes) -> str:
        """Keep a mail; returns its key."""
        self._folder.mkdir(parents=True, exist_ok=True)
        moment = clock.now()
        stem = f"{moment:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"
        envelope = {"sender": sender, "recipients": recipients, "received_at": moment.isoformat()}
        (self._folder / f"{stem}.json").write_text(json.dumps(envelope), encoding="utf-8")
        waiting = self._folder / f"{stem}.part"
        waiting.write_bytes(content)
        waiting.rename(self._folder / f"{stem}.eml")
        return stem

    def _read(self, path: Path) -> StoredMail:
        envelope: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        moment = datetime.fromisoformat(envelope["received_at"])
        return StoredMail(path.stem, envelope["sender"], tuple(envelope["recipients"]), moment, path.read_bytes())


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        self._mailbox.store(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.original_content)
        return "250 2.0.0 kept"


def serve(mailbox: Mailbox, port: int) -> "controller.Controller":
    """A server on loopback that keeps what it is given; ``start()`` and ``stop()`` are yours."""
    return controller.Controller(_Handler(mailbox), hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)


def _continued(lines: list[str]) -> list[str]:
    kept = []
    for line in lines:
        if line[:1] not in (" ", "\t"):
            break
        kept.append(line)
    return kept
