"""Newsletters, subscribers, subscriptions, declarations."""

revision = "0005_subscriptions"
down_revision = "0004_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
