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
    children = _joined([_child(child, CHILDREN[kind], depth) for child in _list(node.get("content"))])
    if kind in ("paragraph", "heading"):
        children = _line(children, breaks=kind == "paragraph")
    if children or kind == "doc":
        clean["content"] = children
    return clean


def _child(child: Any, allowed: frozenset[str], depth: int) -> Node:
    if not isinstance(child, dict) or _kind(child) not in allowed:
        raise _invalid()
    return _text(child) if child["type"] == "text" else _node(child, depth + 1)


def _line(children: list[Node], *, breaks: bool) -> list[Node]:
    """No breaks at the ends; in a heading, which is one line, none at all."""
    if not breaks:
        children = _joined([{"type": "text", "text": " "} if _kind(c) == "hardBreak" else c for c in children])
    while children and _kind(children[0]) == "hardBreak":
        children = children[1:]
    while children and _kind(children[-1]) == "hardBreak":
        children = children[:-1]
    return children


def _joined(children: list[Node]) -> list[Node]:
    """Texts with the same marks next to each other are one; so that equal documents are equal values."""
    joined: list[Node] = []
    for child in children:
        last = joined[-1] if joined else {}
        if child["type"] == last.get("type") == "text" and child.get("marks") == last.get("marks"):
            joined[-1] = last | {"text": last["text"] + child["text"]}
        else:
            joined.append(child)
    return [child for child in joined if child.get("text") != ""]


def _text(node: Node) -> Node:
    text = node.get("text")
    if not isinstance(text, str) or not text:
        raise _invalid()
    clean: Node = {"type": "text", "text": "".join(_storable(c) for c in text)}
    marks = {_kind(mark): _mark(mark) for mark in _list(node.get("marks")) if _kind(mark) in MARKS}
    if marks:
        clean["marks"] = [marks[kind] for kind in sorted(marks)]
    return clean


def _storable(char: str) -> str:
    """Line ends and tabs are blanks; control characters and lone surrogates, which no database stores, are nothing."""
    if char in "\n\t\r":
        return " "
    return "" if ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF else char


def _mark(mark: Node) -> Node:
    if mark["type"] != "link":
        return {"type": mark["type"]}
    return {"type": "link", "attrs": {"href": link_target(_attrs(mark).get("href"))}}


def link_target(href: Any) -> str:
    """The address if a link may lead there. Raises Invalid otherwise."""
    try:
        allowed = isinstance(href, str) and urlsplit(href.strip()).scheme.lower() in LINK_SCHEMES
        allowed = allowed and all(_storable(c) == c for c in href.strip())
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
    return level if isinstance(level, int) and level in HEADING_LEVELS else HEADING_LEVELS[0]


def _start(node: Node) -> int:
    start = _attrs(node).get("start")
    return start if type(start) is int and 0 <= start < 10_000 else 1  # True is an int too


def _invalid() -> Invalid:
    return Invalid(body=lazy("Dieser Text konnte nicht gelesen werden. Bitte fügen Sie ihn ohne Formatierung ein."))
