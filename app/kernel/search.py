"""What a search function of a feature returns (see ``wiring.SEARCH``)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its title, its address on the site, what it is, and some words of it."""

    title: str
    url: str
    kind: str
    excerpt: str = ""


SearchFunction = Callable[[str, int], list[Hit]]
