"""Fetches the mails with which flufl.bounce tests itself: its wheel does not carry them, its source does.

They are put beside the environment, never into the repository. `make test` does this once.
"""

import ast
import json
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

CORPUS = Path(sys.prefix) / "share" / "flufl.bounce"
EXPECTED = CORPUS / "expected.json"


def main() -> int:
    wanted = version("flufl.bounce")
    if EXPECTED.is_file() and json.loads(EXPECTED.read_text())["version"] == wanted:
        return 0
    print(f"corpus: fetching the source of flufl.bounce {wanted}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        source = ["--no-deps", "--no-binary", "flufl.bounce", "--dest", folder, f"flufl.bounce=={wanted}"]
        if subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *source]).returncode:
            print("corpus: it cannot be fetched now; the test that reads it will be named as not run")
            return 0
        with tarfile.open(next(Path(folder).glob("*.tar.gz"))) as archive:
            unpack(archive, wanted)
    return 0


def unpack(archive: tarfile.TarFile, wanted: str) -> None:
    """Keep the mails, and what each is expected to say: the addresses, and whether only for the moment."""
    CORPUS.mkdir(parents=True, exist_ok=True)
    expected: dict[str, list[object]] = {}
    for member in archive.getmembers():
        path = Path(member.name)
        content = archive.extractfile(member)
        if content is None:
            continue
        if path.parent.name == "data" and path.suffix == ".txt":
            (CORPUS / path.name).write_bytes(content.read())
        elif path.name == "test_detectors.py":
            expected = read_expected(content.read().decode())
    EXPECTED.write_text(json.dumps({"version": wanted, "mails": expected}))


def read_expected(text: str) -> dict[str, list[object]]:
    """From file name to addresses and whether the failure is temporary, out of the table in its tests."""
    found: dict[str, list[object]] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "DETECTORS":
            for _, name, addresses, temporary in ast.literal_eval(node.value):
                if addresses or name not in found:
                    found[name] = [sorted(address.decode().lower() for address in addresses), temporary]
    return found


if __name__ == "__main__":
    sys.exit(main())
