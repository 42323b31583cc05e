"""How fast an issue leaves that we sign ourselves (DKIM, RSA-2048), by two sending processes, beside smtp-source.

Not pinned: signing is what the second processor is for. ``python benchmarks/bench_signing.py 5 6000``: medians of 5
rounds of 6,000 mails, SQLite.
"""

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app import delivery
from app.delivery.pump import send_due
from app.factory import create_app
from benchmarks.tools import ground, wire
from tests.support import house

SENDERS: Final = 2
PATIENCE: Final = 120.0  # seconds


def main(rounds: int, mails: int) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(wire.sink())
        app = stack.enter_context(ground.app_on("sqlite", url))
        signing = {"DKIM_KEY_FILE": str(new_key(folder)), "DKIM_SELECTOR": "rundbrief2026"}
        speeds: dict[str, list[float]] = {"source": [], "plain": [], "signed": []}
        for number in range(rounds):
            speeds["source"].append(wire.source(url, mails))
            speeds["plain"].append(ours(app, url, f"plain:{number}", mails, {}))
            speeds["signed"].append(ours(app, url, f"signed:{number}", mails, signing))
    told = {name: statistics.median(found) for name, found in speeds.items()}
    print(f"signing, {SENDERS} senders, {rounds} rounds of {mails}, not pinned, mails per second, x smtp-source")
    for name, label in (
        ("source", "smtp-source -d"),
        ("plain", "ours, the relay signs"),
        ("signed", "ours, signed with RSA-2048"),
    ):
        print(f"  {label:32} {told[name]:8.0f} {told[name] / told['source']:6.2f} x")


def ours(app: Any, url: str, group: str, mails: int, signing: dict[str, str]) -> float:
    """Mails per second from the first claim to the last record, by several processes."""
    ground.owe(group, mails)
    context = get_context("spawn")
    together = context.Barrier(SENDERS + 1)  # all are ready, and later: all have finished
    settings = app.config["RUNDBRIEF"]
    given = (str(settings.database_url), url, settings.instance_path, group, signing, together)
    senders = [context.Process(target=send, args=given) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    together.wait(PATIENCE)
    begun = time.perf_counter()
    together.wait(PATIENCE)
    taken = time.perf_counter() - begun
    for sender in senders:
        sender.join()
    done = delivery.progress(group)
    assert (done.accepted, done.finished) == (mails, True), done
    return mails / taken


def send(database: str, url: str, instance: Path, group: str, signing: dict[str, str], together: Any) -> None:
    """One sender, until the issue is finished."""
    settings = {"SEND_RATE": "0", "SEND_CONNECTIONS": "10", **signing}
    app = create_app(house.settings(database, url, instance, **settings))
    with app.app_context():
        together.wait(PATIENCE)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and (send_due() or not delivery.progress(group).finished):
            pass
        together.wait(PATIENCE)


def new_key(folder: Path) -> Path:
    """An RSA key of 2,048 bits, in a file."""
    form = (serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    pem = rsa.generate_private_key(65537, 2048).private_bytes(serialization.Encoding.PEM, *form)
    path = folder / "dkim.pem"
    path.write_bytes(pem)
    return path


if __name__ == "__main__":
    main(*(int(value) for value in (sys.argv[1:3] if len(sys.argv) > 2 else ("5", "6000"))))
