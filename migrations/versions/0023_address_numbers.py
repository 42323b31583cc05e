"""Addresses by number: what the ledger's index holds, in the order in which people came."""

import sqlalchemy as sa
from alembic import op

revision = "0023_address_numbers"
down_revision = "0022_texts_end"
branch_labels = None
depends_on = None

OLD = "uq_deliveries_address_key_group_id"
NEW = "uq_deliveries_address_id_group_id"
NUMBER = "(SELECT a.id FROM delivery_addresses a WHERE a.address_key = {})"


def upgrade() -> None:
    """Everybody gets a number, and so does everybody a mail went to; what the ledger has forgotten gets none."""
    op.create_table(
        "delivery_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_addresses")),
        sa.UniqueConstraint("address_key", name=op.f("uq_delivery_addresses_address_key")),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO delivery_addresses (address_key) SELECT normalised FROM subscribers ORDER BY id")
    op.execute(
        "INSERT INTO delivery_addresses (address_key) SELECT address_key FROM deliveries d WHERE address_key LIKE '%@%'"
        " AND NOT EXISTS (SELECT 1 FROM delivery_addresses a WHERE a.address_key = d.address_key)"
        " GROUP BY address_key ORDER BY min(id)"
    )
    for table in ("subscribers", "deliveries"):
        op.add_column(table, sa.Column("address_id", sa.Integer(), nullable=True))
    op.execute(f"UPDATE subscribers SET address_id = {NUMBER.format('subscribers.normalised')}")
    op.execute(f"UPDATE deliveries SET address_id = coalesce({NUMBER.format('deliveries.address_key')}, -id)")
    with op.batch_alter_table("subscribers") as subscribers:
        subscribers.alter_column("address_id", existing_type=sa.Integer(), nullable=False)
    given = _highest_given()
    with op.batch_alter_table("deliveries", table_kwargs={"sqlite_autoincrement": True}) as deliveries:
        deliveries.alter_column("address_id", existing_type=sa.Integer(), nullable=False)
        deliveries.drop_constraint(OLD, type_="unique")
        deliveries.create_unique_constraint(NEW, ["address_id", "group_id"])
    if given is not None:
        again = sa.text("UPDATE sqlite_sequence SET seq = max(seq, :given) WHERE name = 'deliveries'")
        op.get_bind().execute(again, {"given": given})


def _highest_given() -> int | None:
    """The highest number that a delivery ever had: SQLite forgets it with the table that it copies, and a bounce that
    comes late would speak of somebody else.
    """
    if op.get_bind().dialect.name != "sqlite":
        return None
    return op.get_bind().scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'deliveries'"))
