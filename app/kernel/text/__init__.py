"""Structured rich text: one JSON document (a subset of TipTap's), from which web page, mail and plain text are made.

Nothing else in the product stores HTML. A document is a plain ``dict`` that ``parse`` has checked.
"""

from app.kernel.text.links import looks_dead
from app.kernel.text.markdown import from_markdown, to_markdown
from app.kernel.text.model import EMPTY, Doc, is_empty, parse
from app.kernel.text.render import shorten, to_html, to_mail_html, to_plain

__all__ = [
    "EMPTY",
    "Doc",
    "from_markdown",
    "is_empty",
    "looks_dead",
    "parse",
    "shorten",
    "to_html",
    "to_mail_html",
    "to_markdown",
    "to_plain",
]
