"""Exports as CSV, XLSX and JSON, written to a temporary file, so that 100,000 rows need no memory."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, Final

from app.kernel import audit
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy
from app.kernel.later import Later
from app.subscriptions.exporting.rows import COLUMNS, guarded, rows, written
from app.subscriptions.queries import Filter

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = Later("openpyxl")

_IN_MEMORY: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export: open at its beginning, deleted when it is closed."""

    file: IO[bytes]
    mimetype: str
    suffix: str
    count: int


def write(wanted: Filter, form: str) -> Exported:
    """Write the subscriptions that the filter finds as ``csv``, ``xlsx`` or ``json``, and note it in the audit log.

    CSV is UTF-8 with a byte order mark and semicolons, as Excel wants it. Raises Invalid(format=…) for another form.
    """
    if form not in FORMATS:
        raise Invalid(format=lazy("Bitte wählen Sie CSV, XLSX oder JSON."))
    mimetype, put = FORMATS[form]
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  (whoever asked reads and closes it)
    count = put(file, rows(wanted))
    file.seek(0)
    chosen = {"newsletter": wanted.newsletter, "state": wanted.state, "searched": bool(wanted.text)}
    audit.record("subscriptions_exported", f"subscriptions:{form}", {**chosen, "rows": count})
    return Exported(file, mimetype, form, count)


def _csv(file: IO[bytes], found: Iterable[tuple[Any, ...]]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    count = 0
    for row in found:
        writer.writerow([guarded(written(value)) for value in row])
        count += 1
    text.flush()
    text.detach()
    return count


def _xlsx(file: IO[bytes], found: Iterable[tuple[Any, ...]]) -> int:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Rundbrief")
    sheet.append(COLUMNS)
    count = 0
    for row in found:
        sheet.append([guarded(written(value)) for value in row])
        count += 1
    book.save(file)
    return count


def _json(file: IO[bytes], found: Iterable[tuple[Any, ...]]) -> int:
    count = 0
    file.write(b"[")
    for count, row in enumerate(found, 1):
        said = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in zip(COLUMNS, row, strict=True)
        }
        file.write((",\n " if count > 1 else "\n ").encode() + json.dumps(said, ensure_ascii=False).encode())
    file.write(b"\n]\n")
    return count


FORMATS: Final[dict[str, tuple[str, Callable[[IO[bytes], Iterable[tuple[Any, ...]]], int]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "json": ("application/json", _json),
}
