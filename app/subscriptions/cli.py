"""The command ``flask subscribers``."""

import json

import click

from app.kernel.db import transaction
from app.kernel.errors import Invalid
from app.subscriptions.declarations import history, tampered
from app.subscriptions.importing.cli import export_list, import_list
from app.subscriptions.models import Subscriber
from app.subscriptions.queries import find_by_key
from app.subscriptions.retention import forget
from app.subscriptions.rules import read_address


@click.group()
def subscribers() -> None:
    """The people who listen: import, export, show, forget, verify."""


subscribers.add_command(import_list)
subscribers.add_command(export_list)


@subscribers.command("show")
@click.argument("address")
def _show(address: str) -> None:
    """Print all that is known about ADDRESS, with its whole history, as JSON."""
    with transaction(write=False):
        known = _known(address)
        about = {name: getattr(known, name) for name in ("address", "name", "organisation", "lang")}
        takes = [{"newsletter": s.newsletter.slug, "state": s.state} for s in known.subscriptions]
        said = [{"at": e.at.isoformat(), "kind": e.kind, "content": e.content} for e in history(known)]
        click.echo(json.dumps({**about, "subscriptions": takes, "declarations": said}, ensure_ascii=False, indent=2))


@subscribers.command("forget")
@click.argument("address")
@click.confirmation_option(prompt="Delete this address and all personal values in its history?")
def _forget(address: str) -> None:
    """Delete ADDRESS; of its history only salted hashes and times remain."""
    with transaction():
        forget(_known(address))
    click.echo("Forgotten.")


@subscribers.command("verify")
def _verify() -> None:
    """Check that no declaration was changed or removed; exit status 1 if one was."""
    with transaction(write=False):
        found = tampered()
    for chain, numbers in found.items():
        click.echo(f"Chain {chain}: entries {', '.join(map(str, numbers))} are not as they were declared.")
    click.echo(f"{len(found)} chains are broken." if found else "All declarations are as they were made.")
    raise SystemExit(1 if found else 0)


def _known(address: str) -> Subscriber:
    try:
        known = find_by_key(read_address(address).key)
    except Invalid as error:
        raise click.BadParameter(str(error)) from error
    if known is None:
        raise click.BadParameter(f"Nobody subscribed with {address}.")
    return known
