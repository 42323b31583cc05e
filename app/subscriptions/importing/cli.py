"""The commands ``flask subscribers import`` and ``export``."""

from pathlib import Path
from typing import Any

import click

from app.kernel.db import session, transaction
from app.kernel.errors import DomainError
from app.kernel.i18n import LANGUAGES
from app.subscriptions import exporting
from app.subscriptions.importing import pump, queries, services
from app.subscriptions.importing.columns import Meaning
from app.subscriptions.importing.verdicts import LABELS, TAKEN, Verdict, sentence
from app.subscriptions.models import Basis, Import, Stage, State
from app.subscriptions.queries import Filter, find_newsletter


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--newsletter", required=True, help="The newsletter's short name, such as ozg-newsletter.")
@click.option("--basis", required=True, type=click.Choice([basis.value for basis in Basis]), help="Art. 6 (1) a or e.")
@click.option("--justification", default="", help="For public_task: why these mailboxes need the newsletter.")
@click.option("--how", default="", help="For consent: how it was given, where a row does not say it.")
@click.option("--wording", default="", help="For consent: its wording, where a row does not say it.")
@click.option("--map", "named", multiple=True, metavar="COLUMN=MEANING", help="Column by heading or number from 1.")
@click.option("--lang", default="de", type=click.Choice(list(LANGUAGES)), help="Of mails, where a row does not say it.")
@click.option("--dry-run", is_flag=True, help="Only judge each row; nothing is kept.")
def import_list(file: Path, newsletter: str, basis: str, named: tuple[str, ...], dry_run: bool, **said: Any) -> None:
    """Subscribe the people of FILE (CSV or XLSX), each row with its proof; what is not taken is named.

    MEANING is one of email, name, first_name, last_name, organisation, region, lang, consent_at, consent_how,
    consent_wording. A second run changes nothing; exit status 1 if the file could not be read.
    """
    lang = said.pop("lang")
    try:
        import_id = _hand_in(file, newsletter, services.Grounds(Basis(basis), **said), named, lang)
        pump.go_through(import_id)
        _refuse_unread(import_id)
        _name_refused(import_id)
        if not dry_run:
            with transaction():
                services.take_over(session.get_one(Import, import_id))
            pump.go_through(import_id)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    _tell(import_id, dry_run)


def _hand_in(file: Path, slug: str, grounds: services.Grounds, named: tuple[str, ...], lang: str) -> int:
    with transaction(), file.open("rb") as content:
        found = find_newsletter(slug)
        if found is None:
            raise click.BadParameter(f"There is no newsletter {slug}.", param_hint="--newsletter")
        made = services.hand_in(content, file.name, found.id, grounds, "flask subscribers import", lang)
        services.check(made, {**made.mapping, **_mapping(made.columns, named)} if named else made.mapping)
        return made.id


def _mapping(columns: list[str], named: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for pair in named:
        column, _, meaning = pair.rpartition("=")
        if meaning not in set(Meaning):
            raise click.BadParameter(f"{meaning} is no meaning: {', '.join(Meaning)}.", param_hint="--map")
        if column in columns:
            mapping[str(columns.index(column))] = meaning
        elif column.isdigit() and 0 < int(column) <= len(columns):
            mapping[str(int(column) - 1)] = meaning
        else:
            raise click.BadParameter(f"There is no column {column}: {', '.join(columns)}.", param_hint="--map")
    return mapping


def _refuse_unread(import_id: int) -> None:
    with transaction(write=False):
        made = session.get_one(Import, import_id)
        if made.stage is Stage.FAILED:
            raise click.ClickException(made.trouble)


def _name_refused(import_id: int) -> None:
    with transaction(write=False):
        for number, address, verdict, reason, about in queries.judged(import_id):
            if verdict not in TAKEN:
                why = sentence(reason, about)
                click.echo(f"{number}: {address}: {LABELS[verdict]}{f' ({why})' if why else ''}", err=True)


def _tell(import_id: int, dry_run: bool) -> None:
    with transaction():
        made = session.get_one(Import, import_id)
        counted = made.found if dry_run else made.done
        for verdict in Verdict:
            if counted.get(verdict.value):
                click.echo(f"{counted[verdict.value]:>8} {LABELS[verdict]}")
        if dry_run:
            services.discard(made)


@click.command("export")
@click.option("--format", "form", default="csv", type=click.Choice(list(exporting.FORMATS)))
@click.option("--newsletter", default="", help="Only of this newsletter (short name).")
@click.option("--state", default="", type=click.Choice(["", *(state.value for state in State)]), help="Only these.")
@click.option("--search", default="", help="Only with this in address, name or organisation.")
@click.option("--output", "-o", default="-", type=click.File("wb"), help="The file; standard output if left out.")
def export_list(form: str, newsletter: str, state: str, search: str, output: Any) -> None:
    """Write who takes what, one row for each subscription."""
    with transaction():
        exported = exporting.write(Filter(search, newsletter, state), form)
        with exported.file as file:
            while block := file.read(1 << 16):
                output.write(block)
    click.echo(f"{exported.count} subscriptions.", err=True)
