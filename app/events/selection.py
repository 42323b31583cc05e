"""What readers narrow dates to, as it stands in an address: ``?kreis=14625&thema=amt24&art=workshop``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app import taxonomy
from app.events.values import EventKind
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.taxonomy import RegionKind, Scope

DISTRICTS: Final = (RegionKind.DISTRICT,)
MUNICIPALITIES: Final = (RegionKind.MUNICIPALITY, RegionKind.ASSOCIATION)


@dataclass(frozen=True, slots=True)
class Selection:
    """Kreise and municipalities (AGS of today), topics (slugs) and kinds, each sorted; nothing chosen means all."""

    districts: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @classmethod
    def read(cls, values_of: Callable[[str], list[str]]) -> "Selection":
        """From the query of a request (``request.args.getlist``). Empty values do not count.

        A region that was merged becomes its successor. Raises NotFound, with the way out, for what does not exist.
        """
        return cls(
            districts=_regions(values_of("kreis"), DISTRICTS),
            municipalities=_regions(values_of("gemeinde"), MUNICIPALITIES),
            topics=tuple(sorted({taxonomy.get_topic(slug).slug for slug in values_of("thema") if slug})),
            kinds=tuple(sorted({_kind(kind) for kind in values_of("art") if kind})),
        )

    @property
    def scope(self) -> Scope:
        """Regions and topics, for matching."""
        return Scope.of([*self.districts, *self.municipalities], self.topics)

    @property
    def query(self) -> dict[str, list[str]]:
        """The address's query: the same selection has the same one, however it was asked for."""
        named = {
            "kreis": self.districts,
            "gemeinde": self.municipalities,
            "thema": self.topics,
            "art": self.kinds,
        }
        return {name: list(values) for name, values in named.items() if values}

    @property
    def labels(self) -> list[str]:
        """What was chosen, in words, in the reader's language."""
        regions = taxonomy.region_labels([*self.districts, *self.municipalities])
        return [*regions, *taxonomy.topic_labels(self.topics), *(EventKind(kind).label for kind in self.kinds)]

    @property
    def only(self) -> tuple[str, str] | None:
        """The name and value of the one thing that was chosen, or None: such a feed has an address of its own."""
        chosen = [(name, value) for name, values in self.query.items() for value in values]
        return chosen[0] if len(chosen) == 1 else None


def _regions(keys: list[str], kinds: tuple[RegionKind, ...]) -> tuple[str, ...]:
    return tuple(sorted({_region(ags, kinds) for ags in keys if ags}))


def _region(ags: str, kinds: tuple[RegionKind, ...]) -> str:
    region = taxonomy.find_region(ags)
    if region is None or region.kind not in kinds:
        raise NotFound(lazy("Diese Region kennen wir nicht. Bitte wählen Sie eine unter „Kalender abonnieren“."))
    return taxonomy.current_ags(ags)


def _kind(kind: Any) -> str:
    if kind not in set(EventKind):
        raise NotFound(lazy("Diese Art von Terminen gibt es nicht. Bitte wählen Sie eine unter „Kalender abonnieren“."))
    return str(kind)
