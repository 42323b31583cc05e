"""Whether the time that a sign-up takes says anything about the address: medians of 200 tries each, on SQLite.

The tries of the four kinds take turns, so that what else the machine does touches all alike. Noise is what two halves
of the same kind differ by.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from werkzeug.datastructures import MultiDict

from app import delivery
from app.factory import create_app
from app.kernel.db import transaction
from app.operations.demo.forms_in_html import find_form
from tests.subscriptions import story
from tests.support import house
from tests.support.client import Visitor

TRIES = 200
ADDRESSES = {
    "unknown": "unbekannt{}@stadt.example",
    "pending": "wartet@stadt.example",
    "active": "aktiv@stadt.example",
    "suppressed": "gesperrt@stadt.example",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        house.build_saxony(url)
        settings = house.settings(url, "smtp://127.0.0.1:9", Path(folder), SHARED_NETWORKS="127.0.0.0/8")
        app = create_app(settings)
        app.test_client_class = Visitor
        taken = measure(app)
        house.close(app)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    spread = max(medians.values()) - min(medians.values())
    noise = max(abs(statistics.median(times[::2]) - statistics.median(times[1::2])) for times in taken.values())
    said = ", ".join(f"{name} {median:.2f}" for name, median in medians.items())
    print(f"enumeration: medians of {TRIES} sign-ups in ms: {said}; they differ by {spread:.2f}, noise {noise:.2f}")


def measure(app: Any) -> dict[str, list[float]]:
    """Milliseconds of each try, by kind of address."""
    clock = house.HeldClock()
    story.found_newsletters(app)
    visitor = app.test_client()
    story.subscribe(app, visitor, clock, ADDRESSES["active"])
    story.sign_up(visitor, clock, ADDRESSES["pending"])
    with app.app_context(), transaction():
        delivery.suppress(ADDRESSES["suppressed"], "complaint")
    fields = find_form(visitor.get(story.SIGN_UP).text, story.SIGN_UP).filled({"newsletters": [story.OZG]})
    clock.tick(seconds=10)
    taken: dict[str, list[float]] = {name: [] for name in ADDRESSES}
    for number in range(-10, TRIES):
        for name, address in ADDRESSES.items():
            form = MultiDict([*(pair for pair in fields if pair[0] != "email"), ("email", address.format(number))])
            begun = time.perf_counter()
            answer = visitor.post(story.SIGN_UP, data=form)
            milliseconds = (time.perf_counter() - begun) * 1000
            assert answer.status_code == 303
            if number >= 0:  # the first ones warm up
                taken[name].append(milliseconds)
    clock.close()
    return taken


if __name__ == "__main__":
    main()
