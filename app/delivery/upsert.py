"""Inserting what may be there already: two processes that want the same row both find it afterwards."""

from typing import Any

from sqlalchemy import CursorResult, FromClause, Select
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.db import session


def insert_unless_there(table: FromClause, row: dict[str, Any]) -> None:
    """Insert this row; nothing happens if one with its key exists."""
    session.execute(_dialect().insert(table).values(row).on_conflict_do_nothing())


def insert_from(table: FromClause, columns: list[str], rows: Select[*tuple[Any, ...]]) -> int:
    """Insert what the query finds, and say how many; rows whose key exists stay as they are.

    The query needs a WHERE (SQLite).
    """
    insert = _dialect().insert(table).from_select(columns, rows)
    done = session.execute(insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True))
    assert isinstance(done, CursorResult)
    return done.rowcount


def is_postgresql() -> bool:
    """Whether the database is PostgreSQL, where it matters."""
    return session.get_bind().dialect.name == "postgresql"


def _dialect() -> Any:
    return postgresql if is_postgresql() else sqlite
