"""Migrations build, on both kinds of database, exactly what the models say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import Connection, text

from app.kernel.db import db
from tests.architecture.migrations import chain_violations, drift
from tests.architecture.source import ROOT

AT = "2026-03-02 08:30:00+00:00"
PERSON = {"address": "k@amt.example", "normalised": "k@amt.example", "name": "", "organisation": "", "lang": "de"}
LIST = {"slug": "ozg", "title": "OZG", "description": "", "lang": "de", "list_id": "ozg.amt.example", "position": 1}
TAKES = {"subscriber_id": 1, "newsletter_id": 1, "state": "active", "regions": "[]", "topics": "[]", "generation": 1}
OLD_ROWS = [
    ("newsletters", {"id": 1, **LIST}),
    ("subscribers", {"id": 1, **PERSON, "format": "html", "chain": "c", "created_at": AT}),
    ("subscriptions", {"id": 1, **TAKES, "requested_at": AT, "confirmed_at": AT}),
]


@pytest.fixture
def migrated(empty_database_url: str, make_app: Callable[..., Any]) -> Any:
    """An app on a database that only migrations have built."""
    app = make_app(empty_database_url)
    with app.app_context():
        upgrade()
    return app


def test_migrations_are_numbered_and_form_one_chain() -> None:
    assert chain_violations(ROOT / "migrations" / "versions") == []


def test_migrations_build_what_the_models_say(migrated: Any) -> None:
    with migrated.app_context(), db.engine.connect() as connection:
        assert drift(connection) == []


def test_upgrading_twice_changes_nothing(migrated: Any) -> None:
    with migrated.app_context():
        upgrade()
        with db.engine.connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == _newest()
            assert drift(connection) == []


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE identity DROP COLUMN publisher",
        "ALTER TABLE identity ADD COLUMN planted INTEGER",
        "DROP TABLE audit_entries",
        "CREATE TABLE planted (id INTEGER)",
    ],
)
def test_a_difference_between_migrations_and_models_is_caught(app: Any, statement: str) -> None:
    with app.app_context():
        with db.engine.connect().execution_options(write=True) as connection:
            connection.execute(text(statement))
            connection.commit()
        with db.engine.connect() as connection:
            assert drift(connection) != []


@pytest.mark.parametrize(
    ("name", "text_", "said"),
    [
        ("0003_late", 'revision = "0003_late"\ndown_revision = "0001_first"', "0003_late.py should be number 0002"),
        ("0002_x", 'revision = "other"\ndown_revision = "0001_first"', "0002_x.py calls itself 'other'"),
        ("0002_x", 'revision = "0002_x"\ndown_revision = None', "0002_x.py follows None, not '0001_first'"),
        (
            "0002_x",
            'revision = "0002_x"\ndown_revision = "0001_first"\ndef downgrade():\n    pass',
            "0002_x.py has a downgrade: we only go forward",
        ),
    ],
)
def test_a_broken_chain_is_caught(name: str, text_: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "0001_first.py").write_text('revision = "0001_first"\ndown_revision = None\n')
    assert chain_violations(tmp_path) == []
    (tmp_path / f"{name}.py").write_text(text_)
    assert chain_violations(tmp_path) == [said]


def _newest() -> str:
    return sorted(path.stem for path in (ROOT / "migrations" / "versions").glob("*.py"))[-1]


def _insert(connection: Connection, table: str, values: dict[str, Any], returning: str = "") -> Any:
    columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    done = connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places}){returning}"), values)
    return done.scalar() if returning else None


def test_an_instance_that_is_upgraded_keeps_its_people(empty_database_url: str, make_app: Callable[..., Any]) -> None:
    """SQLite copies a table to alter it: what refers to the old one must not go with it."""
    app = make_app(empty_database_url)
    with app.app_context():
        upgrade(revision="0011_participation")
        with db.engine.connect().execution_options(write=True) as connection:
            for table, values in OLD_ROWS:
                _insert(connection, table, values)
            connection.commit()
        upgrade()
        with db.engine.connect() as connection:
            kept = connection.execute(text("SELECT subscriber_id, newsletter_id, state FROM subscriptions")).all()
            numbers = connection.execute(
                text("SELECT normalised, address_key FROM subscribers JOIN delivery_addresses a ON a.id = address_id")
            ).all()
    assert [tuple(row) for row in kept] == [(1, 1, "active")]
    assert [tuple(row) for row in numbers] == [("k@amt.example", "k@amt.example")]


def test_after_an_upgrade_the_number_of_who_was_erased_is_given_to_nobody(migrated: Any) -> None:
    with migrated.app_context(), db.engine.connect().execution_options(write=True) as connection:
        for table, values in OLD_ROWS[:2]:
            _insert(connection, table, values | ({"folded": "", "address_id": 1} if table == "subscribers" else {}))
        given = []
        for _ in range(2):
            row = TAKES | {"requested_at": AT, "basis": "consent", "reason_counted": False}
            given.append(_insert(connection, "subscriptions", row, " RETURNING id"))
            connection.execute(text("DELETE FROM subscriptions"))
    assert given == [1, 2]


def test_after_an_upgrade_the_number_of_a_delivery_that_is_gone_is_given_to_nobody(
    empty_database_url: str, make_app: Callable[..., Any]
) -> None:
    app = make_app(empty_database_url)
    with app.app_context():
        upgrade(revision="0022_texts_end")
        with db.engine.connect().execution_options(write=True) as connection:
            row = {"message_id": 1, "group_id": 1, "queued_at": 0, "due_at": 0, "settled_at": 0, "reply_id": 0}
            row |= {"reason_id": 0, "state": 0, "attempt": 0, "doubts": 0, "generation": 1}
            row |= {"address_key": "k@amt.example", "written": "", "name": ""}
            before = [_insert(connection, "deliveries", row | {"group_id": group}, " RETURNING id") for group in (1, 2)]
            connection.execute(text("DELETE FROM deliveries"))
            connection.commit()
        upgrade()
        with db.engine.connect().execution_options(write=True) as connection:
            after = _insert(connection, "deliveries", row | {"address_id": 1}, " RETURNING id")
    assert (before, after) == ([1, 2], 3)
