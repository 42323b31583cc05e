"""The shape of the code base: what must hold, and that each rule notices when it does not."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import shape
from tests.architecture.source import ROOT, rows

Rule = Callable[[Path], list[str]]

RULES: list[Rule] = [
    shape.layer_violations,
    shape.feature_cycles,
    shape.face_violations,
    shape.flask_violations,
    shape.inline_import_violations,
    shape.late_import_violations,
    shape.commit_violations,
    shape.transaction_violations,
    shape.clock_violations,
    shape.size_violations,
]

PLANTED: list[tuple[Rule, str, str, str]] = [
    (
        shape.layer_violations,
        "app/delivery/services.py",
        "from app import subscriptions",
        "app/delivery/services.py:1 delivery imports subscriptions, which is not below it",
    ),
    (
        shape.layer_violations,
        "app/events/services.py",
        "from ..projects import models",
        "app/events/services.py:1 events imports projects, which is not below it",
    ),
    (shape.layer_violations, "app/kernel/web.py", "import app.site", "app/kernel/web.py:1 kernel imports site"),
    (shape.layer_violations, "app/weather/__init__.py", "x = 1", "weather stands in no row"),
    (
        shape.layer_violations,
        "app/site/views.py",
        "from app.factory import create_app",
        "app/site/views.py:1 site imports factory, which is not below it",
    ),
    (shape.layer_violations, "app/site/queries.py", "import app", "app/site/queries.py:1 imports app itself"),
    (
        shape.layer_violations,
        "app/events/services.py",
        "from app.kernel.later import Later\nsite = Later('app.site')",
        "app/events/services.py:2 events imports site, which is not below it",
    ),
    (
        shape.face_violations,
        "app/newsletter/services.py",
        "from app.subscriptions.queries import audience",
        "app/newsletter/services.py:1 reaches into app.subscriptions.queries: ask app.subscriptions",
    ),
    (
        shape.face_violations,
        "app/newsletter/jobs.py",
        "import app.subscriptions.mails",
        "app/newsletter/jobs.py:1 reaches into app.subscriptions.mails: ask app.subscriptions",
    ),
    (
        shape.flask_violations,
        "app/subscriptions/services.py",
        "from flask import request",
        "app/subscriptions/services.py:1 imports flask",
    ),
    (
        shape.inline_import_violations,
        "app/site/queries.py",
        "def ask():\n    from app import taxonomy",
        "app/site/queries.py:2 imports app.taxonomy inside a function",
    ),
    (
        shape.late_import_violations,
        "app/site/queries.py",
        "import importlib\nwiring = importlib.import_module('app.wiring')",
        "app/site/queries.py:2 calls importlib.import_module()",
    ),
    (
        shape.commit_violations,
        "app/site/services.py",
        "def keep(session):\n    session.commit()",
        "app/site/services.py:2 calls session.commit()",
    ),
    (
        shape.transaction_violations,
        "app/site/services.py",
        "from app.kernel import db\nwith db.transaction():\n    pass",
        "app/site/services.py:2 opens a transaction",
    ),
    (
        shape.clock_violations,
        "app/site/rules.py",
        "import datetime\nlate = datetime.datetime.now()",
        "app/site/rules.py:2 asks datetime.datetime.now() instead of clock.now()",
    ),
    (
        shape.clock_violations,
        "app/kernel/tokens.py",
        "import time\nstamp = time.time()",
        "app/kernel/tokens.py:2 asks time.time() instead of clock.now()",
    ),
    (shape.size_violations, "app/site/views.py", "x = 1\n" * 300, "app/site/views.py:1 has 301 lines, not 300"),
    (
        shape.size_violations,
        "app/site/views.py",
        "def long():\n" + "    x = 1\n" * 40,
        "app/site/views.py:1 long has 41 lines",
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rule(rule: Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "path", "text", "said"), PLANTED)
def test_a_planted_violation_is_caught(rule: Rule, path: str, text: str, said: str, tmp_path: Path) -> None:
    house = _plant(tmp_path, path, text)
    assert [line for line in rule(house) if said in line] != []
    assert len(rule(house)) == 1


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule for rule, *_ in PLANTED} | {shape.feature_cycles} == set(RULES)


def test_a_planted_cycle_is_caught_however_long_the_way_round(tmp_path: Path) -> None:
    house = _plant(tmp_path, "app/events/services.py", "from app import announcements")
    (house / "app/announcements/services.py").write_text("from app.delivery import models\n")
    assert shape.feature_cycles(house) == []
    (house / "app/delivery/services.py").write_text("import app.events\n")
    [cycle] = shape.feature_cycles(house)
    assert set(cycle.split(" needs ")) == {"events", "announcements", "delivery"}


def test_a_house_without_violations_passes_every_rule(tmp_path: Path) -> None:
    house = _plant(tmp_path, "app/site/views.py", "from flask import request\nfrom app import subscriptions")
    assert [line for rule in RULES for line in rule(house)] == []


def test_the_rows_stand_as_designed() -> None:
    assert [sorted(row) for row in rows(ROOT)] == [
        ["factory", "sender"],
        ["runners", "wiring"],
        ["api", "desk", "operations", "site"],
        ["calendar", "newsletter", "participation", "syndication"],
        ["events", "projects"],
        ["announcements"],
        ["approvals"],
        ["accounts", "subscriptions"],
        ["delivery"],
        ["taxonomy"],
        ["kernel"],
    ]


@pytest.mark.needs("import-linter")
def test_import_linter_finds_no_import_that_does_not_point_down() -> None:
    result = _lint_imports(ROOT)
    assert "0 broken" in result.stdout
    assert result.returncode == 0


@pytest.mark.needs("import-linter")
def test_import_linter_catches_a_planted_import(tmp_path: Path) -> None:
    house = _plant(tmp_path, "app/kernel/web.py", "import app.site")
    result = _lint_imports(house)
    assert "app.kernel is not allowed to import app.site" in result.stdout
    assert result.returncode == 1


def _lint_imports(root: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    return subprocess.run([*command, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)


def _plant(root: Path, path: str, text: str) -> Path:
    """A small house with the rows of ours, and this file in it."""
    names = [name for row in rows(ROOT) for name in row if name not in shape.PUT_TOGETHER]
    for name in names:
        (root / "app" / name).mkdir(parents=True)
        (root / "app" / name / "__init__.py").write_text("")
    (root / "app" / "__init__.py").write_text("")
    for name in shape.PUT_TOGETHER:
        (root / "app" / f"{name}.py").write_text("")
    (root / "app" / "projects" / "models.py").write_text("")
    (root / "app" / "subscriptions" / "queries.py").write_text("")
    (root / "app" / "subscriptions" / "mails.py").write_text("")
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    target = root / path
    target.parent.mkdir(exist_ok=True)
    target.write_text(text + "\n")
    return root
