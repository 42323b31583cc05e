"""Blocks: what an issue is composed of. A block is a ``dict`` with an ``id`` and a ``kind``, checked by ``parse``.

``text``           heading, body (a rich-text document)
``announcements``  heading, mode ``latest`` (since the last issue, at most ``limit``) or ``chosen`` (``slugs``)
``dates``          heading, regions (AGS), topics (slugs), limit; live until the issue is submitted
``heading``        heading alone
``divider``        a line
"""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from app.kernel import text
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy

Block: TypeAlias = dict[str, Any]

KINDS: Final = {
    "text": lazy("Text"),
    "announcements": lazy("Meldungen"),
    "dates": lazy("Termine"),
    "heading": lazy("Zwischenüberschrift"),
    "divider": lazy("Trennlinie"),
}
DEFAULTS: Final[dict[str, Block]] = {
    "text": {"heading": "", "body": text.EMPTY},
    "announcements": {"heading": "", "mode": "latest", "slugs": [], "limit": 5},
    "dates": {"heading": "", "regions": [], "topics": [], "limit": 5},
    "heading": {"heading": ""},
    "divider": {},
}
MOST: Final = 50
LIMITS: Final = range(1, 51)


def new(kind: str, among: Iterable[Block]) -> Block:
    """An empty block of this kind with an id that none of ``among`` has. Raises Invalid for an unknown kind."""
    if kind not in DEFAULTS:
        raise Invalid(lazy("Diesen Baustein gibt es nicht. Bitte wählen Sie einen aus der Liste."))
    numbers = [int(block["id"]) for block in among]
    return parse_one({"id": max(numbers, default=0) + 1, "kind": kind, **DEFAULTS[kind]})


def parse(value: Any) -> list[Block]:
    """Clean copies: known kinds and known values only. Raises Invalid if it is not a list of blocks, or too long."""
    if not isinstance(value, list) or len(value) > MOST:
        raise Invalid(lazy("Eine Ausgabe hat höchstens 50 Bausteine. Bitte fassen Sie einige zusammen."))
    return [parse_one(block) for block in value]


def parse_one(value: Block) -> Block:
    """A clean copy of one block. Raises Invalid."""
    kind = value.get("kind")
    if kind not in DEFAULTS:
        raise Invalid(lazy("Diesen Baustein gibt es nicht. Bitte wählen Sie einen aus der Liste."))
    clean: Block = {"id": int(value["id"]), "kind": kind}
    for name, default in DEFAULTS[kind].items():
        clean[name] = _CLEAN[name](value.get(name, default))
    return clean


def moved(among: list[Block], id_: int, step: int) -> list[Block]:
    """The blocks with this one ``step`` places further down (negative: up); at the ends it stays where it is."""
    at = _position(among, id_)
    to = min(max(at + step, 0), len(among) - 1)
    rest = [block for block in among if block["id"] != id_]
    return [*rest[:to], among[at], *rest[to:]]


def without(among: list[Block], id_: int) -> list[Block]:
    """The blocks without this one."""
    _position(among, id_)
    return [block for block in among if block["id"] != id_]


def _position(among: list[Block], id_: int) -> int:
    for position, block in enumerate(among):
        if block["id"] == id_:
            return position
    raise Invalid(lazy("Dieser Baustein ist nicht mehr da. Bitte laden Sie die Seite neu."))


def _words(value: Any) -> str:
    return " ".join(str(value or "").split())[:200]


def _limit(value: Any) -> int:
    number = int(value or 5)
    return min(max(number, LIMITS[0]), LIMITS[-1])


_CLEAN: Final = {
    "heading": _words,
    "body": text.parse,
    "mode": lambda value: "chosen" if value == "chosen" else "latest",
    "slugs": lambda value: [str(one) for one in value or []],
    "regions": lambda value: [str(one) for one in value or []],
    "topics": lambda value: [str(one) for one in value or []],
    "limit": _limit,
}
