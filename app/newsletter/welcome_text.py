"""The wording of the welcome mail: the shipped one, and how its placeholders are filled. Pure functions on values.

A placeholder is a name in braces, ``{website}``. A paragraph or list item whose placeholder has no value is left out,
so that one wording fits a team with and without, say, info channels.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.kernel import text
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy
from app.newsletter import blocks
from app.newsletter.blocks import Block

TEXTS: Final = Path(__file__).parent / "texts"
PLACE: Final = re.compile(r"\{([a-z]+)\}")
LIVE: Final = re.compile(r"^\[\[Termine (\d+)\]\]$")

PLACES: Final[dict[str, Any]] = {
    "newsletter": lazy("Name des Newsletters"),
    "website": lazy("Adresse der Website"),
    "herausgeber": lazy("Herausgeber"),
    "traeger": lazy("wer die Redaktion trägt"),
    "betrieb": lazy("technischer Betrieb"),
    "redaktion": lazy("Name der Redaktion"),
    "kontakt": lazy("Kontaktadresse"),
    "projektlandkarte": lazy("Adresse der Projektlandkarte"),
    "beteiligungsportal": lazy("Adresse des Beteiligungsportals"),
    "termine": lazy("Adresse der Terminseite"),
    "kalender": lazy("Adresse für das Kalenderabonnement"),
    "infokanaele": lazy("Namen der Infokanäle"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What the welcome mail says, before its placeholders are filled and its dates looked up."""

    title: str
    preheader: str
    closing: str
    blocks: list[Block] = field(default_factory=list)


@cache
def shipped(lang: str) -> Wording:
    """The wording that comes with the product."""
    head, _, body = (TEXTS / f"welcome.{lang}.md").read_text(encoding="utf-8").partition("\n\n")
    values = dict(line.split(": ", 1) for line in head.splitlines())
    made: list[Block] = []
    for section in re.split(r"^## ?", "\n" + body, flags=re.MULTILINE):
        heading, _, words = section.partition("\n")
        made.append(_block(heading.strip(), words.strip(), made))
    return Wording(values["title"], values["preheader"], values["closing"], made)


def _block(heading: str, words: str, among: list[Block]) -> Block:
    live = LIVE.match(words)
    if live:
        return {**blocks.new("dates", among), "heading": heading, "limit": int(live[1])}
    return {**blocks.new("text", among), "heading": heading, "body": text.from_markdown(words)}


def check(wording: Wording) -> None:
    """Raises Invalid if it has a placeholder that nothing fills, or no subject."""
    if not wording.title.strip():
        raise Invalid(title=lazy("Bitte geben Sie einen Betreff ein."))
    said = [wording.title, wording.preheader, wording.closing]
    said += [block.get("heading", "") for block in wording.blocks]
    said += [text.to_plain(block["body"]) for block in wording.blocks if block["kind"] == "text"]
    unknown = [name for line in said for name in PLACE.findall(line) if name not in PLACES]
    if unknown:
        raise Invalid(
            lazy("Den Platzhalter {%(name)s} gibt es nicht. Bitte wählen Sie einen aus der Liste.", name=unknown[0])
        )


def filled(wording: Wording, resolved: list[Block], values: dict[str, str]) -> dict[str, Any]:
    """Title, preheader, closing and the resolved blocks with their placeholders filled.

    Values that are addresses (https, http, or with an @) become links.
    """
    return {
        "title": _words(wording.title, values),
        "preheader": _words(wording.preheader, values),
        "closing": _words(wording.closing, values),
        "blocks": [_filled_block(block, values) for block in resolved],
    }


def _filled_block(block: Block, values: dict[str, str]) -> Block:
    done = {**block}
    if block.get("heading"):
        done["heading"] = _words(block["heading"], values)
    if block["kind"] == "text":
        done["body"] = {"type": "doc", "content": _filled_nodes(block["body"].get("content", []), values)}
    return done


def _words(line: str, values: dict[str, str]) -> str:
    return PLACE.sub(lambda place: values.get(place[1], place[0]), line)


def _filled_nodes(nodes: list[dict[str, Any]], values: dict[str, str]) -> list[dict[str, Any]]:
    done: list[dict[str, Any]] = []
    for node in nodes:
        if node["type"] == "text":
            done += _filled_text(node, values)
        elif "content" not in node:
            done.append(node)
        elif not _lacks_a_value(node, values) and (content := _filled_nodes(node["content"], values)):
            done.append({**node, "content": content})
    return done


def _lacks_a_value(node: dict[str, Any], values: dict[str, str]) -> bool:
    words = "".join(child.get("text", "") for child in node["content"])
    return any(values.get(name) == "" for name in PLACE.findall(words))


def _filled_text(node: dict[str, Any], values: dict[str, str]) -> list[dict[str, Any]]:
    done = []
    for number, part in enumerate(PLACE.split(node["text"])):
        if number % 2 == 0:
            done.append({**node, "text": part})
        elif part not in values:
            done.append({**node, "text": f"{{{part}}}"})
        else:
            done.append({**node, "text": values[part], **_link(values[part], node)})
    return [child for child in done if child["text"]]


def _link(value: str, node: dict[str, Any]) -> dict[str, Any]:
    href = value if value.startswith(("https://", "http://")) else f"mailto:{value}" if "@" in value else ""
    if not href or " " in value:
        return {}
    return {"marks": [*node.get("marks", []), {"type": "link", "attrs": {"href": href}}]}
