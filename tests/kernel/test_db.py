"""The database: sessions read unless opened for writing, on both kinds."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from app.kernel import audit, clock, db, identity
from app.kernel.audit import AuditEntry

STATEMENT = "INSERT INTO identity (id, site_name) VALUES (7, 'x')"


def _count() -> int:
    return int(db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0)


def test_a_change_in_a_session_that_reads_is_refused(app: Any) -> None:
    with app.app_context():
        audit.record("tried", "test:1")
        with pytest.raises(db.NotOpenForWriting, match="only reads"):
            db.session.flush()
        db.rollback()
        assert _count() == 0


def test_the_database_itself_refuses_statements_in_a_session_that_reads(app: Any) -> None:
    with app.app_context():
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            db.session.execute(text(STATEMENT))
        db.rollback()


def test_after_a_commit_the_session_only_reads_again(app: Any) -> None:
    with app.app_context():
        with db.transaction():
            audit.record("done", "test:1")
        assert _count() == 1
        audit.record("tried", "test:1")
        with pytest.raises(db.NotOpenForWriting):
            db.session.flush()
        db.rollback()
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            db.session.execute(text(STATEMENT))
        db.rollback()


def _fail_after_writing() -> None:
    with db.transaction():
        audit.record("done", "test:1")
        db.session.flush()
        raise ZeroDivisionError


def test_an_exception_undoes_the_transaction(app: Any) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            _fail_after_writing()
        assert (_count(), db.is_writing()) == (0, False)


def test_a_transaction_does_not_begin_inside_another(app: Any) -> None:
    with app.app_context(), db.transaction(), pytest.raises(RuntimeError, match="inside another"), db.transaction():
        pass


def test_opening_for_writing_reads_anew_what_was_loaded_before(app: Any) -> None:
    with app.app_context():
        with db.transaction():
            identity.set_values(publisher="vorher")
        seen = identity.current()
        assert seen.publisher == "vorher"
        with db.db.engine.connect().execution_options(write=True) as other:
            db.rollback()
            seen = identity.current()
            db.rollback()
            other.execute(text("UPDATE identity SET publisher = 'nachher'"))
            other.commit()
        db.begin_write()
        assert seen.publisher == "nachher"
        db.rollback()


def test_opening_for_writing_after_the_first_change_is_refused(app: Any) -> None:
    with app.app_context():
        audit.record("tried", "test:1")
        with pytest.raises(db.NotOpenForWriting, match="before the first change"):
            db.begin_write()
        db.rollback()


def test_a_moment_comes_back_as_it_went_in(app: Any) -> None:
    moment = datetime(2026, 7, 8, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with app.app_context():
        with clock.held_at(moment), db.transaction():
            audit.record("done", "test:1")
        db.session.expire_all()
        at = db.session.scalar(select(AuditEntry.at))
    assert at == moment
    assert at is not None
    assert at.tzinfo is UTC


def test_a_naive_moment_is_not_stored(app: Any) -> None:
    with app.app_context(), db.transaction():
        audit.record("done", "test:1").at = datetime(2026, 7, 8)  # noqa: DTZ001
        with pytest.raises(StatementError, match="naive datetime"):
            db.session.flush()
        db.rollback()


def test_what_the_system_does_is_recorded_as_the_systems(app: Any, clock: Any) -> None:
    with app.app_context():
        with db.transaction():
            audit.record("published", "announcement:12", {"revision": 3})
        entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.actor_name, entry.verb, entry.subject, entry.detail, entry.at) == (
        None,
        "system",
        "published",
        "announcement:12",
        {"revision": 3},
        clock.START,
    )


def test_the_identity_says_what_is_missing_until_it_is_complete(app: Any) -> None:
    with app.app_context():
        assert len(identity.missing()) == len(identity.REQUIRED)
        with db.transaction():
            identity.set_values(**dict.fromkeys(identity.REQUIRED, " x "), site_name="OZG Sachsen")
        assert (identity.missing(), identity.current().publisher) == ([], "x")
