"""Templates: all compile, and every mail is a directory, a function, a sample and golden files."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateSyntaxError

MAIL_FILES = ("subject.txt", "body.txt", "body.html")
GOLDEN = (".subject.txt", ".txt", ".html")
LANGUAGES = ("de", "en")


def broken(folder: Path, environment: Environment) -> list[str]:
    """Templates below a folder that do not compile."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".html", ".txt", ".xml", ".jinja")):
        try:
            environment.compile(path.read_text(encoding="utf-8"), name=path.name, filename=str(path))
        except TemplateSyntaxError as error:
            found.append(f"{path.relative_to(folder)}:{error.lineno} {error.message}")
    return found


def mail_gaps(root: Path, samples: list[str]) -> list[str]:
    """Mails without one of: directory with three files, function in the feature's mails.py, sample, golden files."""
    folder = root / "mail_templates"
    directories = {
        path.relative_to(folder).as_posix()
        for path in folder.glob("*/*")
        if path.is_dir() and not path.parent.name.startswith("_")
    }
    found = [f"{name} has no sample in MAILS" for name in sorted(directories - set(samples))]
    found += [f"{name} is listed {samples.count(name)} times" for name in set(samples) if samples.count(name) > 1]
    for name in sorted(directories | set(samples)):
        found += [f"{name} lacks {file}" for file in MAIL_FILES if not (folder / name / file).is_file()]
        if not _has_function(root, name):
            found.append(f"{name} is rendered by no mails.py of its feature")
        found += [
            f"{name} lacks its golden file {lang}{ending}"
            for lang in LANGUAGES
            for ending in GOLDEN
            if not (root / "tests" / "golden" / "mails" / f"{name}.{lang}{ending}").is_file()
        ]
    return found


def golden_leftovers(root: Path, samples: list[str]) -> list[str]:
    """Golden files of mails that no longer exist."""
    folder = root / "tests" / "golden" / "mails"
    expected = {f"{name}.{lang}{ending}" for name in samples for lang in LANGUAGES for ending in GOLDEN}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return sorted(there - expected)


def _has_function(root: Path, name: str) -> bool:
    feature = root / "app" / name.split("/")[0]
    files: list[Any] = [feature / "mails.py", *feature.glob("mails/*.py")]
    needle = re.compile(rf"""["']{re.escape(name)}["']""")
    return any(path.is_file() and needle.search(path.read_text(encoding="utf-8")) for path in files)
