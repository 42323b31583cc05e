"""Who names an archived text is found at once: each text that ends was looked for in all declarations."""

from alembic import op

revision = "0024_texts_are_found"
down_revision = "0023_address_numbers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index for each reference to a text."""
    for table in ("declarations", "confirmations", "sign_up_requests"):
        op.create_index(f"ix_{table}_shown_text", table, ["shown_text"])
