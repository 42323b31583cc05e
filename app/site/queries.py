"""Questions that several features answer together."""

from collections.abc import Sequence
from typing import Final

from app import announcements, events, newsletter, projects, taxonomy
from app.kernel.search import Hit, SearchFunction

MINIMUM: Final = 2
FIXED: Final = (
    "/",
    "/meldungen",
    "/newsletter",
    "/newsletter/anmelden",
    "/termine",
    "/termine/abonnieren",
    "/projekte",
    "/mitmachen",
    "/impressum",
    "/datenschutz",
    "/barrierefreiheit",
    "/barriere-melden",
    "/leichte-sprache",
)


def search(words: str, functions: Sequence[SearchFunction], limit: int = 20) -> list[Hit]:
    """What the features find for these words, each at most ``limit``; titles that hold the words come first."""
    words = " ".join(words.split())
    if len(words) < MINIMUM:
        return []
    hits = [hit for function in functions for hit in function(words, limit)]
    wanted = taxonomy.fold(words)
    return sorted(hits, key=lambda hit: wanted not in taxonomy.fold(hit.title))


def public_paths() -> list[str]:
    """The path of every public page that search engines should know, fixed ones first."""
    said = [f"/meldungen/{revision.slug}" for revision in announcements.published()]
    dated = [f"/termine/{event.slug}" for event in events.published()]
    sent = [f"/newsletter/ausgaben/{issue.slug}" for issue in newsletter.archive()]
    served = [f"/projekte/{service.ozg_id}" for service in projects.all_services(projects.Wanted())]
    return [*FIXED, *said, *dated, *sent, *served]
