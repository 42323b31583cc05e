"""The command ``flask worker``."""

from collections.abc import Sequence
from datetime import timedelta

import click

from app.kernel.jobs import Job
from app.runners import embedded
from app.runners.beside import beside
from app.runners.command import Within, begin, told_to_stop, work_off


def worker(jobs: Sequence[Job], within: Within, sending: Sequence[Job] = (), senders: int = 0) -> click.Command:
    """The command that runs these jobs, for ``app.cli.add_command``.

    ``sending`` are those among them that it leaves to so many processes of their own, ``senders``, and does itself only
    with ``--once``.
    """

    @click.command("worker")
    @click.option("--once", is_flag=True, help="Do everything that is due now, then exit.")
    def command(once: bool) -> None:
        """Run the jobs: send mails, publish what is scheduled, serve the partners. Stops cleanly at SIGTERM."""
        if once:
            click.echo(f"{work_off(jobs, within)} things done, nothing is due any more.")
            return
        told = told_to_stop()
        begin(jobs, within)
        ours = [job for job in jobs if job not in sending]
        with beside("app.sender", senders) as keep:
            click.echo(f"The worker runs {len(ours)} jobs, and senders beside it: {senders}. Ctrl-C stops it.")
            keeping = Job("runners.keep_senders", keep, every=timedelta(seconds=1))
            embedded.run([keeping, *ours], within, told)

    return command
