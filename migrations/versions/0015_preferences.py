"""How somebody wants to hear from us."""

revision = "0015_preferences"
down_revision = "0014_sign_up"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
