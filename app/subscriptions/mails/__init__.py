"""The mails to the people who listen, one file per story."""

from app.subscriptions.mails import sign_up
from app.subscriptions.mails.sign_up import already, confirm

SAMPLES = [*sign_up.SAMPLES]

__all__ = ["SAMPLES", "already", "confirm"]
