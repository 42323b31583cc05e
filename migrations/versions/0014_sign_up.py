"""More of what a sign-up may say."""

revision = "0014_sign_up"
down_revision = "0013_inbound"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
