"""Who may approve what: pure functions on values."""

import hashlib
import json
from collections.abc import Collection
from typing import Any

from app.kernel.errors import Conflict, Refused
from app.kernel.i18n import lazy


class OwnWork(Refused):
    """Who writes does not approve."""

    def __init__(self) -> None:
        super().__init__(
            lazy("Wer verfasst, gibt nicht frei. Bitte lassen Sie eine andere Person aus dem Team freigeben.")
        )


class ContentChanged(Conflict):
    """What was previewed is not what is there now."""

    def __init__(self) -> None:
        super().__init__(
            lazy("Der Inhalt wurde geändert, seit Sie ihn gesehen haben. Bitte prüfen Sie die aktuelle Fassung.")
        )


class NotSubmitted(Conflict):
    """Nobody asked for an approval, or it was decided already."""

    def __init__(self) -> None:
        super().__init__(
            lazy("Dieser Inhalt liegt nicht zur Freigabe vor. Bitte legen Sie ihn zuerst zur Freigabe vor.")
        )


def content_hash(value: Any) -> str:
    """The SHA-256, in 64 hexadecimal digits, of the value as canonical JSON: keys sorted, no blanks, UTF-8."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def may_approve(person_id: int, authors: Collection[int]) -> bool:
    """Whether this person is none of those who wrote the content since the last approval."""
    return person_id not in authors


def check(person_id: int, authors: Collection[int], seen_hash: str, submitted_hash: str) -> None:
    """Raises OwnWork if the person wrote it, ContentChanged if they saw something else than was submitted."""
    if not may_approve(person_id, authors):
        raise OwnWork
    if seen_hash != submitted_hash:
        raise ContentChanged
