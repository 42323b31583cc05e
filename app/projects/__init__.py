"""The Projektlandkarte: the catalogue of services, what is known of their reuse, and what Saxony does about each.

The catalogue comes from files, with their sources; what Saxony does is said by the team, and shown with how we know.
"""

from app.projects.models import Project, Reuse, Service
from app.projects.queries import (
    Choice,
    Found,
    all_services,
    count_services,
    field_choices,
    find_service,
    find_services,
    get_service,
    names_of,
    projects,
    reuses_without_service,
    search,
    situation_choices,
    state_counts,
)
from app.projects.services import CATALOGUE_AS_OF, Imported, describe, import_catalogue
from app.projects.values import (
    MATURITY,
    Priority,
    ProjectState,
    ProjectValues,
    SituationKind,
    Wanted,
    Way,
)

__all__ = [
    "CATALOGUE_AS_OF",
    "MATURITY",
    "Choice",
    "Found",
    "Imported",
    "Priority",
    "Project",
    "ProjectState",
    "ProjectValues",
    "Reuse",
    "Service",
    "SituationKind",
    "Wanted",
    "Way",
    "all_services",
    "count_services",
    "describe",
    "field_choices",
    "find_service",
    "find_services",
    "get_service",
    "import_catalogue",
    "names_of",
    "projects",
    "reuses_without_service",
    "search",
    "situation_choices",
    "state_counts",
]
