"""The rules of the house. Each takes a root and returns what breaks it, one line per violation; empty is good."""

from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.architecture.source import calls_in, functions_of, imports_of, module_of, python_files, rows

FILE_LINES = 300
FUNCTION_LINES = 40
VIEW_FILES = {"views", "desk_views", "dev_views", "forms"}
PUT_TOGETHER = {"factory", "sender", "wiring"}  # they make processes out of features
TRANSACTION_FILES = {"db", "web", "cli", "pump", "jobs"}
CLOCK_CALLS = {"now", "utcnow", "today", "fromtimestamp"}


def layer_violations(root: Path) -> list[str]:
    """Imports that do not point down, between features of one row, or to and from what stands in no row."""
    height = {name: -number for number, row in enumerate(rows(root)) for name in row}
    found = []
    for path in python_files(root / "app"):
        feature = _feature(module_of(path, root))
        if feature is None:
            continue
        if feature not in height:
            found.append(f"{_at(path, root)} {feature} stands in no row of pyproject.toml")
            continue
        for imported in imports_of(path, root):
            other = _feature(imported.module)
            if imported.module == "app":
                found.append(f"{_at(path, root, imported.line)} imports app itself")
            if other is None or other == feature:
                continue
            if other not in height or height[other] >= height[feature]:
                found.append(f"{_at(path, root, imported.line)} {feature} imports {other}, which is not below it")
    return found


def feature_cycles(root: Path) -> list[str]:
    """Features that need each other, by whatever way round; what wires them all together stands outside."""
    needs: dict[str, set[str]] = {}
    for path in python_files(root / "app"):
        feature = _feature(module_of(path, root))
        if feature not in (None, "wiring"):
            others = {_feature(imported.module) for imported in imports_of(path, root)}
            needs.setdefault(str(feature), set()).update(str(name) for name in others - {feature, None})
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return [" needs ".join(reversed(error.args[1]))]
    return []


def face_violations(root: Path) -> list[str]:
    """Imports of another feature's inner files; only its face, or its models, may be asked for."""
    found = []
    for path in python_files(root / "app"):
        feature = _feature(module_of(path, root))
        if feature is None or feature in PUT_TOGETHER:
            continue
        for imported in imports_of(path, root):
            parts = imported.module.split(".")
            if parts[0] != "app" or len(parts) < 3 or parts[1] in (feature, "kernel"):
                continue
            if parts[2] != "models":
                found.append(f"{_at(path, root, imported.line)} reaches into {imported.module}: ask app.{parts[1]}")
    return found


def flask_violations(root: Path) -> list[str]:
    """Imports of flask outside kernel, factory, wiring and view files."""
    found = []
    for path in python_files(root / "app"):
        module = module_of(path, root)
        if _feature(module) in ("kernel", "factory", "wiring") or _is_view(path):
            continue
        found += [
            f"{_at(path, root, imported.line)} imports flask"
            for imported in imports_of(path, root)
            if imported.module.split(".")[0] == "flask"
        ]
    return found


def inline_import_violations(root: Path) -> list[str]:
    """Imports inside a function or class."""
    return [
        f"{_at(path, root, imported.line)} imports {imported.module} inside a function"
        for path in python_files(root / "app")
        for imported in imports_of(path, root)
        if imported.inline
    ]


def late_import_violations(root: Path) -> list[str]:
    """Imports by name outside kernel/later.py: what is loaded later says so at the top of its file."""
    return [
        f"{_at(path, root, line)} calls {name}()"
        for path in python_files(root / "app")
        if path.relative_to(root).as_posix() != "app/kernel/later.py"
        for name, line in calls_in(path)
        if name.rpartition(".")[2] in ("import_module", "__import__", "import_string")
    ]


def commit_violations(root: Path) -> list[str]:
    """Calls of ``commit`` outside kernel/db.py and the request around it: features never end a transaction."""
    return [
        f"{_at(path, root, line)} calls {name}()"
        for path in python_files(root / "app")
        if not path.relative_to(root).as_posix().startswith(("app/kernel/db.py", "app/kernel/web/"))
        for name, line in calls_in(path)
        if name.rpartition(".")[2] == "commit"
    ]


def transaction_violations(root: Path) -> list[str]:
    """Calls of ``transaction()`` outside the edges: db, web, cli, pump, jobs."""
    return [
        f"{_at(path, root, line)} opens a transaction"
        for path in python_files(root / "app")
        if path.stem not in TRANSACTION_FILES and path.parent.name not in TRANSACTION_FILES
        for name, line in calls_in(path)
        if name.rpartition(".")[2] == "transaction"
    ]


def clock_violations(root: Path) -> list[str]:
    """Questions to the system's clock outside kernel/clock.py."""
    found = []
    for path in python_files(root / "app"):
        if path.relative_to(root).as_posix() == "app/kernel/clock.py":
            continue
        for name, line in calls_in(path):
            owner, _, verb = name.rpartition(".")
            owner = owner.rpartition(".")[2]
            if (owner in ("datetime", "date") and verb in CLOCK_CALLS) or name in ("time.time", "time.time_ns"):
                found.append(f"{_at(path, root, line)} asks {name}() instead of clock.now()")
    return found


def size_violations(root: Path) -> list[str]:
    """Files of more than 300 lines, functions of more than 40."""
    found = []
    for path in python_files(root / "app") + python_files(root / "scripts"):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > FILE_LINES:
            found.append(f"{_at(path, root)} has {lines} lines, not {FILE_LINES}")
        for function in functions_of(path):
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            if length > FUNCTION_LINES:
                found.append(f"{_at(path, root, function.lineno)} {function.name} has {length} lines")
    return found


def medians(root: Path) -> tuple[int, int]:
    """The median length of files and of functions, in lines."""
    files = sorted(path.read_text(encoding="utf-8").count("\n") for path in python_files(root / "app"))
    functions = sorted(
        (function.end_lineno or function.lineno) - function.lineno + 1
        for path in python_files(root / "app")
        for function in functions_of(path)
    )
    return tuple(values[len(values) // 2] if values else 0 for values in (files, functions))  # type: ignore[return-value]


def _feature(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "app" and len(parts) > 1 else None


def _is_view(path: Path) -> bool:
    return path.stem in VIEW_FILES or bool({"views", "desk_views"} & set(path.parts))


def _at(path: Path, root: Path, line: int = 1) -> str:
    return f"{path.relative_to(root).as_posix()}:{line}"
