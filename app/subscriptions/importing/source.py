"""What stands in a file: rows of text, one after the other, from CSV or XLSX, without holding the file in memory."""

import codecs
import csv
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.kernel.errors import Invalid
from app.kernel.i18n import lazy
from app.kernel.later import Later

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = Later("openpyxl")

DELIMITERS: Final = (";", ",", "\t")
SHOWN: Final = 10  # rows in the preview
MOST_COLUMNS: Final = 60
MOST_CHARACTERS: Final = 2000  # of one cell: what is longer is no name and no address
MOST_UNPACKED: Final = 300 * 1024 * 1024  # bytes of an XLSX, which is a ZIP file
MOST_HELD: Final = 40 * 1024 * 1024  # bytes of what is no sheet, above all its texts: those have to be held in memory
_BLOCK: Final = 1 << 16
_SAMPLE: Final = 20  # lines that show which delimiter a file has
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f]")
_GUARDS: Final = ("'=", "'+", "'-", "'@")


def kind_of(path: Path) -> str:
    """Whether it is ``xlsx`` or ``csv``, by its content. Raises Invalid(file=…) for anything else."""
    with path.open("rb") as file:
        start = file.read(_BLOCK)
    if start.startswith(b"PK\x03\x04"):
        _check_workbook(path)
        return "xlsx"
    if not start.strip():
        raise Invalid(file=lazy("Die Datei ist leer. Bitte wählen Sie eine Datei mit Adressen."))
    if b"\x00" in start or start.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")):
        advice = lazy("Bitte speichern Sie die Liste als CSV oder XLSX, und wählen Sie diese Datei.")
        raise Invalid(file=advice)
    return "csv"


def rows(path: Path, kind: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with any content, each with its number as a spreadsheet counts; moments in ISO 8601.

    Cells are text without blanks at the ends. Raises Invalid(file=…).
    """
    found = _from_workbook(path) if kind == "xlsx" else _from_text(path)
    for number, cells in enumerate(found, 1):
        if any(cells):
            yield number, cells


def entries(path: Path, kind: str) -> Iterator[tuple[int, list[str]]]:
    """The rows without the heading, if there is one. Raises Invalid(file=…)."""
    every = rows(path, kind)
    for number, cells in every:
        if not has_heading(cells):
            yield number, cells
        break
    yield from every


def head(path: Path, kind: str) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the first ten rows below them.

    A first row with an address in it is no heading: then the columns are numbered. Raises Invalid(file=…).
    """
    first = [cells for _number, cells in islice(rows(path, kind), SHOWN + 1)]
    if not first:
        raise Invalid(file=lazy("Die Datei ist leer. Bitte wählen Sie eine Datei mit Adressen."))
    width = max(len(row) for row in first)
    if width > MOST_COLUMNS:
        raise Invalid(file=lazy("Die Datei hat zu viele Spalten. Bitte behalten Sie nur die nötigen."))
    if has_heading(first[0]):
        names, below = first[0], first[1:]
    else:
        names, below = [""] * width, first[:SHOWN]
    return [*names, *[""] * (width - len(names))], below


def has_heading(first: list[str]) -> bool:
    """Whether the first row names the columns: no cell of it is an address."""
    return not any("@" in cell for cell in first)


def estimate(path: Path, kind: str) -> int:
    """About how many rows there are, without reading them: for the progress only."""
    if kind == "xlsx":
        return 0
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))


def _from_text(path: Path) -> Iterator[list[str]]:
    encoding = _encoding(path)
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            delimiter = _delimiter(list(islice(file, _SAMPLE)))
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            for row in csv.reader(file, delimiter=delimiter):
                yield [_text(cell) for cell in row]
    except csv.Error as error:  # also a cell of more than 128 KB
        advice = lazy("Die Datei lässt sich nicht als Tabelle lesen. Bitte speichern Sie sie neu als CSV oder XLSX.")
        raise Invalid(file=advice) from error


def _encoding(path: Path) -> str:
    """UTF-8 with or without a byte order mark if every byte agrees, else Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _delimiter(sample: list[str]) -> str:
    """The delimiter that parts the lines alike; the one with the most columns among those."""

    def columns(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        usual = max(set(counts), key=counts.count) if counts else 0
        return (usual > 1) * counts.count(usual), usual

    return max(DELIMITERS, key=columns)


def _from_workbook(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size may be wrong
            for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1):
                yield _trimmed([_written(cell) for cell in row])
        except _UNREADABLE as error:
            raise Invalid(file=_BROKEN) from error


# What openpyxl and zipfile raise for a workbook that is damaged, encrypted (RuntimeError), or made to harm.
_UNREADABLE: Final = (
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RuntimeError),
    *(EOFError, OSError, SyntaxError, zipfile.BadZipFile, zlib.error),
)
_BROKEN: Final = lazy("Die Excel-Datei lässt sich nicht lesen. Bitte speichern Sie sie neu als XLSX oder CSV.")


def _check_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            held = sum(entry.file_size for entry in entries if not entry.filename.startswith("xl/worksheets/"))
            known = "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile as error:
        raise Invalid(file=_BROKEN) from error
    if not known:
        raise Invalid(file=lazy("Bitte speichern Sie die Liste als CSV oder XLSX, und wählen Sie diese Datei."))
    if unpacked > MOST_UNPACKED or held > MOST_HELD:
        raise Invalid(file=lazy("Die Excel-Datei ist zu groß. Bitte speichern Sie sie als CSV, oder teilen Sie sie."))


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _text(str(cell))


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(cell: str) -> str:
    """One line without blanks at its ends, and without the mark that keeps a program from computing it."""
    text = _CONTROLS.sub("", " ".join(cell[:MOST_CHARACTERS].split()))
    return text[1:] if text.startswith(_GUARDS) else text
