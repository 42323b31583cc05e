"""Mails come in, by pipe or from the mailbox: each is read outside of any transaction, and recorded in its own."""

import logging
from collections.abc import Sequence
from typing import BinaryIO, Final

from app.delivery.inbound import record
from app.delivery.inbound.mailbox import TROUBLE, opened
from app.delivery.inbound.mime import MOST_BYTES
from app.delivery.inbound.read import read
from app.delivery.inbound.reading import Kind, Reading
from app.delivery.inbound.record import Handler
from app.delivery.inbound.who import House
from app.kernel import config
from app.kernel.db import transaction

CHUNK: Final = 65_536
FETCHED_AT_ONCE: Final = 200

log = logging.getLogger("rundbrief.inbound")


def read_limited(stream: BinaryIO) -> bytes:
    """The first megabyte and a byte of what is handed in; the rest is read and dropped, so that the sender may end."""
    kept = bytearray()
    while chunk := stream.read(CHUNK):
        if len(kept) <= MOST_BYTES:
            kept += chunk
    return bytes(kept[: MOST_BYTES + 1])


def receive(raw: bytes, handlers: Sequence[Handler], envelope_to: str = "") -> Kind:
    """Take one mail, whatever it holds; what it was. Raises only if the database does not take the record."""
    reading = _read(raw, envelope_to)
    with transaction():
        mail = record.take(raw, reading, handlers)
        said = mail.kind, mail.cause, mail.consequence, mail.id
    log.info("A mail came in: %s %s, %s (%d).", *said)
    return reading.kind


def fetch(handlers: Sequence[Handler]) -> int:
    """Take what waits in the mailbox (IMAP_URL), 200 mails at most; how many. Each is put aside once it is recorded.

    What happens between the two happens again: a mail that comes twice changes nothing.
    """
    settings = config.current()
    if not settings.imap_url:
        return 0
    taken = 0
    try:
        with opened(settings.imap_url, settings.ca_file) as inbox:
            for uid in inbox.waiting(FETCHED_AT_ONCE):
                raw = inbox.content(uid)
                if raw is not None:
                    kind = receive(raw, handlers)
                    inbox.put_aside(uid, understood=kind is not Kind.UNKNOWN)
                    taken += 1
    except TROUBLE as error:
        log.warning("The mailbox does not answer as it should: %s", error)
    return taken


def _read(raw: bytes, envelope_to: str) -> Reading:
    try:
        return read(raw, House.of(config.current()), envelope_to)
    except Exception:
        log.exception("A mail could not be read; it is kept.")
        return Reading(kind=Kind.UNKNOWN, cut=len(raw) > MOST_BYTES)
