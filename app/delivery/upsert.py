"""Inserting what may be there already: two processes that want the same row both find it afterwards."""

from typing import Any

from sqlalchemy import FromClause, Select
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.db import session


def insert_unless_there(table: FromClause, row: dict[str, Any]) -> None:
    """Insert this row; nothing happens if one with its key exists."""
    session.execute(_dialect().insert(table).values(row).on_conflict_do_nothing())


def insert_from(table: FromClause, columns: list[str], rows: Select[*tuple[Any, ...]]) -> None:
    """Insert what the query finds; rows whose key exists stay as they are. The query needs a WHERE (SQLite)."""
    insert = _dialect().insert(table).from_select(columns, rows)
    session.execute(insert.on_conflict_do_nothing())


def _dialect() -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
