"""How long each part of the suite may take, on two cores, and how long it took."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

UNIT, BROWSER, FAULTS = "unit and service", "browser", "faults"
MINUTES = {UNIT: 10, BROWSER: 15, FAULTS: 6}
ALL_MINUTES = 40  # with what CI does before: environment, assets, checks
AS_IN_LIFE = ("tests/browser/", "tests/journeys/test_make_run.py")
KILLS = ("tests/faults/", "tests/delivery/test_crash.py")


def part_of(nodeid: str, keywords: Iterable[str]) -> str:
    """To which part a test belongs; what runs the whole product from nothing counts as browser."""
    if nodeid.startswith(AS_IN_LIFE) or "browser" in keywords:
        return BROWSER
    return FAULTS if nodeid.startswith(KILLS) else UNIT


class Stopwatch:
    """Adds up the seconds of the tests by part; the workers of pytest-xdist share the time of the wall."""

    def __init__(self) -> None:
        self._seconds: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: Any) -> None:
        self._seconds[part_of(report.nodeid, report.keywords)] += report.duration

    def lines(self, wall: float) -> list[str]:
        """For each part its share of so many seconds, of how many, and all together."""
        whole = sum(self._seconds.values()) or 1
        parts = [
            f"{part}: {wall * self._seconds[part] / whole:.0f} s of {minutes * 60} s"
            for part, minutes in MINUTES.items()
            if self._seconds[part]
        ]
        return [*parts, f"all: {wall:.0f} s of {ALL_MINUTES * 60} s"]
