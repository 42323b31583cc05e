"""Regions and topics."""

import sqlalchemy as sa
from alembic import op

revision = "0002_taxonomy"
down_revision = "0001_kernel"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the two tables; ``flask catalogue import`` fills them."""
    op.create_table(
        "regions",
        sa.Column("ags", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_hsb", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("parent_ags", sa.String(12), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_ags", sa.String(12), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["parent_ags"], ["regions.ags"], name="fk_regions_parent_ags_regions"),
        sa.ForeignKeyConstraint(["successor_ags"], ["regions.ags"], name="fk_regions_successor_ags_regions"),
        sa.PrimaryKeyConstraint("ags", name="pk_regions"),
    )
    op.create_index("ix_regions_kind", "regions", ["kind"])
    op.create_index("ix_regions_parent_ags", "regions", ["parent_ags"])
    op.create_table(
        "topics",
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_topics"),
    )
