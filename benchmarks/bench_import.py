"""How fast a list is checked and taken over, and how much memory that takes: rows per second, SQLite and PostgreSQL.

The memory is what the process (RSS) grew by while it worked.
"""

import io
import sys
import tempfile
import time
from pathlib import Path

from app import subscriptions
from app.factory import create_app
from app.kernel.db import session, transaction
from app.subscriptions import importing
from app.subscriptions.models import Basis, Import, Stage
from tests.support import databases, house

ROWS = 100_000


def main(rows: int, backends: tuple[str, ...]) -> None:
    for backend in backends:
        with tempfile.TemporaryDirectory() as folder:
            made = databases.start(backend, Path(folder))
            report(backend, made.fresh("saxony", house.build_saxony), Path(folder), rows)
            made.stop()


def report(backend: str, url: str, folder: Path, rows: int) -> None:
    app = create_app(house.settings(url, "smtp://127.0.0.1:9", folder))
    with app.app_context():
        with transaction():
            newsletter = subscriptions.create_newsletter("ozg-newsletter", "OZG-Newsletter")
            grounds = importing.Grounds(Basis.CONSENT, how="Formular", wording="Ich möchte den Newsletter erhalten.")
            job = importing.hand_in(io.BytesIO(a_list(rows)), "liste.csv", newsletter.id, grounds, "Benchmark")
            importing.check(job, job.mapping)
        idle = resident()
        checked = timed(lambda: importing.go_through(job.id))
        with transaction():
            importing.take_over(session.get_one(Import, job.id))
        taken = timed(lambda: importing.go_through(job.id))
        grown = resident(peak=True) - idle
        with transaction(write=False):
            done = session.get_one(Import, job.id)
            assert (done.stage, done.done) == (Stage.DONE, {"new": rows}), (done.stage, done.trouble, done.done)
    house.close(app)
    print(
        f"import, {backend}: {rows} rows checked {rows / checked:,.0f} per second, taken over {rows / taken:,.0f} per "
        f"second, {grown:.0f} MB above idle"
    )


def a_list(rows: int) -> bytes:
    """A list as an authority keeps it."""
    head = "Vorname;Nachname;Behörde;E-Mail;Gemeinde;Einwilligung am\n"
    places = ("Görlitz", "14625020", "Kamenz", "Zwickau", "")
    lines = (
        f"Vera{n};Beispiel;Stadtverwaltung Musterstadt {n % 418};vera.beispiel{n}@stadt{n % 418}.example;"
        f"{places[n % 5]};0{n % 9 + 1}.11.2025\n"
        for n in range(rows)
    )
    return (head + "".join(lines)).encode()


def timed(do: object) -> float:
    begun = time.perf_counter()
    do()  # type: ignore[operator]
    return time.perf_counter() - begun


def resident(*, peak: bool = False) -> float:
    """What this process holds in memory, or the most it held, in MB (proc(5))."""
    name = "VmHWM" if peak else "VmRSS"
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS, tuple(sys.argv[2:]) or databases.BACKENDS)
