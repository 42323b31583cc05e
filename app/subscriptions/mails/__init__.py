"""The mails to the people who listen, one file per story."""

from app.subscriptions.mails import information as information_mail
from app.subscriptions.mails import sign_up
from app.subscriptions.mails.information import information
from app.subscriptions.mails.sign_up import already, confirm

SAMPLES = [*sign_up.SAMPLES, *information_mail.SAMPLES]

__all__ = ["SAMPLES", "already", "confirm", "information"]
