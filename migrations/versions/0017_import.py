"""Lists that exist already."""

import sqlalchemy as sa
from alembic import op

revision = "0017_import"
down_revision = "0016_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Imports, and on which ground each subscription stands: all there are now stand on consent."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "subscriber_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("newsletter_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("how", sa.String(200), nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("report_bytes", sa.Integer(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("information", sa.JSON(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("announced_at", moment, nullable=True),
        sa.Column("files_deleted_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["newsletter_id"], ["newsletters.id"], name="fk_subscriber_imports_newsletter_id_newsletters"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscriber_imports"),
    )
    with op.batch_alter_table("subscriptions") as table:
        table.add_column(sa.Column("basis", sa.String(20), nullable=False, server_default="consent"))
        table.add_column(sa.Column("informed_at", moment, nullable=True))
        table.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_subscriptions_import_id_subscriber_imports",
            "subscriber_imports",
            ["import_id"],
            ["id"],
            ondelete="SET NULL",
        )
        table.create_index("ix_subscriptions_import_id", ["import_id"])
    with op.batch_alter_table("subscriptions") as table:
        table.alter_column("basis", server_default=None)
