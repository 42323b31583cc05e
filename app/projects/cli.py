"""The command ``flask catalogue``."""

import click

from app import taxonomy
from app.kernel.db import transaction
from app.projects.services import import_catalogue


@click.group("catalogue")
def catalogue() -> None:
    """The catalogue of services and municipalities."""


@catalogue.command("import")
def import_() -> None:
    """Load services, municipalities and topics from app/data; again and again without harm."""
    with transaction():
        regions, topics = taxonomy.load()
        services, reuses, projects = import_catalogue()
    click.echo(f"{regions} regions, {topics} topics, {services} services, {reuses} reuses, {projects} projects.")
