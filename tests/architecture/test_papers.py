"""The README and the root are what they say."""

import subprocess
from pathlib import Path

from tests.architecture.papers import settings_read, undocumented_settings, unkempt_instance, untidy
from tests.architecture.source import ROOT

EIGHT = ["app", "mail_templates", "migrations", "instance", "tests", "wsgi.py", "requirements.txt", "README.md"]


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    assert undocumented_settings(ROOT) == []


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
