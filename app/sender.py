"""A process that sends mails and does nothing else: ``python -m app.sender``, or kept by the worker (SEND_PROCESSES).

It stands on kernel and delivery alone: what the website, the desk and the other jobs need is never loaded.
"""

import os
import sys

import click

from app.delivery.jobs import RECOVER, SENDING
from app.kernel import config, logs, memory, process
from app.runners import embedded
from app.runners.command import told_to_stop


@click.command()
@click.option("--beside", type=int, help="End as soon as the process with this number, which started us, has ended.")
def main(beside: int | None) -> None:
    """Send what is due, and take over from senders that died. Stops cleanly at SIGTERM."""
    logs.install()
    memory.give_back()
    try:
        app = process.create(config.read(os.environ))
    except config.SettingsError as error:
        sys.exit(str(error))
    told = told_to_stop()

    def look() -> None:
        if beside not in (None, os.getppid()):
            told.tell()

    embedded.run([RECOVER, *SENDING], app.app_context, told, look)


if __name__ == "__main__":
    main()
