"""From a rendered mail to the ledger: freezing the message, writing one delivery for everybody who is owed it."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    text,
    true,
    update,
)

from app.delivery import turns, words
from app.delivery.addresses import Address, is_to, number_all, number_of
from app.delivery.columns import NUMBERS, State, seconds
from app.delivery.models import Delivery, Group, Message, OnUncertain, Suppression, as_files
from app.delivery.queue import Span
from app.delivery.rules import address_key
from app.delivery.suppression import stopped_by_hash, stops
from app.delivery.upsert import insert_from, insert_unless_there, is_postgresql
from app.kernel import clock, config, identity
from app.kernel.db import session
from app.kernel.mail import Attachment, Mail

Audience = Select[*tuple[Any, ...]]
"""A query with the columns ``address``, ``name``, ``subject_id`` and ``generation``; with ``address_key`` if known.

With ``address_id`` (see ``number_of``) it names each address once and is prepared several times as fast; best in the
order in which people came, as their numbers are.
"""


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
    expires_at: datetime | None = None,
) -> Message:
    """Store a rendered mail as the message of this group (``issue:12``); from here on nothing in it changes.

    ``kind`` ``issue``, ``at_once`` and ``welcome`` are list mail (RFC 2369, 2919, 8058). A mail without HTML is sent as
    plain text. One group may have several messages, one per audience class. Without ``from_`` and ``reply_to`` it comes
    from MAIL_FROM, and answers go to the contact address. After ``expires_at`` nothing of it leaves any more.
    """
    content = _content(mail, headers or {}, attachments)
    content["from_"] = from_ or config.current().mail_from
    content["reply_to"] = reply_to or identity.current().contact_email
    message = Message(
        **content,
        group=group,
        group_id=_group_id(group),
        kind=kind,
        lang=lang or mail.lang,
        calendar=calendar,
        content_hash=_hash({**content, "calendar": calendar.hex()}),
        reference=f"{secrets.token_hex(8)}@{config.current().mail_domain}",
        on_uncertain=OnUncertain(on_uncertain),
        expires_at=expires_at,
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
    expires_at: datetime | None = None,
    reply_to: str = "",
) -> Delivery:
    """Owe one mail to one address. A second call for the same group and address changes nothing.

    Single mails go before those of an issue; one whose outcome is in doubt is sent once more with the same Message-ID.
    After ``expires_at`` it does not leave any more: a reminder when the event has begun.
    """
    if known := _delivery_of(group, to):
        return known
    with_it: dict[str, Any] = {"headers": headers, "attachments": attachments, "calendar": calendar}
    with_it |= {"expires_at": expires_at, "reply_to": reply_to}
    message = freeze(group, kind, mail, on_uncertain=on_uncertain, **with_it)
    person = _one(to, name, subject_id, generation)
    prepare(message, person, subject_kind=subject_kind, priority=priority, due_at=due_at)
    delivery = _delivery_of(group, to)
    assert delivery is not None
    if delivery.state is State.QUEUED and stopped_by_hash(kind, to):
        delivery.state, delivery.reason_id = State.SKIPPED, words.number(None, "suppressed")
        session.flush()
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
    names them. Who leaves meanwhile waits for the end of this transaction, and is then skipped (see ``skip``). Raises
    CountMismatch if anybody of the audience is left without a row, IntegrityError if an audience with numbers names an
    address twice.
    """
    if not priority:
        turns.prepare_alone()
    message.subject_kind, message.priority = subject_kind, int(priority)
    first = _next_id()
    due_at = due_at or clock.now()  # the stretch and its deliveries are due at the same second
    written = _insert(message, _people(audience), due_at, distinct="address_id" in audience.selected_columns)
    if written:
        _skip_suppressed(message)
        last = _last_id()
        span = Span(message_id=message.id, first_id=first, last_id=last, priority=int(priority))
        span.due_at = due_at
        session.add(span)
        message.first_id, message.last_id = min(message.first_id or first, first), max(message.last_id, last)
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
        literal(number_of(to)).label("address_id"),
        literal(name).label("name"),
        cast(literal(subject_id), Integer).label("subject_id"),
        literal(generation).label("generation"),
    )


def _delivery_of(group: str, address: str) -> Delivery | None:
    wanted = select(Delivery).join(Group, Group.id == Delivery.group_id)
    return session.scalar(wanted.where(Group.name == group, is_to(address)))


def _group_id(name: str) -> int:
    insert_unless_there(Group.__table__, {"name": name})
    # Locked, so that two who prepare the same group at once do not both find it empty.
    return session.scalars(select(Group.id).where(Group.name == name).with_for_update()).one()


