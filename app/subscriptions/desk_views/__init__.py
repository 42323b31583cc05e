"""The editorial desk's pages about the people who listen."""

from app.subscriptions.desk_views import erasing, evidence, exports, imports, people, person, sign_ups
from app.subscriptions.desk_views.blueprint import blueprint

__all__ = ["blueprint", "erasing", "evidence", "exports", "imports", "people", "person", "sign_ups"]
