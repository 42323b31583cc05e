"""All forms of a page with the kinds of their fields, and what a person could send with them: nothing, or nonsense."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from app.operations.demo.forms_in_html import HtmlForm, Pairs, forms

TRAP = "website"  # the field that people do not see
TOO_LONG = "x" * 9000 + " [hier](//ort)"
NOT_OFFERED = "gibt es nicht"


@dataclass(frozen=True)
class Filling:
    """One form of one page, found by whoever may see it."""

    page: str
    number: int
    form: HtmlForm
    kinds: dict[str, str]

    @property
    def name(self) -> str:
        """The address without the part that differs from one database to the next."""
        return re.sub(r"/[\w-]{26,}", "/<token>", self.form.action.partition("#")[0])

    @property
    def written(self) -> list[str]:
        """The fields in which a person writes and reads again what they wrote."""
        return [name for name, kind in self.kinds.items() if kind in ("text", "area")]

    def empty(self) -> Pairs:
        """Nothing filled in, nothing ticked."""
        return [*self._given(), *((name, "") for name, kind in self.kinds.items() if kind != "choice")]

    def nonsense(self) -> Pairs:
        """Too much in every field, and a choice that is not offered."""
        said = {"choice": NOT_OFFERED, "select": NOT_OFFERED}
        return [*self._given(), *((name, said.get(kind, TOO_LONG)) for name, kind in self.kinds.items())]

    def as_it_stands(self) -> Pairs:
        """What the page shows, unchanged."""
        return [*self._given(), *((name, value) for name, value in self.form.fields if name in self.kinds)]

    def _given(self) -> Pairs:
        button = next((pair for pair in self.form.buttons if pair == ("do", "save")), None)
        button = button or next((pair for pair in self.form.buttons if pair[0]), None)
        hidden = [(name, value) for name, value in self.form.fields if name not in self.kinds]
        return [*hidden, *([button] if button else [])]


def fillings(html: str, page: str) -> Iterator[Filling]:
    """The forms of a page that are posted and in which there is something to fill in."""
    reader = _Kinds()
    reader.feed(html)
    for number, (form, kinds) in enumerate(zip(forms(html, page), reader.found, strict=True)):
        if form.method == "post" and kinds:
            yield Filling(page, number, form, kinds)


class _Kinds(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append({})
        name = given.get("name", "")
        select = "choice" if "multiple" in given else "select"  # of several, none is sent when none is chosen
        kind = {"textarea": "area", "select": select}.get(tag) or self._input(tag, given.get("type", "text"))
        if self.found and kind and name not in ("", TRAP):
            self.found[-1][name] = kind

    @staticmethod
    def _input(tag: str, kind: str) -> str:
        if tag != "input" or kind in ("hidden", "submit"):
            return ""
        # no browser lets a page fill in a file again
        return {"checkbox": "choice", "radio": "choice", "password": "password", "file": "file"}.get(kind, "text")


class Answer(HTMLParser):
    """What an answered form says at its fields: messages by field, and who is tied to them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.messages: dict[str, str] = {}
        self.tied: set[str] = set()
        self.marked: set[str] = set()
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("id", "").endswith("-error"):
            self._open = given["id"]
            self.messages[self._open] = ""
        described = set(given.get("aria-describedby", "").split())
        self.tied |= described
        if given.get("aria-invalid") == "true" or tag == "fieldset":
            self.marked |= described

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.messages[self._open] += data
