"""The editorial desk's pages about the people who listen."""

from app.subscriptions.desk_views import (
    bulk,
    erasing,
    evidence,
    exports,
    imports,
    people,
    person,
    reconfirm,
    report,
    sign_ups,
)
from app.subscriptions.desk_views.blueprint import blueprint

__all__ = [
    "blueprint",
    "bulk",
    "erasing",
    "evidence",
    "exports",
    "imports",
    "people",
    "person",
    "reconfirm",
    "report",
    "sign_ups",
]
