"""Declarations with a commitment per field and a seal per chain; erasures; links to one's own data."""

import hashlib
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.kernel import tokens  # the seals are made with the instance's own key
from app.kernel.db import UtcDateTime

revision = "0016_privacy"
down_revision = "0015_preferences"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    """What was declared stays as it is, under version 1; each chain gets its seal."""
    with op.batch_alter_table("declarations") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("also_shown", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("salts", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("commitments", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "declaration_seals",
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("walked", sa.String(64), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_declaration_seals"),
    )
    _carry_over()
    with op.batch_alter_table("declarations") as table:
        for name in ("version", "also_shown", "salts", "commitments"):
            table.alter_column(name, server_default=None)
        table.drop_column("salt")
        table.drop_column("commitment")
    _create_erasures()


def _carry_over() -> None:
    connection = op.get_bind()
    old = sa.table("declarations", *(sa.column(name) for name in ("id", "chain", "number", "salt", "commitment", "hash")))
    new = sa.table("declarations", sa.column("id"), sa.column("salts", sa.JSON()), sa.column("commitments", sa.JSON()))
    seals = sa.table("declaration_seals", *(sa.column(name) for name in ("chain", "length", "walked", "mac")))
    change = new.update().where(new.c.id == sa.bindparam("row"))
    change = change.values(salts=sa.bindparam("s", type_=sa.JSON()), commitments=sa.bindparam("c", type_=sa.JSON()))
    rows = connection.execute(sa.select(old).order_by(old.c.chain, old.c.number)).all()
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        values = [{"row": r.id, "s": {"": r.salt} if r.salt else {}, "c": {"": r.commitment}} for r in some]
        connection.execute(change, values)
    sealed = [_seal(chain, list(entries)) for chain, entries in groupby(rows, key=lambda row: row.chain)]
    if sealed:
        connection.execute(seals.insert(), sealed)


def _seal(chain: str, entries: list[Any]) -> dict[str, Any]:
    walked = ""
    for entry in entries:
        walked = _sha256(walked, str(entry.id), entry.hash)
    length = len(entries)
    mac = tokens.keyed_hash("declarations", f"{chain}:{length}:{walked}")
    return {"chain": chain, "length": length, "walked": walked, "mac": mac}


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\n".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("chains", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
        sa.UniqueConstraint("digest", "at", name="uq_erasures_digest_at"),
    )
    op.create_index("ix_erasures_at", "erasures", ["at"])
    op.create_table(
        "data_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_data_links"),
        sa.UniqueConstraint("digest", name="uq_data_links_digest"),
    )
    op.create_index("ix_data_links_address", "data_links", ["address"])
