"""Inserting what may be there already: two processes that want the same row both find it afterwards."""

from typing import Any

from sqlalchemy import CursorResult, FromClause, Select
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.db import session


def insert_unless_there(table: FromClause, row: dict[str, Any]) -> None:
    """Insert this row; nothing happens if one with its key exists."""
    session.execute(_dialect().insert(table).values(row).on_conflict_do_nothing())


def insert_many_unless_there(table: FromClause, rows: list[dict[str, Any]]) -> None:
    """Insert these rows; those whose key exists stay as they are."""
    session.execute(_dialect().insert(table).on_conflict_do_nothing(), rows)


def insert_from(table: FromClause, columns: list[str], rows: Select[*tuple[Any, ...]], *, new: bool = False) -> int:
    """Insert what the query finds, and say how many; rows whose key exists stay as they are.

    The query needs a WHERE (SQLite). ``new``: no key exists; PostgreSQL then need not look first, and raises
    IntegrityError if one does.
    """
    insert = _dialect().insert(table).from_select(columns, rows)
    insert = insert if new else insert.on_conflict_do_nothing()
    done = session.execute(insert.execution_options(preserve_rowcount=True))
    assert isinstance(done, CursorResult)
    return done.rowcount


def is_postgresql() -> bool:
    """Whether the database is PostgreSQL, where it matters."""
    return session.get_bind().dialect.name == "postgresql"


def _dialect() -> Any:
    return postgresql if is_postgresql() else sqlite
