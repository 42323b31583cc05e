"""What a region means, and what matches what: decided here and nowhere else."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Final

MAX_SLUG: Final = 80

# Letters that Unicode does not take apart, and the German way to write umlauts without them.
LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "đ": "d", "ø": "o", "æ": "ae"})


def fold(text: str) -> str:
    """The text as a search compares it: ``Görlitz`` and ``goerlitz`` are one, ``Budyšin`` and ``budysin`` too."""
    return _without_marks(unicodedata.normalize("NFC", text.casefold()).translate(LETTERS))


def search_text(*names: str) -> str:
    """What a search finds these names by: also ``gorlitz``, as people write who have no umlauts."""
    forms = [form for name in names if name for form in (fold(name), _without_marks(name.casefold()))]
    return " | ".join(dict.fromkeys(forms))


def slug_of(text: str, most: int = MAX_SLUG) -> str:
    """The address that words suggest: lower-case letters, digits and hyphens; empty if there is none of them."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:most].strip("-")


def free_slug(slug: str, is_taken: Callable[[str], bool], most: int = MAX_SLUG) -> str:
    """The slug, with the first free number behind it if it is taken."""
    numbered = (slug if n == 1 else f"{slug[: most - len(str(n)) - 1].rstrip('-')}-{n}" for n in count(1))
    return next(candidate for candidate in numbered if not is_taken(candidate))


def _without_marks(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in parts if not unicodedata.combining(c)).translate(LETTERS)
    return " ".join(bare.split())


@dataclass(frozen=True, slots=True)
class Scope:
    """Regions (AGS) and topics (slugs). An empty kind is not narrowed: it means all of Saxony, or every subject."""

    regions: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()

    @classmethod
    def of(cls, regions: Iterable[str] = (), topics: Iterable[str] = ()) -> "Scope":
        """The scope of these regions and topics, from any collections of them."""
        return cls(frozenset(regions), frozenset(topics))


@dataclass(frozen=True)
class Tree:
    """How the regions nest (``parents``: child to parent) and which took over from which (``successors``)."""

    parents: Mapping[str, str | None]
    successors: Mapping[str, str] = field(default_factory=dict)

    def current(self, ags: str) -> str:
        """The region that stands today where this one stood."""
        seen = {ags}
        while (following := self.successors.get(ags)) and following not in seen:
            seen.add(following)
            ags = following
        return ags

    def concerns(self, ags: str) -> frozenset[str]:
        """All regions whose affairs concern this one: itself, what lies above and what lies inside.

        What has a successor counts as the successor, and the successor's own predecessors belong to it.
        """
        here = self.current(ags)
        return frozenset({here} | self._above(here) | self._inside(here))

    def matches(self, asked: Scope, offered: Scope) -> bool:
        """Whether what is offered belongs to what was asked for.

        Several of one kind are alternatives; the kinds must all fit; a kind left empty, on either side, fits all.
        """
        return self._regions_match(asked.regions, offered.regions) and (
            not asked.topics or not offered.topics or not asked.topics.isdisjoint(offered.topics)
        )

    def _regions_match(self, asked: frozenset[str], offered: frozenset[str]) -> bool:
        return not asked or not offered or any(not self.concerns(ags).isdisjoint(offered) for ags in asked)

    def _above(self, ags: str) -> set[str]:
        found = set()
        while (parent := self.parents.get(ags)) is not None:
            found.add(parent)
            ags = parent
        return found

    def _inside(self, ags: str) -> set[str]:
        found: set[str] = set()
        waiting = [ags]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return found

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        """Child regions, and predecessors as if they lay in their successor."""
        children: dict[str, list[str]] = {}
        for child, parent in [*self.parents.items(), *self.successors.items()]:
            if parent is not None:
                children.setdefault(parent, []).append(child)
        return children