def _check_nobody_is_left_out(message: Message, people: Subquery) -> None:
    """Who has no row of this message must have one in its group, from before. Raises CountMismatch."""
    has_row = exists().where(Delivery.group_id == message.group_id, Delivery.address_id == people.c.number)
    left_out = session.scalar(select(func.count()).select_from(people).where(~has_row))
    if left_out:
        raise CountMismatch(f"{left_out} of the audience of {message.group} are without a delivery.")


def _next_id() -> int:
    """No row that is written from now on in this transaction has a smaller number."""
    if is_postgresql():
        return int(session.scalars(text("SELECT nextval('deliveries_id_seq')")).one())
    return (session.scalar(select(func.max(Delivery.id))) or 0) + 1


def _last_id() -> int:
    """No row that was written in this transaction has a greater number."""
    if is_postgresql():
        return int(session.scalars(text("SELECT currval('deliveries_id_seq')")).one())
    return session.scalar(select(func.max(Delivery.id))) or 0


def _people(audience: Audience) -> Subquery:
    """The audience, each with the number of the address; who has none is given one first."""
    asked = audience.subquery()
    columns = [asked.c.address, asked.c.name, asked.c.subject_id, asked.c.generation]
    if "address_id" in asked.c:
        return select(*columns, asked.c.address_key.label("key"), asked.c.address_id.label("number")).subquery()
    key = asked.c.address_key if "address_key" in asked.c else func.lower(asked.c.address)
    people = select(*columns, key.label("key")).subquery()
    number_all(people)
    numbered = select(*people.c, Address.id.label("number"))
    return numbered.outerjoin(Address, Address.address_key == people.c.key).subquery()


def _insert(message: Message, people: Subquery, due_at: datetime, *, distinct: bool) -> int:
    """One row for each of the people; those who have one in this group stay as they are; how many are new.

    Written in the order in which they are read, so that both indexes grow at their ends.
    """
    values = _values(message, people, literal(seconds(due_at)))
    rows = select(*values.values()).where(true())  # without WHERE, SQLite takes ON CONFLICT for the end of a join
    if is_postgresql() or not distinct:  # SQLite reads people in the order in which they came, unasked
        rows = rows.order_by(people.c.number)
    in_group = exists().where(Message.group == message.group, Message.prepared > 0)
    # If nobody has one yet and nobody is named twice, whoever was asked for has been written.
    new = distinct and not session.scalar(select(in_group))
    with _room_to_join():
        written = insert_from(Delivery.__table__, list(values), rows, new=new)
    if not new and written < (session.scalar(select(func.count()).select_from(people)) or 0):
        _check_nobody_is_left_out(message, people)
    return written


def _values(message: Message, people: Subquery, due: ColumnElement[int]) -> dict[str, ColumnElement[Any]]:
    """What is written of each of them, by column."""
    return {
        "message_id": literal(message.id),
        "group_id": literal(message.group_id),
        "subject_id": people.c.subject_id,
        "address_id": people.c.number,
        "queued_at": due,
        "due_at": due,
        "settled_at": literal(0),
        "reply_id": literal(0),
        "reason_id": literal(0),
        "state": literal(NUMBERS[State.QUEUED]),
        "attempt": literal(0),
        "doubts": literal(0),
        "generation": people.c.generation,
        "address_key": people.c.key,
        "written": case((people.c.address == people.c.key, ""), else_=people.c.address),
        "name": func.coalesce(people.c.name, ""),
    }


@contextmanager
def _room_to_join() -> Iterator[None]:
    """More memory for this one statement on PostgreSQL, 64 MB: people and what they take are matched in one go."""
    if not is_postgresql():
        yield
        return
    session.execute(text("SET LOCAL work_mem = '64MB'"))
    yield
    session.execute(text("SET LOCAL work_mem TO DEFAULT"))


def _skip_suppressed(message: Message) -> None:
    """Who is suppressed is written as skipped, so that the equation names them."""
    suppressed = select(Address.id).join(Suppression, Suppression.address_key == Address.address_key)
    theirs = Delivery.address_id.in_(suppressed.where(stops(message.kind))), Delivery.group_id == message.group_id
    waiting = Delivery.message_id == message.id, Delivery.state == State.QUEUED
    values = {"state": State.SKIPPED, "reason_id": words.number(None, "suppressed"), "settled_at": clock.now()}
    skipped = update(Delivery).where(*theirs, *waiting)
    session.execute(skipped.values(values).execution_options(synchronize_session=False))
