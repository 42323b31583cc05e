"""Messages and deliveries."""

revision = "0003_delivery"
down_revision = "0002_taxonomy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
