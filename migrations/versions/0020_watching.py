"""What the desk and the metrics see: how the jobs run, since when a way out is in trouble."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UtcDateTime

revision = "0020_watching"
down_revision = "0019_at_once"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of runs until now nothing is known; a way out that is in trouble was not watched until now."""
    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_job_runs"),
    )
    op.add_column("transports", sa.Column("troubled_since", UtcDateTime(), nullable=True))
