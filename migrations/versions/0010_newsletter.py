"""Issues and the welcome mail."""

revision = "0010_newsletter"
down_revision = "0009_projects"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
