"""The operator's commands."""

from collections.abc import Callable, Sequence
from typing import Any

import click
from flask_migrate import upgrade
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.db import transaction
from app.kernel.errors import Invalid
from app.kernel.health import Check, Finding
from app.operations import setup as setup_


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


def _questions(command: Callable[..., None]) -> Callable[..., None]:
    for name, question in reversed(setup_.QUESTIONS.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, help=question)(command)
    return command


@click.command("setup")
@_questions
@click.option("--admin-email", help="Address of the first administrator")
@click.option("--admin-name", help="Name of the first administrator")
@click.option("--admin-password", help="Their password, 12 characters or more; better typed than given here")
@click.option("--newsletter", "newsletter_title", help="Title of the first newsletter")
@click.option("--newsletter-slug", help="Its short name in addresses, such as ozg-newsletter")
@click.option("--no-input", is_flag=True, help="Ask nothing: take the options, and leave out what they do not say")
def setup(no_input: bool, **given: str | None) -> None:
    """Make an empty real instance, step by step: tables, reference data, identity, first admin, first newsletter.

    What was said before is kept and offered again: the command can be repeated.
    """
    upgrade()
    with transaction(write=False):
        known, has_admin, has_newsletter = setup_.known(), setup_.has_admin(), setup_.has_newsletter()
    ask = _Asker(given, no_input)
    answers = {name: ask(name, question, known[name]) for name, question in setup_.QUESTIONS.items()}
    admin = None if has_admin else _first_admin(ask)
    newsletter = None if has_newsletter else _first_newsletter(ask)
    try:
        with transaction():
            missing = setup_.found(answers, admin, newsletter)
    except Invalid as error:
        raise click.ClickException("\n".join(str(text) for text in error.fields.values()) or str(error)) from error
    locked = ["Sending stays locked until these are filled:", *(f"  - {label}" for label in missing)]
    click.echo("\n".join(locked) if missing else "Nothing is missing: mails may leave.")


class _Asker:
    """Takes an answer from the options, else asks for it, with what is known as the default."""

    def __init__(self, given: dict[str, str | None], no_input: bool) -> None:
        self._given = given
        self._no_input = no_input

    def __call__(self, name: str, question: str, known: str = "", **how: Any) -> str:
        said = self._given.get(name)
        if said is not None or self._no_input:
            return said if said is not None else known
        return str(click.prompt(question, default=known, show_default=bool(known), **how))


def _first_admin(ask: _Asker) -> setup_.FirstAdmin | None:
    email = ask("admin_email", "Address of the first administrator")
    if not email:
        return None
    name = ask("admin_name", "Name of the first administrator", email)
    wish = "Their password, 12 characters or more"
    password = ask("admin_password", wish, hide_input=True, confirmation_prompt=True)
    return setup_.FirstAdmin(email, name, password)


def _first_newsletter(ask: _Asker) -> tuple[str, str] | None:
    title = ask("newsletter_title", "Title of the first newsletter")
    return (ask("newsletter_slug", "Its short name in addresses", "newsletter"), title) if title else None
