"""``flask accounts``: people of the team, from the command line."""

import click

from app.accounts import services
from app.accounts.models import EDITOR, ROLES
from app.kernel.db import transaction
from app.kernel.errors import Invalid


@click.group("accounts")
def accounts() -> None:
    """People of the team."""


@accounts.command("create")
@click.option("--email", prompt="E-mail address", help="The address the person signs in with.")
@click.option("--name", prompt="Name", help="The name that colleagues see.")
@click.option(
    "--role", "roles", multiple=True, default=[EDITOR], type=click.Choice(list(ROLES)), help="Repeat for several roles."
)
@click.option("--password", help="At least 12 characters; asked for if left out.")
@click.option("--invite", is_flag=True, help="Send a link to set a password instead.")
def create(email: str, name: str, roles: tuple[str, ...], password: str | None, invite: bool) -> None:
    """Create a person of the team, who can sign in at once, or after following the invitation."""
    if not invite and password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        with transaction():
            if invite:
                services.invite(email, name, roles)
            else:
                services.create(email, name, roles, password)
    except Invalid as refused:
        raise click.ClickException("; ".join(str(advice) for advice in refused.fields.values())) from refused
    click.echo(f"{name} <{email}> can sign in at /redaktion/anmelden." if not invite else f"{email} is invited.")
