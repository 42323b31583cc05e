"""Contributions."""

revision = "0011_participation"
down_revision = "0010_newsletter"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
