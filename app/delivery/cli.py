"""Commands of the delivery."""

import sys
from collections.abc import Sequence
from typing import Final

import click

from app.delivery.inbound.pump import read_limited, receive
from app.delivery.inbound.record import Handler

EX_DATAERR: Final = 65
EX_TEMPFAIL: Final = 75


def inbound(handlers: Sequence[Handler]) -> click.Command:
    """The command that takes a mail from standard input: ``flask --app wsgi inbound < mail``."""

    @click.command("inbound")
    @click.option(
        "--to",
        "envelope_to",
        default="",
        envvar=["ORIGINAL_RECIPIENT", "RECIPIENT"],
        help="The address it was sent to; Postfix tells it in the environment.",
    )
    def command(envelope_to: str) -> None:
        """Take a bounce, a complaint, an answer or an unsubscribe mail from standard input.

        Exit status as in sysexits.h, for the pipe of a mail system: 0 taken, 65 nothing to read, 75 try again later.
        """
        raw = read_limited(sys.stdin.buffer)
        if not raw.strip():
            click.echo("There is no mail on standard input. Write: flask --app wsgi inbound < mail", err=True)
            raise SystemExit(EX_DATAERR)
        try:
            kind = receive(raw, handlers, envelope_to)
        except Exception as error:
            click.echo(f"The mail could not be recorded, please try again later: {error}", err=True)
            raise SystemExit(EX_TEMPFAIL) from error
        click.echo(kind.value)

    return command
