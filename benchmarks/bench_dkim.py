"""What our own DKIM signature costs in CPU time: against RSA-2048 alone and dkimpy; in one process and in two."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import dkim as dkimpy
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from app.delivery.letter import Stencil
from app.factory import create_app
from tests.delivery.letter.golden_mails import golden_mails
from tests.delivery.letter.letters import DATE, Person, arrived, message, settings

ROUNDS, MANY, FEW, SECONDS = 7, 200, 10, 1.0
SELECTOR = "rundbrief2026"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        key = rsa.generate_private_key(65537, 2048)
        form = (serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
        pem = key.private_bytes(serialization.Encoding.PEM, *form)
        path = Path(folder) / "dkim.pem"
        path.write_bytes(pem)
        with create_app(settings()).app_context():
            unsigned, signed = stencil(), stencil(str(path))
            content = arrived(unsigned.fill(Person(), DATE))
            alone = each(lambda: key.sign(content[:400], padding.PKCS1v15(), hashes.SHA256()), MANY)
            figures = {
                "RSA-2048 alone": alone,
                "letter filled in, not signed": each(lambda: unsigned.fill(Person(), DATE), MANY),
                "letter filled in and signed": each(lambda: signed.fill(Person(), DATE), MANY),
                "dkimpy, of a finished letter": each(
                    lambda: dkimpy.sign(content, SELECTOR.encode(), b"rundbrief.example", pem), FEW
                ),
            }
        one, two = (letters_per_second(str(path), processes) for processes in (1, 2))
    print(f"dkim: {len(content) / 1000:.1f} KB, medians of {ROUNDS}")
    for what, taken in figures.items():
        print(f"  {taken:9.1f} µs  {taken / alone:6.2f} ×  {what}")
    print(f"  signed letters per second: {one:.0f} by one process, {two:.0f} by two, on {os.cpu_count()} cores")


def stencil(key: str = "") -> Stencil:
    """The issue of the golden files; signed, where there is a key."""
    signing = {"DKIM_KEY_FILE": key, "DKIM_SELECTOR": SELECTOR} if key else {}
    return Stencil(message(golden_mails()["newsletter/issue.de"]), settings(**signing))


def each(do: Callable[[], Any], times: int) -> float:
    """The median of several rounds, in microseconds of CPU."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(times):
            do()
        rounds.append((time.process_time() - begun) / times * 1e6)
    return statistics.median(rounds)


def letters_per_second(key: str, processes: int) -> float:
    """How many letters these processes sign together."""
    with get_context("spawn").Pool(processes) as pool:
        return sum(pool.map(sign_for_a_while, [key] * processes, chunksize=1))


def sign_for_a_while(key: str) -> float:
    with create_app(settings()).app_context():
        signed, number = stencil(key), 0
        begun = time.perf_counter()
        while time.perf_counter() - begun < SECONDS:
            signed.fill(Person(number), DATE)
            number += 1
        return number / (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
