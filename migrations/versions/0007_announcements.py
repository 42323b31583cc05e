"""Announcements, revisions, channels, dispatches."""

revision = "0007_announcements"
down_revision = "0006_approvals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
