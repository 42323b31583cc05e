"""The desk of the issues: write, check, preview, approve, schedule, watch; and the welcome mail."""

from app.newsletter.desk_views import actions, editor, preview, welcome
from app.newsletter.desk_views.blueprint import blueprint

__all__ = ["actions", "blueprint", "editor", "preview", "welcome"]
