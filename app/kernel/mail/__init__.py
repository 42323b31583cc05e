"""Mails: rendered from ``mail_templates/``, composed to bytes that every receiving server reads as they were meant."""

from app.kernel.mail.compose import Attachment, Body, Envelope, assemble, compose
from app.kernel.mail.policy import MailPolicy
from app.kernel.mail.render import PLACEHOLDERS, Mail, MailSample, render, use

__all__ = [
    "PLACEHOLDERS",
    "Attachment",
    "Body",
    "Envelope",
    "Mail",
    "MailPolicy",
    "MailSample",
    "assemble",
    "compose",
    "render",
    "use",
]
