"""Sentences that many deliveries share are stored once: what servers say, and why we stop."""

import re
from typing import Final

from sqlalchemy import select

from app.delivery.models import Reply
from app.delivery.upsert import insert_unless_there
from app.kernel.db import session

TEXT_AT_MOST: Final = 500
# What is different in every acceptance: the server's name for the mail ("queued as 4c2X8V1nKzz", "id=1rZ…").
_ADDRESS: Final = re.compile(r"[^\s<>]+@[^\s<>]+")
_NAME: Final = re.compile(r"(?=[\w.+/=<>@:-]*\d)[\w.+/=<>@:-]{6,}")


def number(code: int | None, text: str) -> int:
    """The number under which this answer (or, with code None, this reason) is stored; 0 stands for nothing."""
    code, text = code or 0, text[:TEXT_AT_MOST]
    if not code and not text:
        return 0
    wanted = select(Reply.id).where(Reply.code == code, Reply.text == text)
    found = session.scalar(wanted)
    if found is None:
        insert_unless_there(Reply.__table__, {"code": code, "text": text})
        found = session.scalars(wanted).one()
    return found


def plain(code: int | None, text: str) -> str:
    """What of an answer is worth keeping: an acceptance without the mail's name, no answer with anybody's address.

    So that answers repeat, and nothing personal is left in them.
    """
    if code is not None and 200 <= code < 300:
        text = _NAME.sub("…", text)
    return (_ADDRESS.sub("…", text) if "@" in text else text)[:TEXT_AT_MOST]
