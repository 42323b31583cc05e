"""The command ``flask worker``."""

from collections.abc import Sequence

import click

from app.kernel import jobs as kernel_jobs
from app.kernel.jobs import Job
from app.runners.command import Within, told_to_stop, work_off
from app.runners.embedded import scheduler


def worker(jobs: Sequence[Job], within: Within) -> click.Command:
    """The command that runs these jobs, for ``app.cli.add_command``."""

    @click.command("worker")
    @click.option("--once", is_flag=True, help="Do everything that is due now, then exit.")
    def command(once: bool) -> None:
        """Run the jobs: send mails, publish what is scheduled, serve the partners. Stops cleanly at SIGTERM."""
        if once:
            click.echo(f"{work_off(jobs, within)} things done, nothing is due any more.")
            return
        stop = told_to_stop()
        running = scheduler(jobs, within)
        running.start()
        click.echo(f"The worker runs {len(jobs)} jobs. Ctrl-C stops it.")
        stop.wait()
        kernel_jobs.stop()
        running.shutdown(wait=True)

    return command
