"""The history of an address: appended, chained, sealed, never changed."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Select, delete, func, insert, null, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel import clock, tokens
from app.kernel.db import session
from app.subscriptions import chain as chains
from app.subscriptions.models import (
    Confirmation,
    Declaration,
    DeclarationKind,
    Seal,
    ShownText,
    SignUpRequest,
    Subscriber,
)

SEAL: Final = "declarations"
AT_ONCE: Final = 500
NOTED_EVERY: Final = timedelta(days=1)
MOST_DROPPED: Final = 1000
TOKEN: Final = re.compile(r"(/newsletter/[a-z-]+/)[\w-]+")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody declared: ``content`` are the personal values, the texts are hashes from ``keep_text``."""

    subscriber_id: int
    chain: str
    kind: DeclarationKind
    content: Mapping[str, Any]
    shown_text: str | None = None
    also_shown: Mapping[str, str] = field(default_factory=dict)


def keep_text(text: str, lang: str) -> str:
    """Archive a text as it was shown; its hash (SHA-256 of language and text)."""
    digest = hashlib.sha256(f"{lang}\n{text}".encode()).hexdigest()
    now = clock.now()
    known = session.get(ShownText, digest)
    if known is None:
        values = {"hash": digest, "lang": lang, "text": text, "first_shown_at": now, "last_shown_at": now}
        session.execute(_dialect().insert(ShownText).values(values).on_conflict_do_nothing())
    elif known.last_shown_at <= now - NOTED_EVERY:
        session.execute(update(ShownText).where(ShownText.hash == digest).values(last_shown_at=now))
    return digest


def unnamed_texts(shown_before: datetime) -> Sequence[str]:
    """Hashes of archived texts that no declaration and no open request names any more; 1,000 at most.

    Only such as were last shown before this moment: what is being shown now may be named in a moment. Looks through all
    declarations, and so belongs in a transaction that only reads.
    """
    old = select(ShownText.hash).where(ShownText.last_shown_at < shown_before)
    return session.scalars(old.except_(*_names_of_texts()).limit(MOST_DROPPED)).all()


def drop_texts(hashes: Sequence[str], shown_before: datetime) -> int:
    """Delete these texts, but for those that were shown again meanwhile; how many."""
    old = ShownText.last_shown_at < shown_before
    gone = session.execute(delete(ShownText).where(ShownText.hash.in_(hashes), old))
    session.expire_all()
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _names_of_texts() -> Iterator[Select[Any]]:
    """Every place in which the hash of a text may stand."""
    each = func.json_each_text if session.get_bind().dialect.name == "postgresql" else func.json_each
    for table in (Declaration, Confirmation, SignUpRequest):
        yield select(table.shown_text).where(table.shown_text.is_not(None))
    beside = (
        (Declaration, Declaration.also_shown),
        (Confirmation, Confirmation.asked["shown"]),
        (SignUpRequest, SignUpRequest.asked["shown"]),
    )
    for table, shown in beside:
        named = each(shown).table_valued("key", "value")
        yield select(named.c.value).select_from(table).join(named, true())


def without_tokens(text: str) -> str:
    """A mail's text without the secret parts of its links, so that it can be kept."""
    return TOKEN.sub(r"\1…", text)


def declare(
    subscriber: Subscriber,
    kind: DeclarationKind,
    content: Mapping[str, Any],
    shown_text: str | None = None,
    also_shown: Mapping[str, str] | None = None,
) -> Declaration:
    """Append an entry to the history of this address. ``shown_text`` is the hash of the text that was shown."""
    session.flush()
    session.execute(select(Subscriber.id).where(Subscriber.id == subscriber.id).with_for_update())  # one at a time
    said = Said(subscriber.id, subscriber.chain, kind, content, shown_text, also_shown or {})
    [entry_id] = declare_all([said])
    return session.get_one(Declaration, entry_id)


def declare_all(said: Sequence[Said]) -> list[int]:
    """Append entries to the histories of many addresses, in this order; the ids of the entries.

    For imports, 500 at once. The caller sees to it that nobody else appends to the same chains meanwhile: new ones, or
    people it has locked.
    """
    ends = _ends({one.chain for one in said})
    entries = []
    for one in said:
        entry = _entry(one, *ends.get(one.chain, (0, "")))
        ends[one.chain] = (entry.number, entry.hash)
        entries.append(entry)
    session.execute(insert(Declaration.__table__), [_row(entry) for entry in entries])  # type: ignore[arg-type]
    asked = select(Declaration.chain, Declaration.number, Declaration.id).where(Declaration.chain.in_(ends))
    ids = {(chain, number): entry_id for chain, number, entry_id in session.execute(asked)}
    for entry in entries:
        entry.id = ids[entry.chain, entry.number]
    _seal(entries)
    return [entry.id for entry in entries]


@dataclass(slots=True)
class _Entry:
    """A declaration on its way into its table: a model is too slow for 100,000 of them."""

    subscriber_id: int | None
    chain: str
    number: int
    kind: DeclarationKind
    at: datetime
    version: int
    shown_text: str | None
    also_shown: dict[str, Any]
    content: dict[str, Any] | None
    salts: dict[str, Any]
    commitments: dict[str, Any]
    previous: str
    hash: str = ""
    id: int = 0


_COLUMNS: Final = tuple(column.name for column in fields(_Entry) if column.name != "id")


