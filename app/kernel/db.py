"""The database: typed models on our own Base, and sessions that only read unless they were opened for writing.

Every transaction begins read-only, and the database itself enforces it (``PRAGMA query_only``, ``SET TRANSACTION READ
ONLY``). ``begin_write()`` ends it, forgets what was read under it and begins one that may write: on SQLite with
``BEGIN IMMEDIATE``, so that two writers queue instead of failing halfway.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, FromClause, MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, UOWTransaction, registry
from sqlalchemy.types import TypeDecorator

# By SQLite, for each connection; 128 otherwise. Those of a sender that list deliveries one by one are long, differ each
# time, and cost up to 50 KB each.
STATEMENTS_KEPT: Final = 32


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware going in, aware UTC coming out; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What all tables share: one registry, aware moments, JSON columns, named constraints."""

    registry = registry(
        type_annotation_map={datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON, list[str]: JSON},
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
session = db.session


class NotOpenForWriting(RuntimeError):
    """Something was changed in a session that only reads: open it with ``begin_write()`` first."""


def insert(table: FromClause) -> Any:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``, as both databases have them."""
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)


def begin_write() -> None:
    """End the reading transaction and begin one that may write; what was loaded is read anew when touched.

    Raises NotOpenForWriting if changes were already waiting, since they would be lost.
    """
    if is_writing():
        return
    if session.new or session.dirty or session.deleted:
        raise NotOpenForWriting("begin_write() comes before the first change.")
    session.rollback()
    session.expire_all()
    session.info["writing"] = True
    session.connection(execution_options={"write": True})


def is_writing() -> bool:
    """Whether the current session was opened for writing."""
    return bool(session.info.get("writing"))


@contextmanager
def transaction(*, write: bool = True) -> Iterator[None]:
    """One unit of work of a command, a job or a pump's step: committed at the end, rolled back by any exception.

    Raises RuntimeError inside another one: two that belong together are one.
    """
    if is_writing():
        raise RuntimeError("A transaction does not begin inside another one.")
    rollback()
    try:
        if write:
            begin_write()
        yield
        commit()
    except BaseException:
        rollback()
        raise


def commit() -> None:
    """Make what was done permanent; the session only reads again."""
    session.commit()
    session.info.pop("writing", None)


def rollback() -> None:
    """Undo what was done; the session only reads again."""
    session.rollback()
    session.info.pop("writing", None)


@event.listens_for(Session, "before_flush")
def _refuse_unopened_writes(current: Session, context: UOWTransaction, instances: object) -> None:
    if not current.info.get("writing") and (current.new or current.dirty or current.deleted):
        raise NotOpenForWriting(
            "This session only reads. Views write after form.accepted(), jobs and commands inside transaction()."
        )


@event.listens_for(Engine, "do_connect")
def _keep_few_statements(dialect: Dialect, record: object, arguments: list[Any], parameters: dict[str, Any]) -> None:
    if dialect.name == "sqlite":
        parameters["cached_statements"] = STATEMENTS_KEPT


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: DBAPIConnection, record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only={0 if writes else 1}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif not writes:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
