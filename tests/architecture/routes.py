"""What can be reached over HTTP, and what a mere visit may do: nothing."""

import re
from typing import Any

from sqlalchemy import MetaData

from app.kernel.db import db
from tests.support.dump import differences, dump, tables

ADDRESS = re.compile(r"https?://[^\s\"'<>)\]]+")


def unguarded(app: Any) -> list[str]:
    """Views that say neither ``web.public`` nor ``web.requires``."""
    return sorted(
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.endswith("static") and not hasattr(app.view_functions[rule.endpoint], "guard")
    )


def public_at_the_desk(app: Any) -> list[str]:
    """Addresses below /redaktion that everybody may open."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/redaktion") and getattr(app.view_functions[rule.endpoint], "guard", "") == "public"
    )


def addresses_in(text: str, public_url: str) -> set[str]:
    """The paths, with their queries, of all addresses of this installation in a text."""
    found = {address.replace("&amp;", "&").rstrip(".,;:") for address in ADDRESS.findall(text)}
    return {address.removeprefix(public_url) or "/" for address in found if address.startswith(public_url)}


def side_effects(app: Any, paths: set[str]) -> list[str]:
    """What GET and HEAD on these paths change in the database, row by row; and paths that answer with an error of ours.

    Each is asked twice, as a person and as a link scanner that asks before and after.
    """
    found = []
    visitor = app.test_client()
    with app.app_context():
        known = tables(db.engine)
    before = _rows(app, known)
    for path in sorted(paths):
        for method in ("HEAD", "GET", "GET", "HEAD"):
            response = visitor.open(path, method=method)
            if response.status_code >= 500:
                found.append(f"{method} {path} answers {response.status_code}")
        after = _rows(app, known)
        found += [f"{path}: {line}" for line in differences(before, after)]
        before = after
    return found


def _rows(app: Any, known: MetaData) -> dict[str, Any]:
    with app.app_context():
        return dump(db.engine, known)
