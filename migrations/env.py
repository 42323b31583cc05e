"""Migrations: numbered, forward only, in one transaction; run by ``flask --app wsgi db upgrade``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import Connection

from app.kernel.db import Base, UtcDateTime, db


def plain_type(kind: str, thing: Any, autogen_context: Any) -> Any:
    """Write our own type as what it is for the database, so that old migrations do not need today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


@contextmanager
def nothing_cascades(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by copying it and dropping the old one, which must not delete what refers to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # has no effect once a transaction has begun
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def check_references(connection: Connection) -> None:
    """Raises RuntimeError if a row refers to one that is not there: then nothing of the upgrade is kept."""
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"The upgrade would leave rows that refer to nothing: {broken[:5]}")


options = {
    "target_metadata": Base.metadata,
    "compare_type": True,
    "render_item": plain_type,
    "compare_server_default": False,
    "render_as_batch": db.engine.dialect.name == "sqlite",  # SQLite alters a table by copying it
    "transaction_per_migration": False,
}

if context.is_offline_mode():
    context.configure(url=db.engine.url.render_as_string(hide_password=False), literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    if db.engine.dialect.name == "sqlite" and db.engine.url.database:
        Path(db.engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    with db.engine.connect().execution_options(write=True) as connection, nothing_cascades(connection):
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
            check_references(connection)