def _entry(said: Said, length: int, previous: str) -> _Entry:
    salts = chains.salts_for(said.content)
    entry = _Entry(
        subscriber_id=said.subscriber_id,
        chain=said.chain,
        number=length + 1,
        kind=said.kind,
        at=clock.now(),
        version=chains.VERSION,
        shown_text=said.shown_text,
        also_shown=dict(said.also_shown),
        content=dict(said.content),
        salts=salts,
        commitments=chains.commitments(said.content, salts),
        previous=previous,
    )
    entry.hash = chains.entry_hash(entry)
    return entry


def _row(entry: _Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _COLUMNS}


def _ends(names: set[str]) -> dict[str, tuple[int, str]]:
    """Length and last hash of each of these chains."""
    asked = select(Declaration.chain, Declaration.number, Declaration.hash).where(Declaration.chain.in_(names))
    return {name: (number, last) for name, number, last in session.execute(asked.order_by(Declaration.number))}


def _seal(entries: Iterable[_Entry]) -> None:
    """Say anew how the chains of these entries end."""
    names = {entry.chain for entry in entries}
    known = dict(session.execute(select(Seal.chain, Seal.walked).where(Seal.chain.in_(names))).all())
    seals: dict[str, dict[str, Any]] = {}
    for entry in entries:
        known[entry.chain] = chains.walked(known.get(entry.chain, ""), entry)
        seals[entry.chain] = seal_values(entry.chain, entry.number, known[entry.chain])
    statement = _dialect().insert(Seal)
    changed = {name: statement.excluded[name] for name in ("length", "walked", "mac")}
    session.execute(statement.on_conflict_do_update(index_elements=["chain"], set_=changed), list(seals.values()))


def seal_values(chain: str, length: int, walked: str) -> dict[str, Any]:
    """The row that seals a chain of this length."""
    mac = tokens.keyed_hash(SEAL, f"{chain}:{length}:{walked}")
    return {"chain": chain, "length": length, "walked": walked, "mac": mac}


def history(subscriber: Subscriber) -> Sequence[Declaration]:
    """All declarations of this address, oldest first."""
    return entries_of(subscriber.chain)


def entries_of(chain: str) -> Sequence[Declaration]:
    """All entries of this chain, oldest first."""
    return session.scalars(select(Declaration).where(Declaration.chain == chain).order_by(Declaration.number)).all()


def texts_shown(entries: Sequence[Declaration]) -> dict[str | None, str]:
    """The texts that were shown with these declarations, by their hash."""
    wanted = {entry.shown_text for entry in entries if entry.shown_text}
    wanted |= {digest for entry in entries for digest in entry.also_shown.values()}
    return {shown.hash: shown.text for shown in session.scalars(select(ShownText).where(ShownText.hash.in_(wanted)))}


def empty(chain: str) -> None:
    """Delete the personal values of a chain that ends with an erasure; hashes and times stay, and it still holds."""
    session.execute(update(Declaration).where(Declaration.chain == chain).values(content=null(), salts={}))
    session.expire_all()


def drop(chain: Iterable[str]) -> None:
    """Delete whole chains with their seals: there is nothing to prove any more."""
    names = list(chain)
    session.execute(delete(Declaration).where(Declaration.chain.in_(names)))
    session.execute(delete(Seal).where(Seal.chain.in_(names)))


def tampered() -> dict[str, list[int]]:
    """Chains that are not as they were declared, with the numbers of the entries that show it.

    Found are: any changed value of an entry, an entry that was removed or put elsewhere, an end that was cut off (its
    number is the first that is missing), a chain without its seal or a seal without its chain, and a person without any
    chain (number 0).
    """
    people = dict(session.execute(select(Subscriber.chain, Subscriber.id)).all())
    seals = {seal.chain: seal for seal in session.scalars(select(Seal))}
    found: dict[str, list[int]] = {}
    for chain, entries in _chains():
        numbers = broken_in(entries, people.pop(chain, None), seals.pop(chain, None))
        if numbers:
            found[chain] = numbers
    return found | {chain: [0] for chain in sorted(people.keys() | seals.keys())}


def broken_in(entries: Sequence[Declaration], owner: int | None, seal: Seal | None) -> list[int]:
    """The numbers of the entries of one chain that show that it is not as it was declared."""
    erased = bool(entries) and owner is None and entries[-1].kind is DeclarationKind.ERASED
    numbers = set(chains.broken(entries, owner, erased=erased))
    last = entries[-1].number if entries else 0
    if owner is None and not erased:
        numbers.add(last)
    if seal is None or not _holds(seal):
        numbers.add(last)
    elif seal.length != len(entries):
        numbers.add(len(entries) + 1)
    elif seal.walked != chains.walk(entries):
        numbers = numbers or {last}
    return sorted(numbers)


def seal_of(chain: str) -> Seal | None:
    """The seal of this chain."""
    return session.get(Seal, chain)


def _holds(seal: Seal) -> bool:
    return seal.mac in tokens.keyed_hashes(SEAL, f"{seal.chain}:{seal.length}:{seal.walked}")


def _chains() -> Iterator[tuple[str, list[Declaration]]]:
    ordered = select(Declaration).order_by(Declaration.chain, Declaration.number, Declaration.id)
    rows = session.scalars(ordered.execution_options(yield_per=AT_ONCE, populate_existing=True))
    for chain, entries in groupby(rows, key=lambda entry: entry.chain):
        yield chain, list(entries)


def _dialect() -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
