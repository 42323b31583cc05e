"""What is said to people: every sentence in code and templates has its English, with the same placeholders."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

KEYWORDS = {"_": None, "lazy": None, "gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True)
class Sentence:
    """A msgid (and its plural, if it has one), and where it stands."""

    ids: tuple[str, ...]
    where: str


def sentences(root: Path) -> Iterator[Sentence]:
    """All sentences that are marked for translation, in Python files and templates of site and mails."""
    for folder, method, patterns in (
        (root / "app", "python", ("*.py",)),
        (root / "app", "jinja2", ("*.html", "*.txt", "*.xml", "*.jinja")),
        (root / "mail_templates", "jinja2", ("*.html", "*.txt")),
    ):
        for path in sorted(p for pattern in patterns for p in folder.rglob(pattern)):
            relative = path.relative_to(root)
            if method == "jinja2" and relative.parts[0] == "app" and "templates" not in relative.parts:
                continue
            yield from _extract(path, method, relative.as_posix())


def untranslated(root: Path) -> list[str]:
    """Sentences without English, or whose English lacks or invents a placeholder."""
    english = _english(root / "app" / "translations" / "en")
    found = []
    for sentence in sentences(root):
        translations = english.get(sentence.ids[0], ())
        if len(translations) != len(sentence.ids) or not all(translations):
            found.append(f"{sentence.where} has no English: {sentence.ids[0]!r}")
        elif any(_placeholders(sentence.ids[-1]) != _placeholders(text) for text in translations[-1:]):
            found.append(f"{sentence.where} has other placeholders in English: {sentence.ids[0]!r}")
    return found


def contradictions(root: Path) -> list[str]:
    """Sentences that two catalogues translate differently."""
    seen: dict[str, tuple[str, tuple[str, ...]]] = {}
    found = []
    for path in sorted((root / "app" / "translations" / "en").glob("*.po")):
        for msgid, strings in _catalogue(path).items():
            earlier = seen.setdefault(msgid, (path.name, strings))
            if earlier[1] != strings:
                found.append(f"{path.name} says {strings[0]!r}, {earlier[0]} says {earlier[1][0]!r} for {msgid!r}")
    return found


def leftovers(root: Path) -> list[str]:
    """Translations of sentences that nobody says any more."""
    said = {sentence.ids[0] for sentence in sentences(root)}
    found = []
    for path in sorted((root / "app" / "translations" / "en").glob("*.po")):
        found += [f"{path.name} translates {msgid!r}" for msgid in _catalogue(path) if msgid not in said]
    return found


def _extract(path: Path, method: str, where: str) -> Iterator[Sentence]:
    options = {"extensions": "jinja2.ext.i18n,jinja2.ext.do"} if method == "jinja2" else {}
    extractor = "jinja2.ext:babel_extract" if method == "jinja2" else "python"
    with path.open("rb") as file:
        for line, message, _comments, _context in extract(extractor, file, KEYWORDS, options=options):
            ids = (message,) if isinstance(message, str) else tuple(message)
            if ids[0]:
                yield Sentence(ids, f"{where}:{line}")


def _english(folder: Path) -> dict[str, tuple[str, ...]]:
    merged: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.po")):
        merged |= _catalogue(path)
    return merged


def _catalogue(path: Path) -> dict[str, tuple[str, ...]]:
    with path.open("rb") as file:
        catalogue = read_po(file, locale="en")
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if message.id and not message.fuzzy:
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            found[msgid] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
