"""`make run`: the demo on this machine, from nothing to a ready line; Ctrl-C stops everything.

Steps: assets, database and demo data, then mailbox and partner, worker and web, each a process with a log of its own in
instance/log/. On a fresh database the tour is played once. Exit status 0 after SIGINT or SIGTERM, 1 if something broke.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
PORT = os.environ.get("PORT", "8000")
SITE = f"http://127.0.0.1:{PORT}"
INSTANCE = Path(os.environ.get("INSTANCE_PATH") or ROOT / "instance")
PATIENCE_SECONDS = 60
FRESH = 10  # exit status of `flask demo-load` after it has filled an empty database
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
WEB = [
    sys.executable,
    "-m",
    "gunicorn",
    "wsgi:app",
    "--bind",
    f"127.0.0.1:{PORT}",
    "--threads",
    "8",
    "--no-control-socket",
]


asked_to_stop: list[int] = []


class Stopped(Exception):
    """Somebody pressed Ctrl-C, or asked us to end."""


class Broken(Exception):
    """A step failed; the message says which, and where to look."""


@dataclass
class Children:
    """The processes we started, in the order in which they were."""

    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, command: list[str]) -> None:
        """Start a process in a group of its own: Ctrl-C reaches us, and we stop it in order."""
        log = INSTANCE / "log" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as out:
            child = subprocess.Popen(command, cwd=ROOT, env=environ(), stdout=out, stderr=out, start_new_session=True)
        self.running[name] = child

    def check(self) -> None:
        """Raises Broken if one of them has ended."""
        for name, child in self.running.items():
            if child.poll() is not None:
                lines = (INSTANCE / "log" / f"{name}.log").read_text(errors="replace").splitlines()[-15:]
                raise Broken("\n".join([f"{name} ended with status {child.returncode}. Its last words:", *lines]))

    def stop(self) -> None:
        """End them, the last first, and wait; what does not end in time is killed."""
        for child in reversed(self.running.values()):
            if child.poll() is None:
                child.terminate()
        for child in reversed(self.running.values()):
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def main() -> int:
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    children = Children()
    try:
        with foreground():
            return play(children)
    except Stopped:
        print("\nStopping …", flush=True)
        return 0
    except Broken as broken:
        print(broken, file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        children.stop()


def play(children: Children) -> int:
    begun = time.monotonic()
    check_ports()
    step([sys.executable, "scripts/build_assets.py"])
    fresh = step([*FLASK, "demo-load"], fine=(0, FRESH)) == FRESH
    children.start("demo-services", [*FLASK, "demo-services"])
    children.start("worker", [*FLASK, "worker"])
    children.start("web", WEB)
    wait_until_ready(children)
    if fresh:
        complete = step([*FLASK, "tour"], fine=(0, 1)) == 0
        step([*FLASK, "demo-addresses"])
        print("" if complete else "The tour did not end as it should; see its table above.", flush=True)
    print(f"Ready after {time.monotonic() - begun:.0f} s: {SITE}/   Ctrl-C stops everything.", flush=True)
    while True:
        children.check()
        pause(0.5)


def step(command: list[str], fine: tuple[int, ...] = (0,)) -> int:
    """Run one command to its end. Raises Broken unless it ends as it should."""
    with subprocess.Popen(command, cwd=ROOT, env=environ(), start_new_session=True) as process:
        try:
            while (status := process.poll()) is None:
                pause(0.05)
        except Stopped:
            process.terminate()
            raise
    if status not in fine:
        raise Broken(f"{' '.join(command[1:])} failed (status {status}).")
    return status


def check_ports() -> None:
    """Website, mailbox and partner need three ports in a row. Raises Broken if somebody else listens there."""
    for port in range(int(PORT), int(PORT) + 3):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise Broken(f"Port {port} is in use. Choose another: PORT={int(PORT) + 10} make run")


def wait_until_ready(children: Children) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        children.check()
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{SITE}/readyz", timeout=5) as answer:
            if answer.status == 200:
                return
        pause(0.1)
    raise Broken(f"{SITE} did not get ready within {PATIENCE_SECONDS} s. See {INSTANCE / 'log'}.")


def environ() -> dict[str, str]:
    return {**os.environ, "DEMO": "1", "PYTHONUNBUFFERED": "1"}


def stop(number: int, frame: FrameType | None) -> None:
    """Only remember it: an exception raised anywhere, inside ``poll()`` say, would leave a lock behind for ever."""
    asked_to_stop.append(number)


def pause(seconds: float) -> None:
    """Wait; raises Stopped soon after somebody asked for that."""
    end = time.monotonic() + seconds
    while not asked_to_stop and time.monotonic() < end:
        time.sleep(0.05)
    if asked_to_stop:
        raise Stopped


@contextlib.contextmanager
def foreground() -> Iterator[None]:
    """Take the terminal, as a shell does for a job: Ctrl-C ends us, and `make` sees our exit status, not the signal."""
    if not sys.stdin.isatty() or os.tcgetpgrp(sys.stdin.fileno()) != os.getpgrp():
        yield
        return
    before = os.getpgrp()
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(sys.stdin.fileno(), before)


if __name__ == "__main__":
    sys.exit(main())
