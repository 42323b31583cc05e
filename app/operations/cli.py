"""The operator's commands."""

from collections.abc import Sequence

import click
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.db import transaction
from app.kernel.health import Check, Finding


def doctor(checks: Sequence[Check]) -> click.Command:
    """The command that runs these checks; its exit status is the number of those that found something."""

    @click.command("doctor")
    def command() -> None:
        """Look at everything an installation needs, and say what is wrong and what to do. Changes nothing."""
        findings = [_look(check) for check in checks]
        for finding in findings:
            click.echo(f"{'ok ' if finding.fine else 'BAD'}  {finding.name:<12} {finding.said}")
        wrong = sum(not finding.fine for finding in findings)
        if wrong:
            raise click.exceptions.Exit(wrong)

    return command


def _look(check: Check) -> Finding:
    try:
        with transaction(write=False):
            return check()
    except SQLAlchemyError:
        return Finding(check.__name__, False, "cannot be told while the tables are not as they should be")
