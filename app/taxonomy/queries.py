"""Questions about regions and topics."""

from collections.abc import Sequence

from sqlalchemy import select

from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.taxonomy.models import Region, RegionKind, Topic, TopicKind
from app.taxonomy.rules import Scope, Tree, fold

# The tree is read once per session: regions change when the catalogue is imported, not while a request runs.
_TREE = "taxonomy.tree"
PLACES = (RegionKind.MUNICIPALITY, RegionKind.ASSOCIATION)


def find_region(ags: str) -> Region | None:
    """The region with this key, or None; also one that exists no longer."""
    return session.get(Region, ags)


def get_region(ags: str) -> Region:
    """The region with this key, also one that exists no longer. Raises NotFound."""
    if region := find_region(ags):
        return region
    raise NotFound(lazy("Diese Region kennen wir nicht. Bitte wählen Sie eine aus der Liste."))


def current_ags(ags: str) -> str:
    """The key of the region that stands today where this one stood; itself if nothing changed."""
    return tree().current(ags)


def concerns(ags: str) -> frozenset[str]:
    """The keys of all regions whose affairs concern this one: its own, those above it and those inside it.

    A region with a successor is served as the successor. Raises NotFound for an unknown key.
    """
    return tree().concerns(get_region(ags).ags)


def matches(asked: Scope, offered: Scope) -> bool:
    """Whether what is offered (an announcement, an event) belongs to what was asked for (a subscription, a feed)."""
    return tree().matches(asked, offered)


def tree() -> Tree:
    """How the regions nest, for many questions in a row."""
    if _TREE not in session.info:
        rows = session.execute(select(Region.ags, Region.parent_ags, Region.successor_ags)).all()
        successors = {row.ags: row.successor_ags for row in rows if row.successor_ags}
        session.info[_TREE] = Tree({row.ags: row.parent_ags for row in rows}, successors)
    known: Tree = session.info[_TREE]
    return known


def forget_tree() -> None:
    """Read the tree anew when it is asked for next: the regions have changed."""
    session.info.pop(_TREE, None)


def directions() -> Sequence[Region]:
    """The parts of the state (in Saxony: around Chemnitz, Dresden, Leipzig), by key."""
    return _regions(RegionKind.DIRECTION)


def districts() -> Sequence[Region]:
    """The Landkreise and Kreisfreie Städte of today, by key."""
    return _regions(RegionKind.DISTRICT)


def municipalities(district: str | None = None) -> Sequence[Region]:
    """The municipalities of today, of one Kreis (its five-digit key) or all, by name."""
    found = _regions(RegionKind.MUNICIPALITY)
    inside = [region for region in found if district is None or region.ags.startswith(district)]
    return sorted(inside, key=_by_name)


def associations() -> Sequence[Region]:
    """The Verwaltungsgemeinschaften and Verwaltungsverbände of today, by name."""
    return sorted(_regions(RegionKind.ASSOCIATION), key=_by_name)


def places_by_district() -> list[tuple[str, list[tuple[str, str]]]]:
    """The Kreise of today by name, each with its municipalities and then their associations by name: key and label."""
    columns = select(Region.ags, Region.label).where(Region.successor_ags.is_(None))
    places: dict[str, list[tuple[str, str]]] = {}
    for kind in PLACES:
        for ags, label in session.execute(columns.where(Region.kind == kind).order_by(Region.folded, Region.ags)):
            places.setdefault(ags[:5], []).append((ags, label))
    return [(region.listed, places.get(region.ags, [])) for region in sorted(districts(), key=_by_name)]


def places_among(keys: Sequence[str]) -> set[str]:
    """Those of these keys that are municipalities of today or their associations."""
    wanted = select(Region.ags).where(Region.kind.in_(PLACES), Region.successor_ags.is_(None), Region.ags.in_(keys))
    return set(session.scalars(wanted)) if keys else set()


def _by_name(region: Region) -> tuple[str, str]:
    return fold(region.name), region.ags


def _regions(kind: RegionKind) -> Sequence[Region]:
    return session.scalars(
        select(Region).where(Region.kind == kind, Region.successor_ags.is_(None)).order_by(Region.ags)
    ).all()


def search_regions(text: str, limit: int = 10) -> list[Region]:
    """Regions of today whose German or Sorbian name, or key, contains the text; best first.

    Umlauts and other marks do not matter. A former municipality leads to its successor.
    """
    wanted = fold(text)
    if not wanted:
        return []
    pattern = f"%{_escaped(wanted)}%"
    found = session.scalars(
        select(Region).where(Region.folded.like(pattern, escape="\\") | Region.ags.startswith(wanted, autoescape=True))
    ).all()
    ranked = sorted(found, key=lambda region: _rank(region, wanted))
    current = dict.fromkeys(current_ags(region.ags) for region in ranked)
    return [get_region(ags) for ags in list(current)[:limit]]


def _rank(region: Region, wanted: str) -> tuple[int, int, str, str]:
    names = region.folded.split(" | ")
    words = [word for name in names for word in name.replace("/", " ").replace("-", " ").split()]
    place = 0 if wanted in names else 1 if any(n.startswith(wanted) for n in names) else 2 if wanted in words else 3
    levels = (RegionKind.MUNICIPALITY, RegionKind.DISTRICT)
    return place, levels.index(region.kind) if region.kind in levels else len(levels), region.folded, region.ags


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def topics(kind: TopicKind | str | None = None) -> Sequence[Topic]:
    """All topics, or those of one kind (``themenfeld``, ``editorial``), in their order."""
    asked = select(Topic).order_by(Topic.kind.desc(), Topic.position)
    return session.scalars(asked.where(Topic.kind == TopicKind(kind)) if kind else asked).all()


def find_topic(slug: str) -> Topic | None:
    """The topic, or None."""
    return session.get(Topic, slug)


def get_topic(slug: str) -> Topic:
    """The topic. Raises NotFound."""
    if topic := find_topic(slug):
        return topic
    raise NotFound(lazy("Dieses Thema kennen wir nicht. Bitte wählen Sie eines aus der Liste."))


def region_labels(keys: Sequence[str]) -> list[str]:
    """The labels of these regions, in the given order; unknown keys are left out."""
    found = {region.ags: region.label for region in session.scalars(select(Region).where(Region.ags.in_(keys)))}
    return [found[ags] for ags in keys if ags in found]


def topic_labels(slugs: Sequence[str]) -> list[str]:
    """The names of these topics in the reader's language, in the given order; unknown ones are left out."""
    found = {topic.slug: topic.label for topic in session.scalars(select(Topic).where(Topic.slug.in_(slugs)))}
    return [found[slug] for slug in slugs if slug in found]
