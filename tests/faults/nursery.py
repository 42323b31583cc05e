"""Started by the fault tests: loads the product once, and forks senders that are there at once and can be killed.

Each line on standard input asks for one more; its process id is written to standard output. A sender runs the jobs of
the delivery without end and prepares the next issue when all are finished, or if the line says ``prepare``, at once.
What it does at the moment stands in the file that ``PHASES`` in the environment names.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select

from app import delivery
from app.delivery.jobs import JOBS
from app.delivery.models import Message
from app.delivery.queue import Span
from app.factory import create_app
from app.kernel import config
from app.kernel.db import session, transaction
from tests.delivery.mails import MAIL
from tests.faults.issues import GROUPS, people
from tests.faults.phases import Diary, Phases


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    app = create_app(config.read(os.environ))
    diary = Diary(Phases(Path(os.environ["PHASES"])))
    with app.app_context():
        diary.keep()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            live(app, diary, prepares=line.strip() == "prepare")
        print(child, flush=True)


def live(app: Any, diary: Diary, *, prepares: bool) -> None:
    """Work until killed; whoever started us is gone when our standard input ends, then nothing is left to do."""
    mother = os.getppid()
    while os.getppid() == mother:
        with app.app_context():
            diary.does("")
            if prepares or is_finished():
                prepare_next()
            prepares, done = False, 0
            for job in JOBS:
                diary.does(job.name)
                done += job.run()
            if not done:
                time.sleep(0.01)


def is_finished() -> bool:
    """Whether nothing is owed any more, and nobody has anything to send."""
    with transaction(write=False):
        return not session.scalar(select(exists(Span.id)))


def prepare_next() -> None:
    """The first issue that is not there yet."""
    with transaction():
        group = GROUPS[len(there())]
        delivery.prepare(delivery.freeze(group, "issue", MAIL), people(group))  # type: ignore[arg-type]


def there() -> list[str]:
    """The issues that have been prepared."""
    return list(session.scalars(select(Message.group).distinct()))


if __name__ == "__main__":
    main()
