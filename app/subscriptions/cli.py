"""The command ``flask subscribers``."""

import json

import click

from app.kernel.db import transaction
from app.kernel.errors import Invalid
from app.subscriptions import erasure, evidence
from app.subscriptions.declarations import tampered
from app.subscriptions.importing.cli import export_list, import_list
from app.subscriptions.rules import read_address


@click.group()
def subscribers() -> None:
    """The people who listen: import, export, show, forget, verify."""


subscribers.add_command(import_list)
subscribers.add_command(export_list)


@subscribers.command("show")
@click.argument("address")
def _show(address: str) -> None:
    """Print all that is kept about ADDRESS in every part of the product, as JSON (Art. 15 GDPR).

    The subscription with its whole history and the texts that were shown, mails and what became of them, contributions,
    reports, entries of the audit log; for each kind what it is for and how long it is kept. Changes nothing. Of an
    address that was erased, the protocol of its erasure is shown. With the evidence of the consent, and whether it
    holds. Exit status 2 if nothing is kept.
    """
    with transaction(write=False):
        found = erasure.known(_read(address))
        if not found:
            raise click.BadParameter(f"Nothing is kept about {address}.")
        proofs = [json.loads(evidence.as_json(one)) for one in evidence.of_address(address)]
        shown = {"address": address, "kept": erasure.flat(found), "evidence": proofs}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@subscribers.command("forget")
@click.argument("address", required=False)
@click.option("--replay", is_flag=True, help="Erase again whom a restored backup brought back; take no ADDRESS.")
@click.option("--never-again", is_flag=True, help="Remember, by a keyed hash, that this address wants no mail ever.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def _forget(address: str | None, *, replay: bool, never_again: bool, yes: bool) -> None:
    """Delete all that is kept about ADDRESS in every part of the product (Art. 17 GDPR).

    Its subscriptions end, what waits to be sent to it is not sent. Of its declarations only salted hashes and times
    remain until the end of the third year after this one. The protocol says when, by whom and how many rows, and the
    address as a keyed hash only. The same is added to the file erasures.list beside the database.

    After a backup was restored, run "forget --replay" before anything else: it erases again, by that file, whom the
    backup brought back.
    """
    if replay == bool(address):
        raise click.UsageError("Give an ADDRESS, or --replay.")
    if replay:
        with transaction():
            count = erasure.replay()
        click.echo(f"{count} erased again.")
    else:
        known = _read(address or "")
        with transaction(write=False):
            if not erasure.is_known(known):
                raise click.BadParameter(f"Nothing is kept about {address}.")
        if not yes:
            click.confirm("Delete all that is kept about this address?", abort=True)
        with transaction():
            counts = erasure.forget_everywhere(known, "command", never_again=never_again).counts
        click.echo("\n".join(["Forgotten.", *(f"  {name}: {count}" for name, count in sorted(counts.items()))]))
    with transaction(write=False):
        erasure.write_list()


@subscribers.command("verify")
def _verify() -> None:
    """Check that no declaration was changed, removed, moved or cut off, and none was made up; changes nothing.

    Every value of every entry is checked, each chain of entries, and how each chain ended, which is sealed with
    SECRET_KEY (keep old keys in SECRET_KEY_PREVIOUS). Number 0 stands for a person whose history is gone. Exit status
    1 if anything is not as it was declared.
    """
    with transaction(write=False):
        found = tampered()
    for chain, numbers in found.items():
        click.echo(f"Chain {chain}: entries {', '.join(map(str, numbers))} are not as they were declared.")
    click.echo(f"{len(found)} chains are broken." if found else "All declarations are as they were made.")
    raise SystemExit(1 if found else 0)


def _read(address: str) -> str:
    try:
        return read_address(address).key
    except Invalid as error:
        raise click.BadParameter("Write an address like name@example.org.") from error
