"""Mails: rendered from ``mail_templates/``, composed to bytes that every receiving server reads as they were meant."""

from app.kernel.mail.compose import Attachment, Envelope, compose
from app.kernel.mail.policy import MailPolicy
from app.kernel.mail.render import PLACEHOLDERS, Mail, MailSample, render, use

__all__ = [
    "PLACEHOLDERS",
    "Attachment",
    "Envelope",
    "Mail",
    "MailPolicy",
    "MailSample",
    "compose",
    "render",
    "use",
]
