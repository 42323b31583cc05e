"""Which documents there are: the nodes, the marks, and what may stand in what."""

from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from app.kernel.errors import Invalid
from app.kernel.i18n import lazy

Doc: TypeAlias = dict[str, Any]
Node: TypeAlias = dict[str, Any]

EMPTY: Final[Doc] = {"type": "doc", "content": []}
INLINE: Final = frozenset({"text", "hardBreak"})
BLOCKS: Final = frozenset({"paragraph", "heading", "bulletList", "orderedList", "blockquote", "horizontalRule"})
CHILDREN: Final[dict[str, frozenset[str]]] = {
    "doc": BLOCKS,
    "paragraph": INLINE,
    "heading": INLINE,
    "bulletList": frozenset({"listItem"}),
    "orderedList": frozenset({"listItem"}),
    "listItem": BLOCKS - {"heading", "horizontalRule"},
    "blockquote": BLOCKS - {"heading", "horizontalRule"},
    "horizontalRule": frozenset(),
    "hardBreak": frozenset(),
}
MARKS: Final = frozenset({"bold", "italic", "link"})
HEADING_LEVELS: Final = (2, 3, 4)
LINK_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
MAX_DEPTH: Final = 12


def parse(value: Any) -> Doc:
    """A clean copy of the document: known nodes, marks and attributes only.

    Raises Invalid (field ``body``) if it is not a document, nests deeper than 12, or links to something that is not
    http, https, mailto or tel.
    """
    if not isinstance(value, dict) or value.get("type") != "doc":
        raise _invalid()
    return _node(value, 0)


def is_empty(doc: Doc) -> bool:
    """Whether there is nothing to read in it."""
    return not any(_has_text(node) for node in doc.get("content", []))


def _has_text(node: Node) -> bool:
    return bool(node.get("text", "").strip()) or any(_has_text(child) for child in node.get("content", []))


def _node(node: Node, depth: int) -> Node:
    kind = node.get("type")
    if kind not in CHILDREN or depth > MAX_DEPTH:
        raise _invalid()
    clean: Node = {"type": kind}
    if kind == "heading":
        clean["attrs"] = {"level": _level(node)}
    if kind == "orderedList" and _start(node) != 1:
        clean["attrs"] = {"start": _start(node)}
    children = [_child(child, CHILDREN[kind], depth) for child in _list(node.get("content"))]
    if children or kind == "doc":
        clean["content"] = children
    return clean


def _child(child: Any, allowed: frozenset[str], depth: int) -> Node:
    if not isinstance(child, dict) or child.get("type") not in allowed:
        raise _invalid()
    return _text(child) if child["type"] == "text" else _node(child, depth + 1)


def _text(node: Node) -> Node:
    text = node.get("text")
    if not isinstance(text, str) or not text:
        raise _invalid()
    clean: Node = {"type": "text", "text": "".join(c for c in text if c in "\n\t" or ord(c) >= 32)}
    marks = [_mark(mark) for mark in _list(node.get("marks")) if _kind(mark) in MARKS]
    if marks:
        clean["marks"] = marks
    return clean


def _mark(mark: Node) -> Node:
    if mark["type"] != "link":
        return {"type": mark["type"]}
    return {"type": "link", "attrs": {"href": link_target(_attrs(mark).get("href"))}}


def link_target(href: Any) -> str:
    """The address if a link may lead there. Raises Invalid otherwise."""
    try:
        allowed = isinstance(href, str) and urlsplit(href.strip()).scheme.lower() in LINK_SCHEMES
    except ValueError:
        allowed = False
    if not allowed:
        raise Invalid(body=lazy("Bitte geben Sie Links vollständig an, zum Beispiel https://www.beispiel.de."))
    return str(href).strip()


def _attrs(node: Node) -> Node:
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, dict) else {}


def _kind(node: Any) -> str:
    return str(node.get("type")) if isinstance(node, dict) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _level(node: Node) -> int:
    level = _attrs(node).get("level")
    return level if level in HEADING_LEVELS else HEADING_LEVELS[0]


def _start(node: Node) -> int:
    start = _attrs(node).get("start")
    return start if isinstance(start, int) and 0 <= start < 10_000 else 1


def _invalid() -> Invalid:
    return Invalid(body=lazy("Dieser Text konnte nicht gelesen werden. Bitte fügen Sie ihn ohne Formatierung ein."))
