"""When an archived text was shown last: what nobody refers to any more ends."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UtcDateTime

revision = "0022_texts_end"
down_revision = "0021_subscription_numbers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now only the first time was known."""
    with op.batch_alter_table("shown_texts") as table:
        table.add_column(sa.Column("last_shown_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE shown_texts SET last_shown_at = first_shown_at")
    with op.batch_alter_table("shown_texts") as table:
        table.alter_column("last_shown_at", existing_type=UtcDateTime(), nullable=False)
