"""Services and projects."""

revision = "0009_projects"
down_revision = "0008_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
