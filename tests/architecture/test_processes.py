"""What a process does not need it does not load."""

import subprocess
import sys

from tests.architecture.source import ROOT

# What takes the most memory of that which only website, desk and other jobs need; and what few pages need.
HEAVY = {"alembic", "cryptography", "flask_security", "icalendar", "webauthn", "wtforms"}
SELDOM = {"openpyxl", "typst"}
PARTS = "import sys, {0}; print(*sorted({{name.split('.')[1] for name in sys.modules if name.startswith('app.')}}))"
TOPS = "import sys, {0}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"


def test_a_sender_stands_on_the_lowest_rows() -> None:
    assert _said(PARTS.format("app.sender")) == {"delivery", "kernel", "runners", "sender"}


def test_what_is_heavy_is_not_loaded_by_a_sender_but_by_the_application() -> None:
    assert _said(TOPS.format("app.sender")) & (HEAVY | SELDOM) == set()
    assert _said(TOPS.format("app.factory")) & (HEAVY | SELDOM) == HEAVY


def test_what_is_loaded_later_is_there_when_it_is_used() -> None:
    program = "import sys; from app.kernel.later import Later; csv = Later('csv'); print('csv' in sys.modules, {0})"
    assert _said(program.format("csv.DictReader.__name__, 'csv' in sys.modules")) == {"False", "DictReader", "True"}


def test_the_package_itself_loads_nothing() -> None:
    assert _said(PARTS.format("app")) == set()


def _said(program: str) -> set[str]:
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(result.stdout.split())
