"""The pump: claim in a short transaction, send outside of any, record the answers in short transactions."""

from app.delivery.pump.recovery import recover
from app.delivery.pump.run import send_due, send_single

__all__ = ["recover", "send_due", "send_single"]
