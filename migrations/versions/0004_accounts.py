"""People of the team and their roles."""

revision = "0004_accounts"
down_revision = "0003_delivery"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
