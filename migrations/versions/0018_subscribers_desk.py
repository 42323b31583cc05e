"""What the desk does with people who listen."""

import sqlalchemy as sa
from alembic import op

from app.taxonomy import search_text

revision = "0018_subscribers_desk"
down_revision = "0017_import"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    """What a search finds people by, umlauts or not; and campaigns that ask whether people still want a newsletter."""
    moment = sa.DateTime(timezone=True)
    with op.batch_alter_table("subscribers") as table:
        table.add_column(sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    _fold_all()
    with op.batch_alter_table("subscribers") as table:
        table.alter_column("folded", server_default=None)
    op.create_table(
        "reconfirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("newsletter_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("remind_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("asked_at", moment, nullable=True),
        sa.Column("reminded_at", moment, nullable=True),
        sa.Column("finished_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["newsletter_id"], ["newsletters.id"], name="fk_reconfirmations_newsletter_id_newsletters"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reconfirmations"),
    )
    op.create_table(
        "reconfirmation_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reconfirmation_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["reconfirmation_id"],
            ["reconfirmations.id"],
            name="fk_reconfirmation_asks_reconfirmation_id_reconfirmations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name="fk_reconfirmation_asks_subscription_id_subscriptions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reconfirmation_asks"),
        sa.UniqueConstraint(
            "reconfirmation_id",
            "subscription_id",
            name="uq_reconfirmation_asks_reconfirmation_id_subscription_id",
        ),
    )
    op.create_index("ix_reconfirmation_asks_subscription_id", "reconfirmation_asks", ["subscription_id"])


def _fold_all() -> None:
    people = sa.table("subscribers", *(sa.column(name) for name in ("id", "normalised", "name", "organisation", "folded")))
    connection = op.get_bind()
    page = sa.select(people.c.id, people.c.normalised, people.c.name, people.c.organisation).order_by(people.c.id)
    change = people.update().where(people.c.id == sa.bindparam("person")).values(folded=sa.bindparam("found"))
    last = 0
    while rows := connection.execute(page.where(people.c.id > last).limit(AT_ONCE)).all():
        found = [{"person": row.id, "found": search_text(row.normalised, row.name, row.organisation)} for row in rows]
        connection.execute(change, found)
        last = rows[-1].id
