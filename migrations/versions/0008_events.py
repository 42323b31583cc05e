"""Events and their changes."""

revision = "0008_events"
down_revision = "0007_announcements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
