"""Regions and topics."""

revision = "0002_taxonomy"
down_revision = "0001_kernel"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
