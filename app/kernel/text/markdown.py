"""Markdown in and out: how a document is written where there is no JavaScript, and in imports."""

import re
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.kernel.text.model import Doc, Node, parse

_parser: Final = MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "fence"])
CONTAINERS: Final = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "bullet_list_open": "bulletList",
    "ordered_list_open": "orderedList",
    "list_item_open": "listItem",
    "blockquote_open": "blockquote",
}
MARKS: Final = {"strong": "bold", "em": "italic", "link": "link"}
EMPHASIS: Final = {"bold": "**", "italic": "*"}
ESCAPED: Final = str.maketrans({c: "\\" + c for c in "\\`*_[]<>#&"})


def from_markdown(source: str) -> Doc:
    """The document that this Markdown (CommonMark without HTML, images and code) describes.

    Headings start at level 2, since a page has one of level 1 already. Raises Invalid for links that lead nowhere.
    """
    tokens = iter(_parser.parse(source.replace("\x00", "")))
    return parse({"type": "doc", "content": list(_blocks(tokens, in_list=False))})


def _blocks(tokens: Iterator[Token], *, in_list: bool) -> Iterator[Node]:
    for token in tokens:
        if token.type.endswith("_close"):
            return
        if token.type == "hr":
            if not in_list:
                yield {"type": "horizontalRule"}
        elif token.type == "inline":
            yield from _inline(token.children or [])
        elif token.type in CONTAINERS:
            yield _container(token, tokens, in_list=in_list)
        elif token.content.strip():
            yield {"type": "paragraph", "content": [{"type": "text", "text": token.content.strip()}]}


def _container(token: Token, tokens: Iterator[Token], *, in_list: bool) -> Node:
    kind = CONTAINERS[token.type]
    if kind == "heading" and in_list:
        kind = "paragraph"
    node: Node = {"type": kind}
    if kind == "heading":
        node["attrs"] = {"level": min(max(int(token.tag[1]), 2), 4)}
    if kind == "orderedList":
        node["attrs"] = {"start": int(token.attrGet("start") or 1)}
    node["content"] = list(_blocks(tokens, in_list=in_list or kind in ("listItem", "blockquote")))
    return node


def _inline(tokens: list[Token]) -> Iterator[Node]:
    marks: list[Node] = []
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if name in MARKS and token.nesting == 1:
            attrs = {"attrs": {"href": token.attrGet("href")}} if name == "link" else {}
            marks.append({"type": MARKS[name], **attrs})
        elif name in MARKS:
            marks.pop()
        elif token.type == "hardbreak":
            yield {"type": "hardBreak"}
        elif text := " " if token.type == "softbreak" else token.content:
            yield {"type": "text", "text": text, **({"marks": list(marks)} if marks else {})}


def to_markdown(doc: Doc) -> str:
    """Markdown from which ``from_markdown`` makes the same text again.

    Emphasis that Markdown cannot say (inside a word, next to punctuation) is left out; its words never are.
    """
    return _markdown_blocks(doc)


def _markdown_blocks(node: Node) -> str:
    written: list[str] = []
    signs = 0  # two lists next to each other need different signs to stay two
    before = ""
    for child in node.get("content", []):
        signs = (signs + 1) % 2 if child["type"] == before else 0
        if block := _markdown_block(child, signs):
            written.append(block)
            before = child["type"]
    return "\n\n".join(written)


def _markdown_block(node: Node, signs: int) -> str:
    kind = node["type"]
    if kind == "horizontalRule":
        return "---"
    if kind == "paragraph":
        return _markdown_line(node.get("content", []))
    if kind == "heading":
        line = _markdown_line(node.get("content", [])).replace("\\\n", " ")
        return f"{'#' * node['attrs']['level']} {line}" if line else ""
    if kind == "blockquote":
        return "\n".join(f"> {line}".rstrip() for line in _markdown_blocks(node).splitlines())
    start = node.get("attrs", {}).get("start", 1)
    items = node.get("content", [])
    ends = [f"{start + i}{'.)'[signs]} " if kind == "orderedList" else f"{'-*'[signs]} " for i in range(len(items))]
    return "\n".join(_markdown_item(item, sign) for item, sign in zip(items, ends, strict=True))


def _markdown_item(item: Node, sign: str) -> str:
    lines = (sign + _markdown_blocks(item)).split("\n")
    return "\n".join([lines[0].rstrip(), *(f"{' ' * len(sign)}{line}".rstrip() for line in lines[1:])])


def _markdown_line(nodes: list[Node]) -> str:
    line = _trimmed(_inline_markdown(nodes, frozenset()))
    if _read(line) == _read(_trimmed(_inline_markdown(_without_emphasis(nodes), frozenset()))):
        return line
    return _trimmed(_inline_markdown(_without_emphasis(nodes), frozenset()))


def _inline_markdown(nodes: list[Node], active: frozenset[str]) -> str:
    """These nodes, of which each has the ``active`` marks already open; the longest mark is opened first."""
    written = ""
    while nodes:
        runs = {name: _run(nodes, name) for name in _names(nodes[0]) - active}
        if runs:
            name = max(sorted(runs), key=lambda name: runs[name])
            run, nodes = nodes[: runs[name]], nodes[runs[name] :]
            written += _marked(run, name, _inline_markdown(run, active | {name}))
        else:
            written += _plain(nodes[0])
            nodes = nodes[1:]
    return written


def _run(nodes: list[Node], name: str) -> int:
    count = 0
    for node in nodes:
        if name not in _names(node):
            break
        count += 1
    return count


def _names(node: Node) -> set[str]:
    """The marks of a node; a link's name has its address, so that two links next to each other stay two."""
    return {mark["attrs"]["href"] if mark["type"] == "link" else mark["type"] for mark in node.get("marks", [])}


def _marked(run: list[Node], name: str, inner: str) -> str:
    if name not in EMPHASIS:
        return f"[{inner}](<{name.translate(ESCAPED)}>)"
    words = inner.strip(" ")
    before, _, after = inner.partition(words) if words else (inner, "", "")
    sign = EMPHASIS[name] if words else ""
    return f"{before}{sign}{words}{sign}{after}"


def _plain(node: Node) -> str:
    return "\\\n" if node["type"] == "hardBreak" else str(node["text"]).translate(ESCAPED)


def _trimmed(line: str) -> str:
    """Without breaks at its ends, and with nothing at the start of a line that would make it a list or a rule."""
    line = re.sub(r"^(?:\\\n|\s)+|(?:(?<!\\)\\\n|\s)+$", "", line)
    line = re.sub(r"\n\s+", "\n", line)
    return re.sub(r"^(\d*)([-+=~.)])", r"\1\\\2", line, flags=re.MULTILINE)


def _without_emphasis(nodes: list[Node]) -> list[Node]:
    return [
        node | {"marks": [mark for mark in node["marks"] if mark["type"] == "link"]} if "marks" in node else node
        for node in nodes
    ]


def _read(line: str) -> str:
    """The bare words of a line of Markdown."""
    tokens = _parser.parseInline(line)[0].children or []
    return "".join("\n" if token.type == "hardbreak" else token.content for token in tokens)
