"""The README and the root are what they say."""

import re
import subprocess
from pathlib import Path
from typing import Any

from tests.architecture.papers import settings_read, undocumented_settings, unkempt_instance, untidy
from tests.architecture.source import ROOT

EIGHT = ["app", "mail_templates", "migrations", "instance", "tests", "wsgi.py", "requirements.txt", "README.md"]


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    assert undocumented_settings(ROOT) == []


def test_every_command_that_the_readme_names_exists(app: Any) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^flask --app wsgi ([\w-]+)(?: (\w+))?", readme, re.MULTILINE))
    known = app.cli.list_commands(None)
    assert [command for command, _ in named if command not in known and command != "db"] == []
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make (\w+)  ", readme)) <= targets


def test_every_command_that_exists_is_named_in_the_readme(app: Any) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = readme.partition("## Commands")[2].partition("## ")[0]
    flasks_own = {"routes", "run", "shell"}
    assert [name for name in sorted(app.cli.commands) if name not in flasks_own and name not in commands] == []


def test_every_file_of_data_has_its_source() -> None:
    sources = (ROOT / "app/data/SOURCES.md").read_text(encoding="utf-8")
    headings = [line for line in sources.splitlines() if line.startswith("## ")]
    shipped = sorted(path.name for path in (ROOT / "app/data").iterdir() if path.name != "SOURCES.md")
    assert [name for name in shipped if not any(_names(line, name) for line in headings)] == []


def test_every_script_that_the_makefile_calls_exists() -> None:
    called = set(re.findall(r"scripts/[\w.]+", (ROOT / "Makefile").read_text()))
    assert [path for path in sorted(called) if not (ROOT / path).is_file()] == []


def test_every_picture_that_the_readme_shows_exists() -> None:
    shown = re.findall(r"\]\((docs/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert [path for path in shown if not (ROOT / path).exists()] == []


def test_settings_are_found_at_all() -> None:
    assert {"DEMO", "DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "SMTP_URL", "MAIL_FROM", "PORT"} <= settings_read(ROOT)


def test_a_setting_without_documentation_is_caught(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/config.py").write_text('x = environ.get("PLANTED")')
    (tmp_path / "README.md").write_text("| `OLD_ONE` | text |\n")
    assert undocumented_settings(tmp_path) == [
        "PLANTED is read, but has no row in the README",
        "OLD_ONE has a row in the README, but nobody reads it",
    ]


def test_the_eight_entries_are_there() -> None:
    assert [name for name in EIGHT if not (ROOT / name).exists()] == []


def test_the_root_is_tidy_and_instance_is_empty() -> None:
    assert untidy(ROOT) == []
    assert unkempt_instance(ROOT) == []


def test_an_untidy_root_is_caught(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance/rundbrief.sqlite").write_text("x")
    assert untidy(tmp_path) == ["notes.txt"]
    assert unkempt_instance(tmp_path) == ["instance/rundbrief.sqlite"]


def _names(heading: str, file: str) -> bool:
    """``## kreise.geojson / .svg`` names both files."""
    stem, _, suffix = file.partition(".")
    return file in heading or (stem in heading and f"/ .{suffix}" in heading)
