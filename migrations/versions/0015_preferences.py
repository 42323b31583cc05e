"""How somebody wants to hear from us, a change of address on its way, why people left."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UtcDateTime

revision = "0015_preferences"
down_revision = "0014_sign_up"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Everybody goes on as before: with the issues, without a pause."""
    op.add_column("subscribers", sa.Column("how", sa.String(20), nullable=False, server_default="with_issue"))
    op.add_column("subscribers", sa.Column("paused_until", sa.Date(), nullable=True))
    op.add_column(
        "subscriptions", sa.Column("reason_counted", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _create_address_changes()
    op.create_table(
        "leave_counts",
        sa.Column("newsletter_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["newsletter_id"], ["newsletters.id"], name="fk_leave_counts_newsletter_id_newsletters"
        ),
        sa.PrimaryKeyConstraint("newsletter_id", "month", "reason", name="pk_leave_counts"),
    )


def _create_address_changes() -> None:
    op.create_table(
        "address_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("old_address", sa.String(320), nullable=False),
        sa.Column("new_address", sa.String(320), nullable=False),
        sa.Column("old_digest", sa.String(64), nullable=False),
        sa.Column("new_digest", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("old_confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("new_confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name="fk_address_changes_subscriber_id_subscribers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_address_changes"),
        sa.UniqueConstraint("old_digest", name="uq_address_changes_old_digest"),
        sa.UniqueConstraint("new_digest", name="uq_address_changes_new_digest"),
    )
    op.create_index("ix_address_changes_subscriber_id", "address_changes", ["subscriber_id"])
    op.create_index("ix_address_changes_expires_at", "address_changes", ["expires_at"])
