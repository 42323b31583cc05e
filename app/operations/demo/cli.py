"""The demo's commands: load its data, run its helpers, say where everything is, play the tour."""

import signal
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec

import click
from flask_migrate import upgrade

from app import announcements, subscriptions
from app.announcements import OnPublish
from app.kernel import config
from app.kernel.db import session, transaction
from app.operations.demo import mailbox, partners, places, seed
from app.operations.demo.seed.dates import team
from app.operations.demo.tour import story
from app.operations.demo.tour.joining import NEWSLETTER

FRESH = 10  # exit status of demo-load when it filled an empty database
Given = ParamSpec("Given")


def commands(on_publish: OnPublish) -> Sequence[click.Command]:
    """The demo's commands; ``on_publish`` is what the publication of an announcement sets in motion."""

    @click.command("demo-load")
    @in_the_demo
    def load() -> None:
        """Bring the tables up to date and load the Saxon demo into an empty database; exit status 10 if it did."""
        upgrade()
        with transaction(write=False):
            founded = seed.is_founded()
        if founded:
            click.echo("demo: already loaded")
            tell_addresses()
            return
        with transaction():
            seed.found_house()
        with transaction():
            seed.plan_news(*team())
            seed.plan_dates(*team())
        announcements.publish_due(on_publish)
        with transaction():
            seed.found_partners()
        click.echo("demo: loaded")
        raise click.exceptions.Exit(FRESH)

    return [load, services, addresses, tour]


def in_the_demo(command: Callable[Given, None]) -> Callable[Given, None]:
    """A command that refuses to run without DEMO=1."""

    @wraps(command)
    def guarded(*args: Given.args, **kwargs: Given.kwargs) -> None:
        if not config.current().demo:
            raise click.ClickException("This runs with DEMO=1 only: make run sets it.")
        command(*args, **kwargs)

    return guarded


@click.command("demo-services")
@in_the_demo
def services() -> None:
    """Run the demo's mailbox (SMTP) and its partner (HTTP) on loopback, until SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    post = mailbox.serve(places.mailbox(), places.mailbox_port())
    post.start()
    partner = partners.serve(places.inbox(), places.partners_port())
    threading.Thread(target=partner.serve_forever, daemon=True).start()
    click.echo(f"mailbox on port {places.mailbox_port()}, partner on port {places.partners_port()}")
    stop.wait()
    partner.shutdown()
    partner.server_close()
    post.stop()


@click.command("demo-addresses")
@in_the_demo
def addresses() -> None:
    """Print where everything is, and the demo's passwords."""
    tell_addresses()


def tell_addresses() -> None:
    """Print where everything is, and the demo's passwords."""
    site = config.current().public_url
    for label, path in ADDRESSES:
        click.echo(f"  {label:<22} {site}{path}")
    click.echo("  signing in as")
    for person in seed.PEOPLE:
        click.echo(f"    {', '.join(person.roles):<20} {person.email:<32} {person.password}")


ADDRESSES = (
    ("website", "/"),
    ("sign-up", "/newsletter/anmelden"),
    ("dates", "/termine"),
    ("calendar feed", "/termine/kalender.ics"),
    ("editorial desk", "/redaktion/"),
    ("mails sent", "/dev/mail"),
    ("partners received", "/dev/partners"),
    ("components", "/dev/components"),
)


@click.command("tour")
@in_the_demo
def tour() -> None:
    """Play the product's main job over HTTP and SMTP against the running demo; exit status 1 if anything is missing."""
    report = story.play(config.current().public_url, places.mailbox(), places.inbox(), _confirmed, click.echo)
    click.echo("")
    click.echo(report.table())
    if not report.complete:
        raise click.exceptions.Exit(1)


def _confirmed() -> set[str]:
    with transaction(write=False):
        newsletter = subscriptions.find_newsletter(NEWSLETTER)
        return {row.address for row in session.execute(subscriptions.audience(newsletter.id))} if newsletter else set()
