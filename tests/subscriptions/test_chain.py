"""A history that was tampered with is found, whatever was done to it; an erasure is no tampering."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, inspect, select, text, update

from app import subscriptions
from app.kernel import clock as clocks
from app.kernel import tokens
from app.kernel.db import session, transaction
from app.subscriptions import Declaration, DeclarationKind, Subscriber, chain
from app.subscriptions.declarations import Said, declare_all, seal_values
from app.subscriptions.models import Seal
from app.subscriptions.retention import forget
from tests.subscriptions.story import found_newsletters, subscribe
from tests.support.client import Visitor
from tests.support.house import HeldClock

KLARA, OTTO = "klara.muster@stadt.example", "otto.muster@stadt.example"
COLUMNS = [column.name for column in Declaration.__table__.columns]


@pytest.fixture
def chained(saxony: Any, client: Visitor, clock: HeldClock) -> Any:
    """Two people who asked and confirmed."""
    found_newsletters(saxony)
    subscribe(saxony, client, clock, KLARA, name="Klara Muster")
    subscribe(saxony, client, clock, OTTO)
    with saxony.app_context():
        assert subscriptions.tampered() == {}
    return saxony


def other(value: Any, column: str) -> Any:
    """A value of the same kind that is not this one."""
    if column == "kind":
        return DeclarationKind.WITHDRAWN
    if column == "shown_text":
        return None
    if isinstance(value, dict):
        return {**value, "address": "someone@else.example"}
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, str):
        return ("0" if value[:1] != "0" else "1") + value[1:] if value else "0" * 64
    return value + timedelta(microseconds=1)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_value_in_any_column_of_any_row_is_found(chained: Any, column: str, number: int) -> None:
    with chained.app_context():
        person = session.scalars(select(Subscriber).where(Subscriber.normalised == KLARA)).one()
        entry = subscriptions.history(person)[number - 1]
        changed = None if column == "subscriber_id" else other(getattr(entry, column), column)
        with transaction():
            session.execute(update(Declaration).where(Declaration.id == entry.id).values({column: changed}))
        session.expire_all()
        assert person.chain in subscriptions.tampered()


@pytest.mark.parametrize("column", ["content", "salts", "commitments"])
def test_values_that_vanish_without_an_erasure_are_found(chained: Any, column: str) -> None:
    with chained.app_context():
        chain_ = chain_of(KLARA)
        empty = "NULL" if column == "content" else "'{}'"
        change = text(f"UPDATE declarations SET {column} = {empty} WHERE chain = :chain AND number = 1")
        with transaction():
            session.execute(change, {"chain": chain_})
        assert subscriptions.tampered() == {chain_: [1]}


@pytest.mark.parametrize("number", [1, 2])
def test_a_removed_row_is_found_also_the_last_one(chained: Any, number: int) -> None:
    with chained.app_context():
        chain_ = chain_of(KLARA)
        with transaction():
            session.execute(delete(Declaration).where(Declaration.chain == chain_, Declaration.number == number))
        assert subscriptions.tampered() == {chain_: [2]}


def test_two_rows_that_changed_places_are_found(chained: Any) -> None:
    with chained.app_context():
        chain_ = chain_of(KLARA)
        with transaction():
            for now, then in ((1, 99), (2, 1), (99, 2)):
                moved = update(Declaration).where(Declaration.chain == chain_, Declaration.number == now)
                session.execute(moved.values(number=then))
        assert subscriptions.tampered() == {chain_: [1, 2]}


def test_a_whole_history_that_was_made_up_without_the_key_is_found(chained: Any) -> None:
    """All hashes are recomputed, as anybody can who reads this code; only the seal cannot be."""
    with chained.app_context():
        chain_ = chain_of(KLARA)
        with transaction():
            entries = subscriptions.history(session.scalars(select(Subscriber)).first())
            previous = ""
            for entry in entries:
                entry.content = {**entry.content, "name": "Somebody Else"}
                entry.commitments = chain.commitments(entry.content, entry.salts)
                entry.salts = {**entry.salts, "name": entry.salts.get("name", "00")}
                entry.commitments = chain.commitments(entry.content, entry.salts)
                entry.previous = previous
                entry.hash = previous = chain.entry_hash(entry)
            walked = chain.walk(entries)
            session.execute(update(Seal).where(Seal.chain == chain_).values(walked=walked))
        assert list(subscriptions.tampered()) == [chain_]


@pytest.mark.parametrize("whole", [True, False])
def test_a_history_that_is_gone_while_the_person_is_there_is_found(chained: Any, whole: bool) -> None:
    with chained.app_context():
        chain_ = chain_of(KLARA)
        with transaction():
            session.execute(delete(Declaration).where(Declaration.chain == chain_))
            if whole:
                session.execute(delete(Seal).where(Seal.chain == chain_))
        assert subscriptions.tampered() == {chain_: [0]}


def test_a_person_who_was_removed_past_the_product_is_found(chained: Any) -> None:
    with chained.app_context():
        chain_ = chain_of(KLARA)
        with transaction():
            session.execute(delete(Subscriber).where(Subscriber.chain == chain_))
        assert chain_ in subscriptions.tampered()


def test_an_erasure_breaks_no_chain_and_tampering_after_it_is_found(chained: Any) -> None:
    with chained.app_context():
        chain_ = chain_of(KLARA)
        with transaction():
            forget(session.scalars(select(Subscriber).where(Subscriber.normalised == KLARA)).one())
        assert subscriptions.tampered() == {}
        with transaction():
            session.execute(delete(Declaration).where(Declaration.chain == chain_, Declaration.number == 3))
        assert chain_ in subscriptions.tampered()


def test_seals_made_with_an_older_key_still_hold(chained: Any) -> None:
    with chained.app_context():
        try:
            tokens.use(tokens.Keyring("another key of thirty-two characters!", (chained.config["SECRET_KEY"],)))
            assert subscriptions.tampered() == {}
            tokens.use(tokens.Keyring("another key of thirty-two characters!"))
            assert len(subscriptions.tampered()) == 2
        finally:
            tokens.use(tokens.Keyring(chained.config["SECRET_KEY"]))


def test_entries_of_the_first_version_hold_beside_new_ones(chained: Any) -> None:
    """One commitment over the whole content, as it was before each field got its own."""
    with chained.app_context(), transaction():
        session.add(
            Subscriber(
                address="alt@stadt.example", normalised="alt@stadt.example", chain="a" * 32, created_at=clocks.now()
            )
        )
        session.flush()
        person = session.scalars(select(Subscriber).where(Subscriber.chain == "a" * 32)).one()
        content, salt = {"address": "alt@stadt.example"}, "5a" * 16
        old = Declaration(
            subscriber_id=person.id, chain=person.chain, number=1, kind=DeclarationKind.REQUESTED, at=clocks.now(),
            version=1, also_shown={}, content=content, salts={"": salt}, previous="", hash="",
            commitments={"": chain.sha256(salt, json.dumps(content, separators=(",", ":")))},
        )  # fmt: skip
        old.hash = chain.entry_hash(old)
        session.add(old)
        session.flush()
        session.execute(insert(Seal).values(seal_values(old.chain, 1, chain.walk([old]))))
        declare_all([Said(person.id, person.chain, DeclarationKind.CHANGED, {"lang": "en"})])
    with chained.app_context():
        assert subscriptions.tampered() == {}
        with transaction():
            session.execute(
                update(Declaration).where(Declaration.version == 1).values(content={"address": "x@y.example"})
            )
        session.expire_all()
        assert subscriptions.tampered() == {"a" * 32: [1]}
        with transaction():
            session.execute(update(Declaration).where(Declaration.version == 1).values(content=content))
            forget(session.scalars(select(Subscriber).where(Subscriber.chain == "a" * 32)).one())
        assert subscriptions.tampered() == {}


def test_many_histories_are_begun_at_once(chained: Any) -> None:
    with chained.app_context(), transaction():
        people = [
            Subscriber(
                address=f"p{n}@stadt.example",
                normalised=f"p{n}@stadt.example",
                chain=f"{n:032x}",
                created_at=clocks.now(),
            )
            for n in range(30)
        ]
        session.add_all(people)
        session.flush()
        said = [Said(p.id, p.chain, DeclarationKind.REQUESTED, {"address": p.address}) for p in people]
        said += [Said(p.id, p.chain, DeclarationKind.CONFIRMED, {"lang": "de"}) for p in people]
        assert len(set(declare_all(said))) == 60
    with chained.app_context():
        assert subscriptions.tampered() == {}


def test_the_test_knows_every_column(chained: Any) -> None:
    with chained.app_context():
        assert {c["name"] for c in inspect(session.get_bind()).get_columns("declarations")} == set(COLUMNS)


def chain_of(address: str) -> str:
    return session.scalars(select(Subscriber.chain).where(Subscriber.normalised == address)).one()
