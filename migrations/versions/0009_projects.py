"""The catalogue of services, the evidence of reuse, and what Saxony does about a service."""

import sqlalchemy as sa
from alembic import op

revision = "0009_projects"
down_revision = "0008_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables; ``flask catalogue import`` fills them."""
    op.create_table(
        "services",
        sa.Column("ozg_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("field_slug", sa.String(60), nullable=False),
        sa.Column("situation", sa.String(), nullable=False),
        sa.Column("situation_slug", sa.String(80), nullable=False),
        sa.Column("situation_kind", sa.String(20), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("federal_count", sa.Integer(), nullable=False),
        sa.Column("delegated_count", sa.Integer(), nullable=False),
        sa.Column("state_count", sa.Integer(), nullable=False),
        sa.Column("municipal_count", sa.Integer(), nullable=False),
        sa.Column("catalogue_as_of", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["field_slug"], ["topics.slug"], name="fk_services_field_slug_topics"),
        sa.PrimaryKeyConstraint("ozg_id", name="pk_services"),
    )
    op.create_index("ix_services_field_slug", "services", ["field_slug"])
    op.create_index("ix_services_situation_slug", "services", ["situation_slug"])
    op.create_table(
        "reuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ozg_id", sa.Integer(), nullable=True),
        sa.Column("field_slug", sa.String(60), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("land", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ozg_id"], ["services.ozg_id"], name="fk_reuses_ozg_id_services"),
        sa.ForeignKeyConstraint(["field_slug"], ["topics.slug"], name="fk_reuses_field_slug_topics"),
        sa.PrimaryKeyConstraint("id", name="pk_reuses"),
    )
    op.create_index("ix_reuses_ozg_id", "reuses", ["ozg_id"])
    op.create_index("ix_reuses_field_slug", "reuses", ["field_slug"])
    op.create_table(
        "projects",
        sa.Column("ozg_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("priority", sa.String(20), nullable=False),
        sa.Column("maturity", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ozg_id"], ["services.ozg_id"], name="fk_projects_ozg_id_services"),
        sa.PrimaryKeyConstraint("ozg_id", name="pk_projects"),
    )
    op.create_index("ix_projects_state", "projects", ["state"])
