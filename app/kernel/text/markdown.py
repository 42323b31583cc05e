"""Markdown in and out: how a document is written where there is no JavaScript, and in imports."""

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
ESCAPED: Final = str.maketrans({c: "\\" + c for c in "\\`*_[]<>#"})


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
    """Markdown from which ``from_markdown`` makes the same document again."""
    return "\n\n".join(_markdown_block(node) for node in doc.get("content", []))


def _markdown_block(node: Node) -> str:
    kind = node["type"]
    children = node.get("content", [])
    if kind == "horizontalRule":
        return "---"
    if kind in ("paragraph", "heading"):
        line = "".join(_markdown_inline(child) for child in children)
        return f"{'#' * node['attrs']['level']} {line}" if kind == "heading" else line
    if kind == "blockquote":
        inner = "\n\n".join(_markdown_block(child) for child in children)
        return "\n".join(f"> {line}".rstrip() for line in inner.splitlines())
    start = node.get("attrs", {}).get("start", 1)
    signs = ("- " if kind == "bulletList" else f"{start + i}. " for i in range(len(children)))
    return "\n".join(_markdown_item(item, sign) for item, sign in zip(children, signs, strict=True))


def _markdown_item(item: Node, sign: str) -> str:
    inner = "\n\n".join(_markdown_block(child) for child in item.get("content", []))
    return sign + inner.replace("\n", "\n" + " " * len(sign))


def _markdown_inline(node: Node) -> str:
    if node["type"] == "hardBreak":
        return "\\\n"
    text: str = node["text"].translate(ESCAPED)
    for mark in node.get("marks", []):
        if mark["type"] == "link":
            text = f"[{text}]({mark['attrs']['href']})"
        else:
            sign = "**" if mark["type"] == "bold" else "*"
            text = f"{sign}{text}{sign}"
    return text
