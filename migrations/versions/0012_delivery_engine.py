"""The compact ledger: groups and sentences by number, states and moments in few bytes, a queue of stretches."""

import sqlalchemy as sa
from alembic import op

revision = "0012_delivery_engine"
down_revision = "0011_participation"
branch_labels = None
depends_on = None

EPOCH = 1577836800  # 2020-01-01
STATES = {
    "queued": 0,
    "deferred": 1,
    "accepted": 2,
    "failed": 3,
    "skipped": 4,
    "uncertain": 5,
    "sending": 5,  # its sender is gone: nobody knows
    "bounced": 8,
    "complained": 9,
}


def upgrade() -> None:
    """Every delivery is carried over; what was being sent while the version changed is in doubt."""
    _make_tables()
    _number_the_groups()
    _carry_the_deliveries()
    _carry_the_messages()
    _refill_the_queue()
    op.drop_table("old_deliveries")
    op.drop_table("transports")
    op.create_table(
        "transports",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("allowance", sa.Double(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("factor", sa.Double(), nullable=False),
        sa.Column("hour_began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hour_sent", sa.Integer(), nullable=False),
        sa.Column("day_began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day_sent", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("resting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_transports")),
    )


def _make_tables() -> None:
    op.create_table(
        "message_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_groups")),
        sa.UniqueConstraint("name", name=op.f("uq_message_groups_name")),
    )
    op.create_table(
        "delivery_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_replies")),
        sa.UniqueConstraint("code", "text", name=op.f("uq_delivery_replies_code_text")),
    )
    op.create_table(
        "delivery_spans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_spans")),
    )
    free, held = sa.text("owner IS NULL"), sa.text("owner IS NOT NULL")
    op.create_index(
        "ix_delivery_spans_due",
        "delivery_spans",
        [sa.literal_column("priority DESC"), "due_at", "id"],
        sqlite_where=free,
        postgresql_where=free,
    )
    op.create_index("ix_delivery_spans_owner", "delivery_spans", ["owner"], sqlite_where=held, postgresql_where=held)
    op.create_table(
        "delivery_senders",
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_to", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_delivery_senders")),
    )
    op.create_table(
        "domain_paces",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("allowance", sa.Double(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_domain_paces")),
    )


def _number_the_groups() -> None:
    op.execute('INSERT INTO message_groups (name) SELECT "group" FROM messages GROUP BY "group" ORDER BY min(id)')
    op.execute(
        "INSERT INTO delivery_replies (code, text) SELECT DISTINCT coalesce(smtp_code, 0), smtp_text FROM deliveries"
        " WHERE smtp_code IS NOT NULL OR smtp_text <> ''"
    )
    op.execute(
        "INSERT INTO delivery_replies (code, text) SELECT DISTINCT 0, reason FROM deliveries"
        " WHERE reason <> '' AND NOT EXISTS (SELECT 1 FROM delivery_replies r WHERE r.code = 0 AND r.text = reason)"
    )


def _carry_the_deliveries() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name in ("ix_deliveries_address_key", "ix_deliveries_due", "ix_deliveries_sending", "ix_deliveries_subject"):
        op.drop_index(name, table_name="deliveries")
    op.rename_table("deliveries", "old_deliveries")
    if postgresql:  # the names of constraints and sequences are free again
        op.execute("ALTER TABLE old_deliveries DROP CONSTRAINT uq_deliveries_group_address_key")
        op.execute("ALTER TABLE old_deliveries RENAME CONSTRAINT pk_deliveries TO pk_old_deliveries")
        op.execute("ALTER SEQUENCE deliveries_id_seq RENAME TO old_deliveries_id_seq")
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("queued_at", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("doubts", sa.SmallInteger(), nullable=False),
        sa.Column("generation", sa.SmallInteger(), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("written", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("address_key", "group_id", name=op.f("uq_deliveries_address_key_group_id")),
        sqlite_autoincrement=True,
    )

    def seconds(column: str) -> str:
        count = f"extract(epoch FROM d.{column})" if postgresql else f"strftime('%s', d.{column})"
        return f"coalesce(CAST({count} AS BIGINT) - {EPOCH}, 0)"

    states = " ".join(f"WHEN '{name}' THEN {number}" for name, number in STATES.items())
    op.execute(
        "INSERT INTO deliveries (id, message_id, group_id, subject_id, queued_at, due_at, settled_at, reply_id,"
        " reason_id, state, attempt, doubts, generation, address_key, written, name)"
        f" SELECT d.id, d.message_id, g.id, d.subject_id, {seconds('queued_at')}, {seconds('due_at')},"
        f" {seconds('accepted_at')}, coalesce(r.id, 0), coalesce(w.id, 0), CASE d.state {states} END, d.attempt,"
        " d.doubts, d.generation, d.address_key, CASE WHEN d.address = d.address_key THEN '' ELSE d.address END, d.name"
        ' FROM old_deliveries d JOIN message_groups g ON g.name = d."group"'
        " LEFT JOIN delivery_replies r ON r.code = coalesce(d.smtp_code, 0) AND r.text = d.smtp_text"
        " AND (d.smtp_code IS NOT NULL OR d.smtp_text <> '')"
        " LEFT JOIN delivery_replies w ON w.code = 0 AND w.text = d.reason AND d.reason <> ''"
    )
    op.create_index("ix_deliveries_subject_id", "deliveries", ["subject_id"])
    if postgresql:
        op.execute("ALTER TABLE deliveries SET (fillfactor = 67)")
        op.execute("SELECT setval('deliveries_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM deliveries), false)")


def _carry_the_messages() -> None:
    for column in (
        sa.Column("group_id", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("priority", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("subject_kind", sa.String(length=40), nullable=False, server_default="subscription"),
        sa.Column("first_id", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_id", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("messages", column)
    op.execute('UPDATE messages SET group_id = (SELECT id FROM message_groups WHERE name = messages."group")')
    for column, found in (
        ("first_id", "min(d.id)"),
        ("last_id", "max(d.id)"),
        ("priority", "max(d.priority)"),
        ("subject_kind", "max(d.subject_kind)"),
    ):
        op.execute(
            f"UPDATE messages SET {column} = (SELECT {found} FROM old_deliveries d WHERE d.message_id = messages.id)"
            " WHERE EXISTS (SELECT 1 FROM old_deliveries d WHERE d.message_id = messages.id)"
        )
    with op.batch_alter_table("messages") as messages:
        for name in ("group_id", "priority", "subject_kind", "first_id", "last_id"):
            messages.alter_column(name, server_default=None)


def _refill_the_queue() -> None:
    """Whatever waits is handed out in the order in which it was due."""
    op.execute(
        "INSERT INTO delivery_spans (message_id, first_id, last_id, priority, due_at, owner)"
        " SELECT d.message_id, d.id, d.id, m.priority, d.due_at, NULL FROM deliveries d"
        " JOIN messages m ON m.id = d.message_id WHERE d.state < 2 ORDER BY d.due_at, d.id"
    )
