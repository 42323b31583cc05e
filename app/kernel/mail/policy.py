"""How headers become bytes.

The standard library turns a ``List-Unsubscribe`` address longer than a line into encoded-words, which are not allowed
there, so that no mail program finds it (python/cpython#85725). This policy writes the list headers raw and folds them
only after a comma, begins a subject on its own line and not on the next, and writes ``List-Id`` with an encoded phrase
outside of quotes (RFC 2369, 2919, 8058).
"""

import textwrap
from email.header import Header
from email.policy import EmailPolicy
from typing import Any, Final

RAW: Final = frozenset(
    {
        "list-unsubscribe",
        "list-unsubscribe-post",
        "list-archive",
        "list-help",
        "list-owner",
        "list-subscribe",
        "list-post",
        "feedback-id",
        "message-id",
        "in-reply-to",
        "references",
    }
)


class MailPolicy(EmailPolicy):
    """``EmailPolicy`` with CRLF, 7-bit bodies, and list headers that stay what they are."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"linesep": "\r\n", "cte_type": "7bit", **values})

    def fold(self, name: str, value: Any) -> str:
        """One header as text, folded."""
        folded = _fold(name, str(value))
        return folded if folded is not None else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as bytes, folded."""
        folded = _fold(name, str(value))
        return folded.encode("ascii") if folded is not None else super().fold_binary(name, value)


def _fold(name: str, value: str) -> str | None:
    if any(c in value for c in "\r\n\x00"):
        raise ValueError(f"A header cannot contain line breaks: {name}")
    if name.lower() in RAW:
        return f"{name}: {value.replace(', ', f',{chr(13)}{chr(10)} ')}\r\n"
    if name.lower() == "subject" and value.isascii():
        lines = textwrap.wrap(f"{name}: {value}", 78, break_long_words=False, break_on_hyphens=False)
        return "\r\n ".join(lines) + "\r\n"
    if name.lower() == "list-id":
        phrase, _, rest = value.rpartition("<")
        encoded = Header(phrase.strip(), "us-ascii" if phrase.isascii() else "utf-8").encode(linesep="\r\n")
        return f"{name}: {encoded} <{rest}\r\n".replace(":  ", ": ")
    return None
