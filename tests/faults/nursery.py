"""Started by the fault tests: loads the product once, and forks senders that are there at once and can be killed.

Each line on standard input asks for one more; its process id is written to standard output. A sender prepares the next
issue when the one before is finished, and runs the jobs of the delivery without end.
"""

import os
import signal
import sys
import time
from typing import Any

from app import create_app, delivery
from app.delivery.jobs import JOBS
from app.kernel import config
from app.kernel.db import transaction
from tests.delivery.mails import MAIL
from tests.faults.issues import GROUPS, people


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    app = create_app(config.read(os.environ))
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            live(app)
        print(child, flush=True)


def live(app: Any) -> None:
    """Work until killed; whoever started us is gone when our standard input ends, then nothing is left to do."""
    mother = os.getppid()
    while os.getppid() == mother:
        with app.app_context():
            prepare_next()
            if not sum(job.run() for job in JOBS):
                time.sleep(0.01)


def prepare_next() -> None:
    """The first issue that is not there yet, if all before it are finished."""
    for group in GROUPS:
        with transaction(write=False):
            progress = delivery.progress(group)
        if not progress.prepared:
            with transaction():
                if not delivery.progress(group).prepared:
                    message = delivery.freeze(group, "issue", MAIL)
                    delivery.prepare(message, people(group))  # type: ignore[arg-type]
            return
        if not progress.finished:
            return


if __name__ == "__main__":
    main()
