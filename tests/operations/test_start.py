"""An installation whose settings are wrong does not start, and says everything that is wrong at once."""

import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
GUNICORN = [sys.executable, "-m", "gunicorn", "--check-config", "wsgi:app"]
STARTS = {"doctor": [*FLASK, "doctor"], "worker": [*FLASK, "worker", "--once"], "web": GUNICORN}
STARTS["sender"] = [sys.executable, "-m", "app.sender"]
MALFORMED = {
    "SECRET_KEY": "kurz",
    "PUBLIC_URL": "rundbrief",
    "SMTP_URL": "http://mail.example.org",
    "MAIL_FROM": "niemand",
    "DATABASE_URL": "mysql://db.example.org/rundbrief",
    "SEND_RATE": "viele",
    "TRUSTED_PROXIES": "-1",
}


@pytest.mark.parametrize("command", STARTS.values(), ids=STARTS.keys())
def test_missing_settings_stop_the_start_with_all_of_them_listed(command: list[str]) -> None:
    result = _start(command, {})
    assert result.returncode != 0
    assert _named(result) == ["MAIL_FROM", "PUBLIC_URL", "SECRET_KEY", "SMTP_URL"]


@pytest.mark.parametrize("command", STARTS.values(), ids=STARTS.keys())
def test_malformed_settings_stop_the_start_with_all_of_them_listed(command: list[str]) -> None:
    result = _start(command, MALFORMED)
    assert result.returncode != 0
    assert _named(result) == sorted(MALFORMED)


def _start(command: list[str], environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    settings = {"PATH": os.environ["PATH"], **environ}
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=60, check=False)


def _named(result: "subprocess.CompletedProcess[str]") -> list[str]:
    """The settings that are named, each with what to do; and nothing of Python."""
    said = result.stdout + result.stderr
    assert "Traceback" not in said
    lines = [line.strip() for line in said.splitlines() if line.strip().startswith("- ")]
    return sorted(line.removeprefix("- ").split()[0].rstrip(":") for line in lines)
