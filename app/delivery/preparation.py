"""From a rendered mail to the ledger: freezing the message, writing one delivery for everybody who is owed it."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, Subquery, case, cast, exists, func, literal, select, true

from app.delivery.models import Delivery, Message, OnUncertain, State, Suppression, as_files
from app.delivery.rules import address_key
from app.delivery.suppression import stopped_by_hash, stops
from app.delivery.upsert import insert_from
from app.kernel import clock, config, identity
from app.kernel.db import session
from app.kernel.mail import Attachment, Mail

Audience = Select[*tuple[Any, ...]]
"""A query with the columns ``address``, ``name``, ``subject_id`` and ``generation``; with ``address_key`` if known."""


class CountMismatch(RuntimeError):
    """The deliveries that were written are not those of the audience; nothing of it is kept."""


def freeze(
    group: str,
    kind: str,
    mail: Mail,
    lang: str = "",
    headers: Mapping[str, str] | None = None,
    *,
    attachments: Sequence[Attachment] = (),
    calendar: bytes = b"",
    on_uncertain: OnUncertain | str = OnUncertain.HOLD,
    from_: str = "",
    reply_to: str = "",
) -> Message:
    """Store a rendered mail as the message of this group (``issue:12``); from here on nothing in it changes.

    ``kind`` ``issue``, ``at_once`` and ``welcome`` are list mail (RFC 2369, 2919, 8058). A mail without HTML is sent as
    plain text. One group may have several messages, one per audience class. Without ``from_`` and ``reply_to`` it comes
    from MAIL_FROM, and answers go to the contact address.
    """
    settings = config.current()
    content = _content(mail, headers or {}, attachments)
    content["from_"] = from_ or settings.mail_from
    content["reply_to"] = reply_to or identity.current().contact_email
    message = Message(
        **content,
        group=group,
        kind=kind,
        lang=lang or mail.lang,
        calendar=calendar,
        content_hash=_hash({**content, "calendar": calendar.hex()}),
        reference=f"{secrets.token_hex(8)}@{settings.mail_domain}",
        on_uncertain=OnUncertain(on_uncertain),
        prepared=0,
        created_at=clock.now(),
    )
    session.add(message)
    session.flush()
    return message


def queue_one(
    kind: str,
    mail: Mail,
    to: str,
    *,
    group: str,
    name: str = "",
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    calendar: bytes = b"",
    subject_id: int | None = None,
    subject_kind: str = "subscription",
    generation: int = 1,
    priority: bool = True,
    on_uncertain: OnUncertain | str = OnUncertain.RESEND,
    due_at: datetime | None = None,
) -> Delivery:
    """Owe one mail to one address. A second call for the same group and address changes nothing.

    Single mails go before those of an issue; one whose outcome is in doubt is sent once more with the same Message-ID.
    """
    if known := _delivery_of(group, to):
        return known
    message = freeze(
        group, kind, mail, headers=headers, attachments=attachments, calendar=calendar, on_uncertain=on_uncertain
    )
    person = _one(to, name, subject_id, generation)
    prepare(message, person, subject_kind=subject_kind, priority=priority, due_at=due_at)
    delivery = _delivery_of(group, to)
    assert delivery is not None
    if delivery.state is State.QUEUED and stopped_by_hash(kind, to):
        delivery.state, delivery.reason = State.SKIPPED, "suppressed"
    return delivery


def prepare(
    message: Message,
    audience: Audience,
    *,
    subject_kind: str = "subscription",
    priority: bool = False,
    due_at: datetime | None = None,
) -> int:
    """Write one delivery for everybody in the audience, in one statement; how many were written.

    Who already has one in this group gets no second; who is suppressed is written as skipped, so that the equation
    names them. Raises CountMismatch if anybody of the audience is left without a row.
    """
    people = _people(audience)
    before = _count_of(message)
    _insert_new(message, people, subject_kind, int(priority), due_at)
    written = _count_of(message) - before
    has_row = exists().where(Delivery.group == message.group, Delivery.address_key == people.c.key)
    left_out = session.scalar(select(func.count()).select_from(people).where(~has_row))
    if left_out:
        raise CountMismatch(f"{left_out} of the audience of {message.group} are without a delivery.")
    message.prepared += written
    session.flush()
    return written


def _content(mail: Mail, headers: Mapping[str, str], attachments: Sequence[Attachment]) -> dict[str, Any]:
    return {
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "headers": dict(headers),
        "files": as_files(attachments),
    }


def _hash(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _one(to: str, name: str, subject_id: int | None, generation: int) -> Audience:
    return select(
        literal(to).label("address"),
        literal(address_key(to)).label("address_key"),
        literal(name).label("name"),
        cast(literal(subject_id), Integer).label("subject_id"),
        literal(generation).label("generation"),
    )


def _delivery_of(group: str, address: str) -> Delivery | None:
    return session.scalar(select(Delivery).where(Delivery.group == group, Delivery.address_key == address_key(address)))


def _count_of(message: Message) -> int:
    return session.scalar(select(func.count()).where(Delivery.message_id == message.id)) or 0


def _people(audience: Audience) -> Subquery:
    asked = audience.subquery()
    key = asked.c.address_key if "address_key" in asked.c else func.lower(asked.c.address)
    return select(asked.c.address, asked.c.name, asked.c.subject_id, asked.c.generation, key.label("key")).subquery()


def _insert_new(message: Message, people: Subquery, subject_kind: str, priority: int, due_at: datetime | None) -> None:
    """One row for each of the people; those who have one in this group stay as they are."""
    now = clock.now()
    suppressed = exists().where(Suppression.address_key == people.c.key, stops(message.kind))
    values: dict[str, Any] = {
        "message_id": literal(message.id),
        "group": literal(message.group),
        "address": people.c.address,
        "address_key": people.c.key,
        "name": func.coalesce(people.c.name, ""),
        "subject_kind": literal(subject_kind),
        "subject_id": people.c.subject_id,
        "generation": people.c.generation,
        "priority": literal(priority),
        "state": case((suppressed, State.SKIPPED.value), else_=State.QUEUED.value),
        "reason": case((suppressed, "suppressed"), else_=""),
        "attempt": literal(0),
        "doubts": literal(0),
        "smtp_text": literal(""),
        "queued_at": literal(now, Delivery.queued_at.type),
        "due_at": literal(due_at or now, Delivery.due_at.type),
    }
    rows = select(*values.values()).where(true())  # without WHERE, SQLite takes ON CONFLICT for the end of a join
    insert_from(Delivery.__table__, list(values), rows)
