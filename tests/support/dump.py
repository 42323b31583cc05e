"""Everything that stands in a database, as plain values: two dumps that are equal mean that nothing changed."""

from typing import Any

from sqlalchemy import Engine, MetaData, select


def tables(engine: Engine) -> MetaData:
    """Which tables there really are, past the models; finding out takes longer than reading them."""
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
    return metadata


def dump(engine: Engine, known: MetaData | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, ordered, table by table; of those that are ``known``, or that are really there."""
    metadata = known or tables(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def differences(before: dict[str, list[tuple[Any, ...]]], after: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    """What changed, one line per row that came, went or became another."""
    lines = []
    for table in sorted(before.keys() | after.keys()):
        old, new = before.get(table, []), after.get(table, [])
        if old == new:
            continue
        lines += [f"{table} - {row!r}" for row in old if row not in new]
        lines += [f"{table} + {row!r}" for row in new if row not in old]
    return lines
