"""What the desk does with people who listen."""

revision = "0018_subscribers_desk"
down_revision = "0017_import"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
