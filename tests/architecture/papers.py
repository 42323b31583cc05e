"""What lies around the code: the README names every setting, and the root holds what it should and nothing else."""

import re
import subprocess
from pathlib import Path

READS = re.compile(r"""(?:environ(?:\.get)?[\[(]|reader\.\w+\(|getenv\()\s*["']([A-Z][A-Z0-9_]+)["']""")
ROOT_ENTRIES = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "app",
    "benchmarks",
    "deploy",
    "docs",
    "instance",
    "mail_templates",
    "migrations",
    "package-lock.json",
    "package.json",
    "publiccode.yml",
    "pyproject.toml",
    "requirements-test.txt",
    "requirements.txt",
    "scripts",
    "tests",
    "wsgi.py",
}


def settings_read(root: Path) -> set[str]:
    """The environment variables that the product reads."""
    found: set[str] = set()
    for path in (root / "app").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(READS.findall(text))
        if path.name == "config.py":
            found |= set(re.findall(r"reader\.database\(", text) and ["DATABASE_URL"])
    return found


def undocumented_settings(root: Path) -> list[str]:
    """Settings that have no row in the README's table, and rows for settings that nobody reads."""
    first_cells = re.findall(r"^\|([^|]+)\|", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    rows = {name for cell in first_cells for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}
    read = settings_read(root)
    found = [f"{name} is read, but has no row in the README" for name in sorted(read - rows)]
    return found + [f"{name} has a row in the README, but nobody reads it" for name in sorted(rows - read)]


def untidy(root: Path) -> list[str]:
    """What lies in the root without belonging there, as git sees it (or the folder, where there is no git)."""
    return sorted({path.split("/")[0] for path in _files(root)} - ROOT_ENTRIES)


def unkempt_instance(root: Path) -> list[str]:
    """What is in git below instance/ beside its .gitignore."""
    return [path for path in _files(root) if path.startswith("instance/") and path != "instance/.gitignore"]


def _files(root: Path) -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    if (root / ".git").exists():
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()
    return [path.name for path in root.iterdir()]
