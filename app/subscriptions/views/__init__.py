"""The public pages: sign up, confirm, change, leave. Opening any of them changes nothing."""

from app.subscriptions.views import confirmation, keeping, leaving, links, moving, my_data, preferences, sign_up
from app.subscriptions.views.blueprint import blueprint

__all__ = ["blueprint", "confirmation", "keeping", "leaving", "links", "moving", "my_data", "preferences", "sign_up"]
