"""Forms as a browser sees them: what is on a page can be filled in and sent, and nothing else."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

Pairs = list[tuple[str, str]]


@dataclass
class HtmlForm:
    """One form of a page: where it goes, what it holds now, and which names can be filled in."""

    action: str
    method: str
    fields: Pairs = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: Pairs = field(default_factory=list)
    text: str = ""

    def filled(self, values: dict[str, str | list[str]], button: tuple[str, str] | None = None) -> Pairs:
        """The pairs that would be sent with these values and this button (name, value).

        Raises KeyError for a field or a button that the form does not have.
        """
        if button is not None and button not in self.buttons:
            raise KeyError(f"The form at {self.action} has no button {button!r}, only {self.buttons}.")
        for name in values:
            if name not in self.names:
                raise KeyError(f"The form at {self.action} has no field {name!r}, only {sorted(self.names)}.")
        pairs = [(name, value) for name, value in self.fields if name not in values]
        for name, value in values.items():
            pairs += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return [*pairs, button] if button is not None else pairs


def forms(html: str, page_url: str) -> list[HtmlForm]:
    """All forms of a page, in order."""
    reader = _Reader(page_url)
    reader.feed(html)
    reader.close()
    return reader.found


def find_form(html: str, page_url: str, *, action: str | None = None, has: str | None = None) -> HtmlForm:
    """The one POST form of a page, narrowed by the end of its action or by a field it has. Raises LookupError."""
    candidates = [
        form
        for form in forms(html, page_url)
        if form.method == "post"
        and (action is None or form.action.endswith(action))
        and (has is None or has in form.names or has in {name for name, _ in form.buttons})
    ]
    if action is None and has is None and len(candidates) > 1:
        candidates = [form for form in candidates if form.action.rstrip("/") == page_url.rstrip("/")]
    if len(candidates) != 1:
        raise LookupError(f"{page_url} has {len(candidates)} forms that fit (action={action}, has={has}).")
    return candidates[0]


class _Reader(HTMLParser):
    def __init__(self, page_url: str) -> None:
        super().__init__()
        self._page_url = page_url
        self.found: list[HtmlForm] = []
        self._form: HtmlForm | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._textarea: str | None = None
        self._typed = ""
        self._multiple = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self._page_url, given.get("action") or self._page_url)
            self._form = HtmlForm(action, given.get("method", "get").lower())
            self.found.append(self._form)
        elif self._form is None or "disabled" in given:
            return
        elif tag == "input":
            self._input(self._form, given)
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._form.buttons.append((given.get("name", ""), given.get("value", "")))
        elif tag == "select":
            self._select, self._options, self._multiple = given.get("name", ""), [], "multiple" in given
        elif tag == "option" and self._select is not None:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._textarea, self._typed = given.get("name", ""), ""

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "select" and self._select is not None:
            self._end_select(self._form, self._select)
        elif tag == "textarea" and self._textarea is not None:
            self._form.names.add(self._textarea)
            self._form.fields.append((self._textarea, self._typed.removeprefix("\r").removeprefix("\n")))
            self._textarea = None
        elif tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._typed += data
        elif self._form is not None:
            self._form.text += data

    def _input(self, form: HtmlForm, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text").lower()
        if kind in ("submit", "image"):
            form.buttons.append((name, given.get("value", "")))
            return
        if not name or kind in ("button", "reset", "file"):
            return
        form.names.add(name)
        if kind not in ("checkbox", "radio"):
            form.fields.append((name, given.get("value", "")))
        elif "checked" in given:
            form.fields.append((name, given.get("value", "on")))

    def _end_select(self, form: HtmlForm, name: str) -> None:
        form.names.add(name)
        chosen = [value for value, selected in self._options if selected]
        if not chosen and self._options and not self._multiple:
            chosen = [self._options[0][0]]
        form.fields += [(name, value) for value in chosen]
        self._select = None
