"""The list of who takes what, as a file: with the filters of the desk, row by row, safe to open in a spreadsheet."""

from app.subscriptions.exporting.files import FORMATS, Exported, write
from app.subscriptions.exporting.rows import COLUMNS, guarded

__all__ = ["COLUMNS", "FORMATS", "Exported", "guarded", "write"]
