"""Who is sending at the moment: a lock file per sender, which the operating system lets go of when the sender dies.

A dead sender on the same host is recognised at once by its free lock; a lost host by its expired lease.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from app.kernel import config


@contextmanager
def living() -> Iterator[str]:
    """Be a sender inside the block; gives its name, ``<place>-<process>-<random>``."""
    owner = f"{_place()}-{os.getpid()}-{secrets.token_hex(4)}"
    path = _folder() / owner
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield owner
        finally:
            path.unlink(missing_ok=True)


def is_here(owner: str) -> bool:
    """Whether this sender runs, or ran, where its lock can be seen."""
    return owner.partition("-")[0] == _place()


def is_alive(owner: str) -> bool:
    """Whether a sender of this place still holds its lock; the file of a dead one is removed."""
    path = _folder() / owner
    try:
        with path.open() as file:
            if not _free(file):
                return True
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        pass
    return False


def _free(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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
