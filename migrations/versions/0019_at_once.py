"""Mails that leave at the moment of publication."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UtcDateTime

revision = "0019_at_once"
down_revision = "0018_subscribers_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is owed at once; announcements published until now were not owed to anybody in this way."""
    op.create_table(
        "at_once",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("prepared_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["announcement_revisions.id"], name="fk_at_once_revision_id_announcement_revisions"
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name="fk_at_once_announcement_id_announcements"
        ),
        sa.PrimaryKeyConstraint("revision_id", name="pk_at_once"),
    )
    op.create_index("ix_at_once_announcement_id", "at_once", ["announcement_id"])
    op.create_index("ix_at_once_due_at", "at_once", ["due_at"])
