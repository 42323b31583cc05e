"""The mails to the people who listen, one file per story."""

from app.subscriptions.mails import by_staff, own_data, preferences, sign_up
from app.subscriptions.mails import information as information_mail
from app.subscriptions.mails.by_staff import reconfirm, withdrawn
from app.subscriptions.mails.information import information
from app.subscriptions.mails.own_data import my_data
from app.subscriptions.mails.preferences import address_asked, address_changed, address_known, changed, links
from app.subscriptions.mails.sign_up import already, confirm

SAMPLES = [
    *sign_up.SAMPLES,
    *information_mail.SAMPLES,
    *preferences.SAMPLES,
    *own_data.SAMPLES,
    *by_staff.SAMPLES,
]

__all__ = [
    "SAMPLES",
    "address_asked",
    "address_changed",
    "address_known",
    "already",
    "changed",
    "confirm",
    "information",
    "links",
    "my_data",
    "reconfirm",
    "withdrawn",
]
