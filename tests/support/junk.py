"""What attackers and broken programs send: for every field, every address, every query."""

import re
from collections.abc import Iterable
from urllib.parse import quote

NUL = "a\x00b"
LONG = "9" * 5000  # more digits than Python makes a number of
WORDS = [
    NUL,
    LONG,
    "²",
    "99999999999999999999",
    "0001-01-01",
    "9999-12-31",
    "http://[",
    "javascript:alert(1)",
    "x@ä.example\r\nBcc: y@z.example",
    "<script>alert(1)</script>{{7*7}}%(x)s%s",
    "\ufffe\x1b\x7f\u202e\u2028\U0010ffff",
    "[" * 300 + "*a" * 300 + "> " * 300,
]
# What a form that is else in order is spoiled with, one field at a time.
SINGLE = ["9999-12-31", "\ufffe\x1b\x7f\u202e\u2028\U0010ffff"]
# Documents for the hidden field of a rich text.
DOCUMENTS = [
    "[" * 100_000,
    '{"type":"doc","content":' * 5000,
    "null",
    '{"type":"doc","content":[{"type":[]},1,null]}',
    '{"type":"doc","content":[{"type":"heading","attrs":{"level":2.0},"content":[{"type":"text","text":"x"}]}]}',
    '{"type":"doc","content":[{"type":"orderedList","attrs":{"start":true},"content":[7]}]}',
    '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"\\ud800\\u0000"}]}]}',
    '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":[1]}]}]}',
]
# Names of fields that no page has, but that a form library might try to read.
NAMES = ["links-²-url", f"links-{LONG}-url", "links-99999-url", "dates-0-day", "b1-limit", "ä\x00", "x" * 1000, ""]
# Parts of an address; ids that no column holds, keys that no index takes.
PARTS = ["99999999999999999999", LONG, "0", "²", "%00", "%ff%fe", "1-1-ü", "..%2f..", quote("🙂"), "a" * 3000]
QUERIES = ["%00", "%ff%fe%ed%a0%80", "-1", LONG, "http://[", "%0d%0aSet-Cookie:x=1"]
PARAMETERS = ("seite", "q", "kreis", "gemeinde", "thema", "art", "stand", "text", "state", "newsletter", "next", "lang")
PARAMETERS += ("ansicht", "zeit", "lage", "kommunal", "dunkel")

FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"')


def fields_of(page: str) -> list[str]:
    """The names of all fields on a page but the CSRF token, each once."""
    return [name for name in dict.fromkeys(FIELD.findall(page)) if name != "csrf_token"]


def query(value: str) -> str:
    """All parameters that any page reads, each with this value (written as it stands in an address)."""
    return "&".join(f"{name}={value}" for name in PARAMETERS)


def body(pairs: Iterable[tuple[str, str | bytes]]) -> bytes:
    """A form as browsers send it; values in bytes need not be UTF-8."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs).encode()
