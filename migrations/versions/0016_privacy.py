"""What is proven and what is forgotten."""

revision = "0016_privacy"
down_revision = "0015_preferences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
