"""Reading the code base: files, modules, imports, calls. What the architecture tests are made of."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Import:
    """One import of a module by a file of ``app``; ``inline`` if it stands inside a function or class."""

    module: str
    line: int
    inline: bool


def python_files(folder: Path) -> list[Path]:
    """All Python files below a folder, without caches and what was built."""
    return sorted(
        path for path in folder.rglob("*.py") if not {"__pycache__", "static", "node_modules"} & set(path.parts)
    )


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def module_of(path: Path, root: Path) -> str:
    """``app/x/y.py`` is ``app.x.y``; ``app/x/__init__.py`` is ``app.x``."""
    parts = list(path.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_module(name: str, root: Path) -> bool:
    path = root.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def imports_of(path: Path, root: Path) -> Iterator[Import]:
    """Every import of a file, absolute; ``from app import x`` counts as ``app.x`` where x is a module.

    What is loaded later (``Later("app.x")``) is imported, too.
    """
    module = module_of(path, root)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node, inline in _walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, inline)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parts, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield Import(inner if is_module(inner, root) else base, node.lineno, inline)
        elif isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "Later":
            yield Import(ast.literal_eval(node.args[0]), node.lineno, inline)


def calls_in(path: Path) -> Iterator[tuple[str, int]]:
    """Every call as written (``datetime.now``, ``session.commit``), with its line."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node.lineno


def functions_of(path: Path) -> Iterator[Functions]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, Functions):
            yield node


def dotted(node: ast.expr) -> str:
    """The name of an expression as written; what is not a name is shown as ``()``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "()"


def rows(root: Path) -> list[frozenset[str]]:
    """The rows of the house, from the top down, from import-linter's contract in pyproject.toml."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [frozenset(name.strip(" ()") for name in layer.split("|")) for layer in layers]


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, bool]]:
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, inline = waiting.pop()
        yield node, inline
        inside = inline or isinstance(node, (*Functions.__args__, ast.ClassDef, ast.Lambda))
        waiting += [(child, inside) for child in ast.iter_child_nodes(node)]
