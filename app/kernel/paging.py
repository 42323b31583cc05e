"""Long lists, page by page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """What one page of a list shows: page ``number`` (from 1) of ``pages``, with ``size`` rows at most."""

    number: int
    pages: int
    size: int

    @property
    def first(self) -> int:
        """How many rows stand on the pages before."""
        return (self.number - 1) * self.size


def part(number: int, total: int, size: int) -> Part:
    """The page with this number of ``total`` rows; before the first it is the first, beyond the end the last.

    A list without rows has one page.
    """
    pages = max(1, -(-total // size))
    return Part(min(max(number, 1), pages), pages, size)
