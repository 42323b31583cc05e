"""Issues and the welcome mail."""

import sqlalchemy as sa
from alembic import op

revision = "0010_newsletter"
down_revision = "0009_projects"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables: what is sent to everybody, and what greets each newcomer."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("newsletter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("preheader", sa.String(200), nullable=False),
        sa.Column("salutation", sa.String(200), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("easy_language", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("hold_reason", sa.String(12), nullable=False),
        sa.Column("author_ids", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("send_local", sa.String(16), nullable=False),
        sa.Column("send_at", moment, nullable=True),
        sa.Column("started_at", moment, nullable=True),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["newsletter_id"], ["newsletters.id"], name="fk_issues_newsletter_id_newsletters"),
        sa.PrimaryKeyConstraint("id", name="pk_issues"),
        sa.UniqueConstraint("newsletter_id", "number", name="uq_issues_newsletter_id_number"),
        sa.UniqueConstraint("slug", name="uq_issues_slug"),
    )
    op.create_index("ix_issues_state_send_at", "issues", ["state", "send_at"])
    op.create_index("ix_issues_started_at", "issues", ["started_at"])
    op.create_table(
        "welcome_texts",
        sa.Column("newsletter_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("preheader", sa.String(200), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["newsletter_id"], ["newsletters.id"], name="fk_welcome_texts_newsletter_id_newsletters"
        ),
        sa.PrimaryKeyConstraint("newsletter_id", "lang", name="pk_welcome_texts"),
    )
