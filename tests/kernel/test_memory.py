"""Memory that is freed goes back to the system, whatever was kept beside it."""

import subprocess
import sys

import pytest

LIVES_LONG = """
import re, sys
from pathlib import Path
from app.kernel import memory

def megabytes():
    return int(re.findall(r"VmRSS:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[0]) / 1024

asked = sys.argv[1] == "asked"
assert memory.give_back() if asked else True
bytes(200_000)  # the first large block: from now on, glibc would take such blocks from the heap
before = megabytes()
kept, freed, one = [], [], sys.argv[1].encode()[:1]
for _ in range(300):
    freed.append(one * 200_000)
    kept.append(one * 2_000)
assert megabytes() - before > 50
freed.clear()
print(megabytes() - before)
"""


@pytest.mark.parametrize(("asked", "grown"), [("asked", True), ("not asked", False)])
def test_what_is_freed_between_what_is_kept_goes_back_once_asked_for(asked: str, grown: bool) -> None:
    command = [sys.executable, "-c", LIVES_LONG, asked]
    left = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert (left < 5) is grown
