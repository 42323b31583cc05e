"""What people say back about a service."""

import sqlalchemy as sa
from alembic import op

revision = "0011_participation"
down_revision = "0010_newsletter"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of contributions."""
    op.create_table(
        "contributions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ozg_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("lang", sa.String(5), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ozg_id"], ["services.ozg_id"], name="fk_contributions_ozg_id_services"),
        sa.PrimaryKeyConstraint("id", name="pk_contributions"),
    )
    op.create_index("ix_contributions_ozg_id", "contributions", ["ozg_id"])
    op.create_index("ix_contributions_state", "contributions", ["state"])
    op.create_index("ix_contributions_decided_at", "contributions", ["decided_at"])
