"""Forgetting somebody everywhere, with a protocol that does not know who it was; and doing so again after a restore."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from app import delivery
from app.kernel import clock, config, privacy, tokens
from app.kernel.db import session
from app.subscriptions.disclosure import ERASED
from app.subscriptions.importing import forgetting
from app.subscriptions.models import Erasure, Subscriber
from app.subscriptions.retention import proof_start

LIST: Final = "erasures.list"
PROTOCOL: Final = "subscriptions.erasures"
WHOLE_LINE: Final = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]{8,15}\+00:00) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list beside the database: when which keyed hash was erased."""

    at: datetime
    digest: str


def known(address: str) -> list[tuple[privacy.PersonalData, list[privacy.Record]]]:
    """All that is kept about an address, in every feature."""
    return privacy.disclose(delivery.address_key(address))


def remaining(found: Sequence[tuple[privacy.PersonalData, list[privacy.Record]]]) -> list[privacy.PersonalData]:
    """What an erasure would leave of this; the protocol of the erasure in any case."""
    there = {kind.name for kind, _records in found} | {PROTOCOL}
    return [kind for kind in privacy.kinds(demo=True) if kind.remains and kind.name in there]


def is_known(address: str) -> bool:
    """Whether anything is kept about an address."""
    return bool(known(address))


def forget_everywhere(
    address: str, by: str, *, actor_id: int | None = None, never_again: bool = False, at: datetime | None = None
) -> Erasure:
    """Delete all that is kept about an address, in every feature, and what waits to be sent to it.

    ``by`` is person, desk, command or replay. ``never_again``: it wants no mail ever again, which only a keyed hash
    remembers. The protocol says when, by whom and how many rows; not who.
    """
    forgetting.hold_still()
    key = delivery.address_key(address)
    every = privacy.addresses_of(key)
    chains = session.scalars(select(Subscriber.chain).where(Subscriber.normalised.in_(every))).all()
    counts = privacy.erase(key)
    if never_again:
        delivery.suppress(key, "wish")
        delivery.forget_address(key)
    erasure = Erasure(
        at=at or clock.now(),
        by=by,
        actor_id=actor_id,
        digest=tokens.keyed_hash(ERASED, key),
        chains=sorted(chains),
        counts=counts,
    )
    session.add(erasure)
    session.flush()
    return erasure


def list_path() -> Path:
    """Where the list of erasures stands: beside the database, so that a restored backup does not take it back."""
    return config.current().instance_path / LIST


def write_list() -> int:
    """Add the erasures that are not in the list yet; how many those were. Keyed hashes and times, nothing else."""
    path = list_path()
    there = set(read_list(path))
    rows = session.execute(select(Erasure.at, Erasure.digest).order_by(Erasure.at, Erasure.id)).all()
    missing = [Listed(at, digest) for at, digest in rows if Listed(at, digest) not in there]
    if missing:
        _append(path, missing)
    return len(missing)


def prune_list() -> int:
    """Take out of the list what the protocol need not say any longer; how many lines."""
    path = list_path()
    lines = read_list(path)
    kept = [line for line in lines if line.at >= proof_start()]
    if len(kept) < len(lines):
        part = path.with_suffix(".part")
        _append(part, kept)
        part.replace(path)
    return len(lines) - len(kept)


def _append(path: Path, lines: Iterable[Listed]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write("\n" if file.tell() else "")  # a line that was cut off does not take the next one with it
        file.writelines(f"{line.at.isoformat()} {line.digest}\n" for line in lines)
    path.chmod(0o600)


def read_list(path: Path) -> list[Listed]:
    """The lines of a list; one that was cut off in the middle is passed over."""
    if not path.exists():
        return []
    whole = (WHOLE_LINE.fullmatch(line) for line in path.read_text(encoding="ascii").splitlines())
    return [Listed(datetime.fromisoformat(line[1]), line[2]) for line in whole if line]


def replay() -> int:
    """Erase again what a restored backup brought back; how many addresses.

    Those are in the list and not in the protocol of this database, since that is as old as the backup.
    """
    done = {Listed(at, digest) for at, digest in session.execute(select(Erasure.at, Erasure.digest))}
    open_ = {line.digest: line for line in read_list(list_path()) if line not in done}
    found = 0
    for address in sorted(privacy.holders()) if open_ else ():
        line = _listed(address, open_)
        if line is not None:
            forget_everywhere(address, "replay", at=line.at)
            found += 1
    return found


def _listed(address: str, lines: dict[str, Listed]) -> Listed | None:
    return next((lines[digest] for digest in tokens.keyed_hashes(ERASED, address) if digest in lines), None)


def flat(found: Iterable[tuple[privacy.PersonalData, list[privacy.Record]]]) -> list[dict[str, Any]]:
    """What is kept about somebody, as JSON knows it."""
    return [
        {
            "kind": kind.name,
            "what": str(kind.what),
            "purpose": str(kind.purpose),
            "basis": str(kind.basis),
            "kept": str(kind.period.sentence),
            "records": [
                {
                    "title": str(record.title),
                    "facts": [{"name": one.name, "label": str(one.label), "value": one.value} for one in record.facts],
                }
                for record in records
            ],
        }
        for kind, records in found
    ]
