"""Outlets for announcements: the partners' channels that we push to (SSG, SLKT), and the feeds that everybody pulls.

What is owed to a channel is a dispatch of the hub; how it is said there, and whether it arrived, is known here.
"""

from app.syndication.kinds.base import Form, Kind, NotTaken, Package, Parcel
from app.syndication.kinds.mail_format import MailFormat
from app.syndication.kinds.webhook import Webhook
from app.syndication.links import acknowledge_token, dispatch_of
from app.syndication.pump import dispatch_due
from app.syndication.queries import failing, feed, get_channel, overview
from app.syndication.services import acknowledge, add_channel, change_channel, renew_secret, try_again

__all__ = [
    "Form",
    "Kind",
    "MailFormat",
    "NotTaken",
    "Package",
    "Parcel",
    "Webhook",
    "acknowledge",
    "acknowledge_token",
    "add_channel",
    "change_channel",
    "dispatch_due",
    "dispatch_of",
    "failing",
    "feed",
    "get_channel",
    "overview",
    "renew_secret",
    "try_again",
]
