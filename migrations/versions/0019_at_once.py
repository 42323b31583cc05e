"""Mails that leave at the moment of publication."""

revision = "0019_at_once"
down_revision = "0018_subscribers_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
