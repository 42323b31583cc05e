"""Regions by their official key and topics by their slug: the two ways in which everything is sorted.

What a region means, and so what matches what, is decided in ``rules.py`` and nowhere else.
"""

from app.taxonomy.forms import DistrictsField, PlacesField, TopicsField
from app.taxonomy.models import Region, RegionKind, Topic, TopicKind
from app.taxonomy.queries import (
    associations,
    concerns,
    current_ags,
    directions,
    districts,
    find_region,
    find_topic,
    get_region,
    get_topic,
    matches,
    municipalities,
    region_labels,
    search_regions,
    topic_labels,
    topics,
    tree,
)
from app.taxonomy.rules import Scope, fold, free_slug, search_text, slug_of
from app.taxonomy.services import Loaded, load

__all__ = [
    "DistrictsField",
    "Loaded",
    "PlacesField",
    "Region",
    "RegionKind",
    "Scope",
    "Topic",
    "TopicKind",
    "TopicsField",
    "associations",
    "concerns",
    "current_ags",
    "directions",
    "districts",
    "find_region",
    "find_topic",
    "fold",
    "free_slug",
    "get_region",
    "get_topic",
    "load",
    "matches",
    "municipalities",
    "region_labels",
    "search_regions",
    "search_text",
    "slug_of",
    "topic_labels",
    "topics",
    "tree",
]
