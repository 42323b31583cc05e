"""The history of an address: appended, chained, never changed."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import session
from app.subscriptions.models import Declaration, DeclarationKind, ShownText, Subscriber
from app.subscriptions.rules import broken_links, commitment, link


def keep_text(text: str, lang: str) -> str:
    """Archive a text as it was shown; its hash (SHA-256 of language and text)."""
    digest = hashlib.sha256(f"{lang}\n{text}".encode()).hexdigest()
    if session.get(ShownText, digest) is None:
        session.add(ShownText(hash=digest, lang=lang, text=text, first_shown_at=clock.now()))
        session.flush()
    return digest


def declare(
    subscriber: Subscriber, kind: DeclarationKind, content: dict[str, Any], shown_text: str | None = None
) -> Declaration:
    """Append an entry to the history of this address. ``shown_text`` is the hash of the text that was shown."""
    session.execute(select(Subscriber.id).where(Subscriber.id == subscriber.id).with_for_update())  # one at a time
    last = session.scalar(
        select(Declaration).where(Declaration.chain == subscriber.chain).order_by(Declaration.number.desc()).limit(1)
    )
    salt, at = secrets.token_hex(16), clock.now()
    number, previous = (last.number + 1, last.hash) if last else (1, "")
    committed = commitment(salt, content)
    entry = Declaration(
        subscriber_id=subscriber.id,
        chain=subscriber.chain,
        number=number,
        kind=kind,
        at=at,
        shown_text=shown_text,
        content=content,
        salt=salt,
        commitment=committed,
        previous=previous,
        hash=link(previous, number, kind, at, shown_text, committed),
    )
    session.add(entry)
    session.flush()
    return entry


def history(subscriber: Subscriber) -> Sequence[Declaration]:
    """All declarations of this address, oldest first."""
    return session.scalars(
        select(Declaration).where(Declaration.chain == subscriber.chain).order_by(Declaration.number)
    ).all()


def texts_shown(entries: Sequence[Declaration]) -> dict[str | None, str]:
    """The texts that were shown with these declarations, by their hash."""
    wanted = {entry.shown_text for entry in entries if entry.shown_text}
    return {shown.hash: shown.text for shown in session.scalars(select(ShownText).where(ShownText.hash.in_(wanted)))}


def tampered() -> dict[str, list[int]]:
    """Chains in which an entry was changed or is missing, with the numbers of those entries."""
    found: dict[str, list[int]] = {}
    for chain in session.scalars(select(Declaration.chain).distinct()).all():
        entries = session.scalars(select(Declaration).where(Declaration.chain == chain).order_by(Declaration.number))
        if broken := broken_links(entries):
            found[chain] = broken
    return found
