"""Who is sending at the moment: a lock file per sender, which the operating system lets go of when the sender dies.

A dead sender on the same host is recognised at once by its free lock; a lost host by its expired lease. Beside the lock
lies the sender's journal.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from app.delivery import journal
from app.delivery.journal import Journal, Trace
from app.kernel import config


class Living(NamedTuple):
    """A sender: its name, ``<place>-<process>-<random>``, and its journal."""

    owner: str
    journal: Journal


@contextmanager
def living() -> Iterator[Living]:
    """Be a sender inside the block. Whoever leaves it by an error leaves the journal for those who take over."""
    owner = f"{_place()}-{os.getpid()}-{secrets.token_hex(4)}"
    path = _folder() / owner
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        written = Journal(_journal(owner))
        try:
            yield Living(owner, written)
        finally:
            written.close()
        forget(owner)


def is_here(owner: str) -> bool:
    """Whether this sender runs, or ran, where its lock can be seen."""
    return owner.partition("-")[0] == _place()


def is_alive(owner: str) -> bool:
    """Whether a sender of this place still holds its lock."""
    try:
        with (_folder() / owner).open() as file:
            return not _free(file)
    except FileNotFoundError:
        return False


def trace(owner: str, recorded_to: int) -> Trace | None:
    """What a dead sender of this place wrote down; None if that is gone or cannot be read."""
    try:
        return journal.read(_journal(owner), recorded_to)
    except (FileNotFoundError, ValueError):
        return None


def forget(owner: str) -> None:
    """Remove what is left of a sender whose deliveries are all accounted for."""
    for path in (_journal(owner), _journal(owner).with_suffix(".draft"), _folder() / owner):
        path.unlink(missing_ok=True)


def _free(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _journal(owner: str) -> Path:
    return _folder() / f"{owner}.journal"


def _folder() -> Path:
    folder = config.current().instance_path / "senders"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _place() -> str:
    """The name of this instance folder: whoever shares it can see the locks in it."""
    path = _folder() / "place"
    try:
        return path.read_text()
    except FileNotFoundError:
        draft = path.with_name(f"place.{secrets.token_hex(4)}")
        draft.write_text(secrets.token_hex(6))
        with suppress(FileExistsError):
            os.link(draft, path)  # whoever is first decides
        draft.unlink()
        return path.read_text()
