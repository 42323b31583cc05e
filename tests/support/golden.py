"""Golden files: what was read and agreed once, compared to the letter; ``pytest --update-golden`` writes them anew."""

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "golden"


class Golden:
    """Compare with the golden file of this name, or write it."""

    def __init__(self, *, update: bool) -> None:
        self._update = update

    def check(self, name: str, content: str) -> None:
        """``content`` equals ``tests/golden/<name>``. Raises AssertionError, with the difference, if it does not."""
        path = FOLDER / name
        if self._update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())
        assert path.is_file(), f"{name} has no golden file: read it, then write it with pytest --update-golden"
        assert content == path.read_bytes().decode(), f"{name} changed: read it, then pytest --update-golden"
