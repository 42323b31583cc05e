"""The number of a subscription is given once."""

from alembic import op

revision = "0021_subscription_numbers"
down_revision = "0020_watching"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """SQLite gives the highest number again once its row is gone, unless the table says AUTOINCREMENT."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("subscriptions", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
