"""Nobody's address stands in a log, wherever the line comes from."""

import io
import logging
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import logs
from app.kernel.db import session


@pytest.fixture
def log() -> Any:
    """A logger that writes as the product does, and what it wrote."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.formatter())
    logger = logging.getLogger("rundbrief.test")
    logger.addHandler(handler)
    yield logger, written
    logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("550 5.1.1 <klara.muster@stadt.example>: unknown", "550 5.1.1 <…@stadt.example>: unknown"),
        ("to=klara@stadt.example, relay", "to=…@stadt.example, relay"),
        ("GET /x?adresse=klara%40stadt.example HTTP", "GET /x?adresse=…@stadt.example HTTP"),
        ("klára.müller@städte.example kam zurück", "…@städte.example kam zurück"),
        ("Job delivery.send failed", "Job delivery.send failed"),
    ],
)
def test_an_address_is_replaced_by_its_domain(said: str, written: str) -> None:
    assert logs.without_addresses(said) == written


def test_a_line_with_arguments_is_masked(log: Any) -> None:
    logger, written = log
    logger.warning("%s: refused %s", "Otto <otto@stadt.example>", {"to": ["klara@stadt.example"]})
    assert "klara@" not in written.getvalue()
    assert "otto@" not in written.getvalue()
    assert "…@stadt.example" in written.getvalue()
    assert "rundbrief.test" in written.getvalue()


def test_a_traceback_is_masked_and_says_no_values_of_the_database(log: Any, app: Any) -> None:
    logger, written = log
    values = {"name": "Klara Muster"}  # not in the line that the traceback quotes
    with app.app_context():
        try:
            session.execute(text("SELECT * FROM nowhere WHERE name = :name"), values)
        except SQLAlchemyError:
            logger.exception("Nothing for %s", "klara@stadt.example")
    said = written.getvalue()
    assert "Traceback" in said
    assert [word for word in ("klara@", "Klara Muster") if word in said] == []


def test_installing_twice_writes_once() -> None:
    root = logging.getLogger()
    before = list(root.handlers)
    try:
        logs.install()
        count = len(root.handlers)
        logs.install()
        assert len(root.handlers) == count
    finally:
        for handler in set(root.handlers) - set(before):
            root.removeHandler(handler)
