"""The mailbox that bounces and answers come to, over IMAP: what was read is put aside, nothing is deleted."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError

from app.delivery.inbound.mime import MOST_BYTES
from app.kernel.config import is_loopback

PATIENCE_SECONDS: Final = 30.0
DONE: Final = "Rundbrief-erledigt"
OPEN: Final = "Rundbrief-offen"
TROUBLE: Final = (OSError, ImapToolsError, imaplib.IMAP4.error)


class Inbox:
    """The open mailbox. What was taken moves to a folder of its own (RFC 6851).

    Where the server cannot move, or folders cannot be made, it is flagged as seen and stays: copying and deleting
    would also delete what somebody else has marked.
    """

    def __init__(self, mailbox: BaseMailBox) -> None:
        self._mailbox = mailbox
        self._folders = self._prepared() if "MOVE" in mailbox.client.capabilities else {}

    def waiting(self, most: int) -> list[str]:
        """The numbers (UID) of the mails that wait, the oldest first."""
        return self._mailbox.uids("ALL" if self._folders else "UNSEEN", None)[:most]

    def content(self, uid: str) -> bytes | None:
        """The first megabyte and a byte of a mail, however large it is; None if it is gone. It stays unseen."""
        answer: Any = self._mailbox.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")[1]
        return next((bytes(item[1]) for item in answer if isinstance(item, tuple)), None)

    def put_aside(self, uid: str, *, understood: bool) -> None:
        """Out of the way, where a person finds it; what was not understood in a folder of its own."""
        if self._folders:
            with suppress(ImapToolsError):
                self._mailbox.move(uid, self._folders[DONE if understood else OPEN])
                return
        self._mailbox.client.uid("STORE", uid, "+FLAGS", f"({MailMessageFlags.SEEN})")

    def _prepared(self) -> dict[str, str]:
        try:
            return {name: self._folder(name) for name in (DONE, OPEN)}
        except ImapToolsError:
            return {}

    def _folder(self, name: str) -> str:
        """Beside INBOX or, where a server wants it so, within."""
        for wanted in (name, f"INBOX.{name}", f"INBOX/{name}"):
            if self._mailbox.folder.exists(wanted):
                return wanted
            with suppress(ImapToolsError):
                self._mailbox.folder.create(wanted)
                return wanted
        raise ImapToolsError(f"The folder {name} cannot be made.")


@contextmanager
def opened(url: str, ca_file: str = "") -> Iterator[Inbox]:
    """The mailbox at ``imaps://user:password@host/INBOX``, or ``imap://`` with STARTTLS, in the clear on loopback only.

    Raises OSError, imaplib.IMAP4.error or ImapToolsError if it does not let us in.
    """
    parts = urlsplit(url)
    mailbox = _connected(parts, ca_file)
    try:
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        sign_in = mailbox.login if (user + password).isascii() else mailbox.login_utf8
        sign_in(user, password, unquote(parts.path[1:]) or "INBOX")
        yield Inbox(mailbox)
    finally:
        with suppress(*TROUBLE):
            mailbox.logout()


def _connected(parts: SplitResult, ca_file: str) -> BaseMailBox:
    host = parts.hostname or ""
    context = ssl.create_default_context(cafile=ca_file or None)
    if parts.scheme == "imaps":
        return MailBox(host, parts.port or 993, timeout=PATIENCE_SECONDS, ssl_context=context)
    if is_loopback(host):
        return MailBoxUnencrypted(host, parts.port or 143, timeout=PATIENCE_SECONDS)
    return MailBoxStartTls(host, parts.port or 143, timeout=PATIENCE_SECONDS, ssl_context=context)
