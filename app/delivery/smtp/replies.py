"""Replies of a server (RFC 5321, 4.2): lines in, codes and words out; what it says too much is not kept."""

from typing import Final

TEXT_AT_MOST: Final = 500  # characters that are kept


def words(said: bytes) -> str:
    """The words of a reply in one line, shortened; what is not UTF-8 is replaced."""
    return " ".join(said[: 4 * TEXT_AT_MOST].decode("utf-8", "replace").split())[:TEXT_AT_MOST]


def slows_down(text: str) -> bool:
    """Whether these words are about our speed or reputation (RFC 3463, X.7.x), and not about one connection."""
    return text.startswith("4.7.")
