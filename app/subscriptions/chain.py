"""How declarations are chained: pure functions over what stands in their rows.

Each field of a declaration has a commitment, its salted hash. An entry's ``hash`` runs over its commitments and over
all that is not personal in it, and over the entry before; so personal values can be deleted and the chain still holds.
The ``seal`` of a chain stands in a table of its own, under the instance's key: it says how the chain ended.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

VERSION: Final = 2
_JSON: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
WHOLE: Final = ""  # the one field of version 1, whose commitment was over the whole content


class Entry(Protocol):
    """What the chain needs to know of a declaration."""

    id: int
    subscriber_id: int | None
    chain: str
    number: int
    kind: Any
    at: datetime
    version: int
    shown_text: str | None
    also_shown: dict[str, Any]
    content: dict[str, Any] | None
    salts: dict[str, Any]
    commitments: dict[str, Any]
    previous: str
    hash: str


def salts_for(content: Mapping[str, Any]) -> dict[str, str]:
    """A salt of 128 random bits for each field."""
    return {field: secrets.token_hex(16) for field in content}


def commitments(content: Mapping[str, Any], salts: Mapping[str, str]) -> dict[str, str]:
    """The salted hash that stands for each field in the chain."""
    return {field: sha256(salts[field], field, canonical(value)) for field, value in content.items()}


def entry_hash(entry: Entry) -> str:
    """The hash of an entry: over the entry before, and over all that is not personal in this one."""
    if entry.version == 1:
        committed = str(entry.commitments.get(WHOLE, ""))
        shown = entry.shown_text or ""
        return sha256(entry.previous, str(entry.number), str(entry.kind), entry.at.isoformat(), shown, committed)
    return sha256(
        str(entry.version),
        entry.chain,
        entry.previous,
        str(entry.number),
        str(entry.kind),
        entry.at.isoformat(),
        entry.shown_text or "",
        canonical(entry.also_shown),
        canonical(entry.commitments),
    )


def walked(so_far: str, entry: Entry) -> str:
    """How far a chain has come with this entry: what its seal is about."""
    return sha256(so_far, str(entry.id), entry.hash)


def broken(entries: Sequence[Entry], owner: int | None, *, erased: bool) -> list[int]:
    """The numbers of the entries that are not as they were declared; the entries of one chain, in their order.

    ``owner`` is the id of the person whose chain this is, None when that person is gone; ``erased``: whether they
    were erased, so that no personal value may be there, while before that none may be missing.
    """
    found, before, expected = [], "", 1
    for entry in entries:
        sound = (
            entry.number == expected
            and entry.previous == before
            and entry.subscriber_id == owner
            and _values_fit(entry, erased=erased)
            and entry.hash == entry_hash(entry)
        )
        if not sound:
            found.append(entry.number)
        before, expected = entry.hash, entry.number + 1
    return found


def _values_fit(entry: Entry, *, erased: bool) -> bool:
    if erased:
        return entry.content is None and entry.salts == {}
    if entry.content is None:
        return False
    if entry.version == 1:
        salt = str(entry.salts.get(WHOLE, ""))
        return entry.commitments == {WHOLE: sha256(salt, canonical(entry.content))}
    if entry.salts.keys() != entry.content.keys():
        return False
    return commitments(entry.content, entry.salts) == entry.commitments


def walk(entries: Iterable[Entry]) -> str:
    """How far a chain has come with all these entries."""
    so_far = ""
    for entry in entries:
        so_far = walked(so_far, entry)
    return so_far


def canonical(value: Any) -> str:
    """A value as JSON that is the same everywhere."""
    return _JSON.encode(value)


def sha256(*parts: str) -> str:
    """The SHA-256 of these parts, none of which can pass into its neighbour; 64 hexadecimal digits."""
    return hashlib.sha256("\n".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()
