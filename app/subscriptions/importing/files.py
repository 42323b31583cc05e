"""Where the files of an import lie: the list as it was handed in, and the report of its check."""

import contextlib
import csv
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from app.kernel import config
from app.subscriptions.importing.verdicts import Judged

_BLOCK: Final = 1 << 20


def source(import_id: int) -> Path:
    """The list as it was handed in."""
    return _folder() / f"{import_id}.list"


def report(import_id: int) -> Path:
    """One line for each row that was checked: number, address, verdict, reason, what the reason is about."""
    return _folder() / f"{import_id}.report"


def store(file: IO[bytes]) -> Path:
    """Keep what was handed in under a name of its own, readable for nobody else, until the import has a number."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{os.urandom(8).hex()}.new"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
        shutil.copyfileobj(file, kept, _BLOCK)
    return path


def append_report(import_id: int, length: int, judged: Iterable[Judged]) -> int:
    """Write these lines behind the first ``length`` bytes, which are known to be good; the new length."""
    path = report(import_id)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8", newline="") as file:
        file.seek(length)
        file.truncate()
        writer = csv.writer(file)
        for one in judged:
            address = one.address.mailbox if one.address else one.row.email
            writer.writerow((one.row.number, address, one.verdict.value, one.reason, one.about))
        file.flush()
        return file.tell()


def read_report(import_id: int) -> Iterator[list[str]]:
    """The lines of the report; none if it is deleted already."""
    with contextlib.suppress(FileNotFoundError), report(import_id).open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def delete(import_id: int, *, report_too: bool) -> None:
    """Delete the list, and the report if that is wanted; what is not there is not missed."""
    source(import_id).unlink(missing_ok=True)
    if report_too:
        report(import_id).unlink(missing_ok=True)


def strays(known: set[int]) -> list[Path]:
    """Files that belong to no import with one of these numbers: left behind when something broke off."""
    if not _folder().is_dir():
        return []
    return [path for path in _folder().iterdir() if not (path.stem.isdigit() and int(path.stem) in known)]


def _folder() -> Path:
    return config.current().instance_path / "imports"
