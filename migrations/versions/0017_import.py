"""Lists that exist already."""

revision = "0017_import"
down_revision = "0016_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
