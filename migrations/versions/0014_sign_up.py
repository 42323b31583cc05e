"""More of what a sign-up may say; requests that wait for their mail, limits, the funnel."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UtcDateTime

revision = "0014_sign_up"
down_revision = "0013_inbound"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the role, and the tables that a sign-up passes through; nobody known before has a role."""
    op.add_column("subscribers", sa.Column("role", sa.String(40), nullable=False, server_default=""))
    op.create_table(
        "sign_up_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(320), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("shown_text", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shown_text"], ["shown_texts.hash"], name="fk_sign_up_requests_shown_text_shown_texts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_up_requests"),
    )
    op.create_index("ix_sign_up_requests_key", "sign_up_requests", ["key"])
    op.create_table(
        "sign_up_limits",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sign_up_limits"),
    )
    op.create_index("ix_sign_up_limits_ends_at", "sign_up_limits", ["ends_at"])
    _create_funnel()


def _create_funnel() -> None:
    counts = ("requested", "mailed", "confirmed", "in_minutes", "in_an_hour", "in_a_day", "later")
    op.create_table(
        "sign_up_funnel",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("newsletter_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.ForeignKeyConstraint(
            ["newsletter_id"],
            ["newsletters.id"],
            name="fk_sign_up_funnel_newsletter_id_newsletters",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("day", "newsletter_id", name="pk_sign_up_funnel"),
    )
