"""What was declared before each field had its own commitment is carried over, and can still be proven."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import JSON, bindparam, text

from app import subscriptions
from app.kernel.db import UtcDateTime, db, session, transaction

AT = datetime(2026, 3, 2, 8, 30, 15, 123456, tzinfo=UTC)
ASKED = {"address": "klara@stadt.example", "name": "Klara Müller", "newsletters": ["ozg"]}


def old_hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def old_row(number: int, kind: str, content: dict[str, Any] | None, previous: str) -> dict[str, Any]:
    """A row as it was written then."""
    salt = f"{number:032x}"
    values = json.dumps(content or {}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    commitment = old_hash(salt, values)
    return {
        "number": number, "kind": kind, "at": AT, "content": content, "salt": salt if content is not None else "",
        "commitment": commitment, "previous": previous,
        "hash": old_hash(previous, str(number), kind, AT.isoformat(), "", commitment),
    }  # fmt: skip


def test_old_declarations_are_carried_over_and_still_hold(
    empty_database_url: str, make_app: Callable[..., Any]
) -> None:
    app = make_app(empty_database_url)
    with app.app_context():
        upgrade(revision="0015_preferences")
        insert_person = text(
            "INSERT INTO subscribers (id, address, normalised, name, organisation, lang, format, chain, created_at)"
            " VALUES (1, 'klara@stadt.example', 'klara@stadt.example', '', '', 'de', 'html', 'living', :at)"
        ).bindparams(bindparam("at", type_=UtcDateTime()))
        insert_row = text(
            "INSERT INTO declarations"
            " (subscriber_id, chain, number, kind, at, content, salt, commitment, previous, hash)"
            " VALUES (:person, :chain, :number, :kind, :at, :content, :salt, :commitment, :previous, :hash)"
        ).bindparams(bindparam("at", type_=UtcDateTime()), bindparam("content", type_=JSON(none_as_null=True)))
        with db.engine.connect().execution_options(write=True) as connection:
            connection.execute(insert_person, {"at": AT})
            for chain, person, emptied in (("living", 1, False), ("erased", None, True)):
                first = old_row(1, "requested", None if emptied else ASKED, "")
                second = old_row(2, "erased" if emptied else "confirmed", None if emptied else ASKED, first["hash"])
                for row in (first, second):
                    connection.execute(insert_row, {"person": person, "chain": chain, **row})
            connection.commit()
        upgrade()
        assert subscriptions.tampered() == {}
        with transaction():
            session.execute(text("UPDATE declarations SET number = 3 WHERE chain = 'erased' AND number = 2"))
        assert list(subscriptions.tampered()) == ["erased"]
