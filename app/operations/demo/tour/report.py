"""What the tour says while it goes, and the table at its end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

Found = TypeVar("Found")

WAIT_SECONDS = 60.0
HEAD = ("who", "what", "channel", "where to look", "")


class NotAsPromised(Exception):
    """Something the product promises did not happen; the message says what."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: who got what, by which channel, where to look, and whether it was so."""

    who: str
    what: str
    channel: str
    where: str
    delivered: bool

    @property
    def verdict(self) -> str:
        """Its last column."""
        return "delivered" if self.delivered else "MISSING"


@dataclass
class Report:
    """Collects the rows; ``say`` prints one step."""

    say: Callable[[str], None]
    rows: list[Row] = field(default_factory=list)
    steps: int = 0

    def step(self, text: str) -> None:
        """A step that was done, as it was."""
        self.steps += 1
        self.say(f"{self.steps:>3}. {text}")

    def row(self, who: str, what: str, channel: str, where: str, *, delivered: bool = True) -> None:
        """A line of the table."""
        self.rows.append(Row(who, what, channel, where, delivered))

    @property
    def complete(self) -> bool:
        """Whether there are rows and all are delivered."""
        return bool(self.rows) and all(row.delivered for row in self.rows)

    def table(self) -> str:
        """The table as text, its columns as wide as they need to be."""
        lines = [HEAD, *((row.who, row.what, row.channel, row.where, row.verdict) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        shown = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
        return "\n".join([shown[0], "-" * max(map(len, shown)), *shown[1:]])


def wait_for(what: str, look: Callable[[], Found | None], seconds: float = WAIT_SECONDS) -> Found:
    """Look until something is there. Raises NotAsPromised, with what was waited for, when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise NotAsPromised(f"{what} did not come within {seconds:.0f} s.")
        time.sleep(0.1)
