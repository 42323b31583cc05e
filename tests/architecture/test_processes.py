"""What a process does not need it does not load."""

import json
import subprocess
import sys
from functools import cache

from tests.architecture.source import ROOT

# What takes the most memory of that which only website, desk and other jobs need; and what few pages need.
HEAVY = {"alembic", "cryptography", "flask_security", "icalendar", "webauthn", "wtforms"}
SELDOM = {"aiosmtpd", "openpyxl", "typst"}
LOOK = "import json, sys, {0}; print(json.dumps([sorted(sys.modules), open('/proc/self/status').read()]))"


def test_a_sender_stands_on_the_lowest_rows() -> None:
    assert _parts(_look("app.sender")) == {"delivery", "kernel", "runners", "sender"}


def test_what_is_heavy_is_not_loaded_by_a_sender_but_by_the_application() -> None:
    assert _tops(_look("app.sender")) & (HEAVY | SELDOM) == set()
    assert _tops(_look("app.factory")) & (HEAVY | SELDOM) == HEAVY


def test_a_sender_leaves_room_below_96_megabytes_for_the_run() -> None:
    kilobytes = int(_look("app.sender")[1].partition("VmHWM:")[2].split()[0])
    assert kilobytes < 84 * 1024  # a run takes some 12 MB more, see benchmarks/bench_room.py


def test_the_package_itself_loads_nothing() -> None:
    assert _parts(_look("app")) == set()


def test_what_is_loaded_later_is_there_when_it_is_used() -> None:
    program = "import sys; from app.kernel.later import Later; csv = Later('csv'); print('csv' in sys.modules, {0})"
    assert _said(program.format("csv.DictReader.__name__, 'csv' in sys.modules")).split() == [
        "False",
        "DictReader",
        "True",
    ]


@cache
def _look(module: str) -> tuple[list[str], str]:
    """All modules that are there once this one is imported, and what the system says of the process."""
    modules, status = json.loads(_said(LOOK.format(module)))
    return modules, status


def _parts(look: tuple[list[str], str]) -> set[str]:
    return {name.split(".")[1] for name in look[0] if name.startswith("app.")}


def _tops(look: tuple[list[str], str]) -> set[str]:
    return {name.split(".")[0] for name in look[0]}


def _said(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
