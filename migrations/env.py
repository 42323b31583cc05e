"""Migrations: numbered, forward only, in one transaction; run by ``flask --app wsgi db upgrade``."""

from pathlib import Path
from typing import Any

from alembic import context

from app.kernel.db import Base, UtcDateTime, db


def plain_type(kind: str, thing: Any, autogen_context: Any) -> Any:
    """Write our own type as what it is for the database, so that old migrations do not need today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


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
    with db.engine.connect().execution_options(write=True) as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
