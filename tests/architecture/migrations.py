"""Migrations: numbered, in one chain, forward only, and equal to the models."""

import ast
import re
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from app.kernel.db import Base

NAME = re.compile(r"^(\d{4})_[a-z0-9_]+$")


def chain_violations(folder: Path) -> list[str]:
    """Files that are not numbered 0001, 0002, …, are not called as they say, or do not follow the one before."""
    found = []
    before: str | None = None
    for number, path in enumerate(sorted(folder.glob("*.py")), start=1):
        values = _values(path)
        match = NAME.match(path.stem)
        if not match or int(match[1]) != number:
            found.append(f"{path.name} should be number {number:04d}")
        if values.get("revision") != path.stem:
            found.append(f"{path.name} calls itself {values.get('revision')!r}")
        if values.get("down_revision") != before:
            found.append(f"{path.name} follows {values.get('down_revision')!r}, not {before!r}")
        if "downgrade" in values:
            found.append(f"{path.name} has a downgrade: we only go forward")
        before = path.stem
    return found


def drift(connection: Connection) -> list[str]:
    """How the database of this connection differs from the models; empty when they are equal."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _ours})
    return sorted(repr(difference) for difference in compare_metadata(context, Base.metadata))


def _ours(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    return not (kind == "table" and name == "alembic_version")


def _values(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = ast.literal_eval(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            values[node.target.id] = ast.literal_eval(node.value)
        elif isinstance(node, ast.FunctionDef):
            values[node.name] = True
    return values
