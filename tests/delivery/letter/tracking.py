"""In what two mails differ: what a recipient could be recognised by has to be named here."""

import re
from email import message_from_bytes, policy
from email.message import Message
from typing import NamedTuple

LINK = re.compile(r"""https?://[^\s"'<>)]+""")


class Difference(NamedTuple):
    """Headers, pairs of words in the texts (text and HTML), and pairs of links that are not the same."""

    headers: set[str]
    words: set[tuple[str, str]]
    links: set[tuple[str, str]]


def difference(one: bytes, other: bytes) -> Difference:
    """Raises AssertionError if the mails do not have the same build: parts, types, number of words and links."""
    first, second = (message_from_bytes(content, policy=policy.compat32) for content in (one, other))
    assert first.keys() == second.keys()
    headers = {name for name in first if first.get_all(name) != second.get_all(name)}
    words: set[tuple[str, str]] = set()
    links: set[tuple[str, str]] = set()
    for mine, theirs in zip(_parts(first), _parts(second), strict=True):
        assert mine.items() == theirs.items() or mine is first
        a, b = _text(mine), _text(theirs)
        links |= {pair for pair in zip(LINK.findall(a), LINK.findall(b), strict=True) if pair[0] != pair[1]}
        pairs = zip(_words(a), _words(b), strict=True)
        words |= {pair for pair in pairs if pair[0] != pair[1]}
    return Difference(headers, words, links)


def _parts(message: Message) -> list[Message]:
    return [part for part in message.walk() if not part.is_multipart()]


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode("utf-8", "replace")


def _words(text: str) -> list[str]:
    """The text in words, each link as one that says nothing."""
    return re.split(r"\s+|(?<=>)|(?=<)", LINK.sub("LINK", text))
