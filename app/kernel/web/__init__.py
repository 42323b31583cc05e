"""HTTP in, HTTP out: guards, one transaction per request, security headers, helpful errors, cacheable feeds."""

from app.kernel.web.guards import Actor, current_actor, me, one_click, public, requires
from app.kernel.web.install import exempt_one_click, install
from app.kernel.web.responses import conditional, framed, note, page, url

__all__ = [
    "Actor",
    "conditional",
    "current_actor",
    "exempt_one_click",
    "framed",
    "install",
    "me",
    "note",
    "one_click",
    "page",
    "public",
    "requires",
    "url",
]
