"""Suppressions under a keyed hash; what came back by mail, and how often in a row."""

import sqlalchemy as sa
from alembic import op

from app.kernel import tokens  # the hash is made with the instance's own key

revision = "0013_inbound"
down_revision = "0012_delivery_engine"
branch_labels = None
depends_on = None

KNOWN = {"bounce", "complaint", "wish", "staff"}


def upgrade() -> None:
    """The suppressions are carried over; whoever suppressed for another reason was of the team."""
    columns = "address_key, reason, at"
    moment = sa.DateTime(timezone=True)
    typed = sa.text(f"SELECT {columns} FROM suppressions").columns(  # noqa: S608  (a constant)
        sa.column("address_key", sa.String), sa.column("reason", sa.String), sa.column("at", moment)
    )
    old = op.get_bind().execute(typed).all()
    op.drop_table("suppressions")
    suppressions = op.create_table(
        "suppressions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_suppressions")),
        sa.UniqueConstraint("address_key", name=op.f("uq_suppressions_address_key")),
    )
    rows = [
        {
            "digest": tokens.keyed_hash("suppression", key),
            "address_key": key,
            "reason": reason if reason in KNOWN else "staff",
            "at": at,
            "evidence": "" if reason in KNOWN else reason,
        }
        for key, reason, at in old
    ]
    if rows:
        op.bulk_insert(suppressions, rows)
    _create_returned_mails()


def _create_returned_mails() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("messages", sa.Column("forgotten_at", moment, nullable=True))
    op.create_table(
        "returned_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("proof", sa.String(length=12), nullable=False),
        sa.Column("consequence", sa.String(length=12), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("address_key", sa.String(length=320), nullable=True),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_mails")),
        sa.UniqueConstraint("digest", name=op.f("uq_returned_mails_digest")),
    )
    for column in ("at", "kind", "delivery_id", "address_key", "sender"):
        op.create_index(op.f(f"ix_returned_mails_{column}"), "returned_mails", [column])
    op.create_table(
        "soft_bounces",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_at", moment, nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.Column("last_delivery_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_soft_bounces")),
    )
    op.create_index(op.f("ix_soft_bounces_last_at"), "soft_bounces", ["last_at"])
