"""The compact ledger."""

revision = "0012_delivery_engine"
down_revision = "0011_participation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
