"""From a frozen message and one recipient to the bytes for the wire: written once per message, filled per recipient."""

from app.delivery.letter.links import preferences_url, unsubscribe_url
from app.delivery.letter.shape import Recipient
from app.delivery.letter.stencil import Stencil

__all__ = ["Recipient", "Stencil", "preferences_url", "unsubscribe_url"]
