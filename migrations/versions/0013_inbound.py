"""What comes back by mail."""

revision = "0013_inbound"
down_revision = "0012_delivery_engine"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
