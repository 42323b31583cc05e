"""From a document to a web page, to an e-mail, to plain text."""

from collections.abc import Callable
from typing import Final

from markupsafe import Markup, escape

from app.kernel.text.model import Doc, Node

TAGS: Final = {"bulletList": "ul", "orderedList": "ol", "listItem": "li", "blockquote": "blockquote", "paragraph": "p"}
MARK_TAGS: Final = {"bold": "strong", "italic": "em"}


def to_html(doc: Doc) -> Markup:
    """HTML for a page of the site; headings begin at level 2."""
    return _children(doc, _web_open)


def to_mail_html(doc: Doc) -> Markup:
    """HTML for an e-mail: the same elements with classes that the mail's style sheet is inlined to."""
    return _children(doc, _mail_open)


def to_plain(doc: Doc) -> str:
    """Plain text that reads well on its own: lists with dashes, links written out behind their words."""
    return "\n\n".join(block for node in doc.get("content", []) if (block := _plain_block(node)))


def shorten(doc: Doc, chars: int) -> str:
    """The text in one line, cut between words to at most ``chars`` characters, with … where something was left out."""
    line = " ".join(to_plain(doc).split())
    if len(line) <= chars:
        return line
    cut = line[:chars].rpartition(" ")[0] or line[: chars - 1]
    return cut.rstrip(",;:–- ") + "…"


def _children(node: Node, open_tag: Callable[[str, Node], Markup]) -> Markup:
    return Markup("").join(_html(child, open_tag) for child in node.get("content", []))


def _html(node: Node, open_tag: Callable[[str, Node], Markup]) -> Markup:
    kind = node["type"]
    if kind == "text":
        return _marked(node)
    if kind == "hardBreak":
        return Markup("<br>")
    if kind == "horizontalRule":
        return open_tag("hr", node)
    tag = f"h{node['attrs']['level']}" if kind == "heading" else TAGS[kind]
    content = _children(node, open_tag)
    if kind == "listItem" and _is_simple_item(node):
        content = _children(node["content"][0], open_tag)
    return open_tag(tag, node) + content + Markup("</{}>").format(tag)


def _is_simple_item(node: Node) -> bool:
    content = node.get("content", [])
    return len(content) == 1 and content[0]["type"] == "paragraph"


def _web_open(tag: str, node: Node) -> Markup:
    start = node.get("attrs", {}).get("start")
    return Markup('<{} start="{}">').format(tag, start) if start else Markup("<{}>").format(tag)


def _mail_open(tag: str, node: Node) -> Markup:
    start = node.get("attrs", {}).get("start")
    extra = Markup(' start="{}"').format(start) if start else Markup("")
    return Markup('<{} class="rich-{}"{}>').format(tag, tag, extra)


def _marked(node: Node) -> Markup:
    html = escape(node["text"])
    for mark in node.get("marks", []):
        if mark["type"] == "link":
            html = Markup('<a href="{}">{}</a>').format(mark["attrs"]["href"], html)
        else:
            tag = MARK_TAGS[mark["type"]]
            html = Markup("<{}>").format(tag) + html + Markup("</{}>").format(tag)
    return html


def _plain_block(node: Node, indent: str = "") -> str:
    kind = node["type"]
    if kind in ("paragraph", "heading"):
        return _plain_inline(node)
    if kind == "horizontalRule":
        return "-" * 20
    blocks = node.get("content", [])
    if kind == "blockquote":
        return "\n".join(f"> {line}" for block in blocks for line in _plain_block(block).splitlines())
    if kind in ("bulletList", "orderedList"):
        start = node.get("attrs", {}).get("start", 1)
        signs = ("-" if kind == "bulletList" else f"{start + i}." for i in range(len(blocks)))
        return "\n".join(_plain_item(item, sign) for item, sign in zip(blocks, signs, strict=True))
    return ""


def _plain_item(item: Node, sign: str) -> str:
    text = "\n".join(_plain_block(block) for block in item.get("content", []))
    return f"{sign} " + text.replace("\n", "\n" + " " * (len(sign) + 1))


def _plain_inline(node: Node) -> str:
    return "".join(_plain_text(child) for child in node.get("content", []))


def _plain_text(node: Node) -> str:
    if node["type"] == "hardBreak":
        return "\n"
    text: str = node["text"]
    for mark in node.get("marks", []):
        if mark["type"] == "link":
            href = mark["attrs"]["href"]
            shown = href.removeprefix("mailto:").removeprefix("tel:")
            text = shown if text == shown else f"{text} ({shown})"
    return text
