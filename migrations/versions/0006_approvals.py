"""Approvals."""

revision = "0006_approvals"
down_revision = "0005_subscriptions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
