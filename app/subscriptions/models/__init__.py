"""Newsletters, who takes them, what was declared about it, and the links that confirm."""

from app.subscriptions.models.consent import Confirmation
from app.subscriptions.models.declarations import Declaration, Seal, ShownText
from app.subscriptions.models.imports import Import, Stage
from app.subscriptions.models.kinds import Basis, Channel, DeclarationKind, Format, How, LeaveReason, State
from app.subscriptions.models.people import Newsletter, Subscriber, Subscription
from app.subscriptions.models.preferences import AddressChange, LeaveCount
from app.subscriptions.models.privacy import DataLink, Erasure
from app.subscriptions.models.reconfirmation import Reconfirmation, ReconfirmationAsk
from app.subscriptions.models.sign_up import FunnelDay, SignUpLimit, SignUpRequest

__all__ = [
    "AddressChange",
    "Basis",
    "Channel",
    "Confirmation",
    "DataLink",
    "Declaration",
    "DeclarationKind",
    "Erasure",
    "Format",
    "FunnelDay",
    "How",
    "Import",
    "LeaveCount",
    "LeaveReason",
    "Newsletter",
    "Reconfirmation",
    "ReconfirmationAsk",
    "Seal",
    "ShownText",
    "SignUpLimit",
    "SignUpRequest",
    "Stage",
    "State",
    "Subscriber",
    "Subscription",
]
