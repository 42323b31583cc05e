"""The one file that knows everybody: what there is, in short lists. Features add their lines here and nowhere else."""

from collections.abc import Callable
from typing import Any, Final

from click import Command
from flask import Blueprint
from flask.cli import AppGroup

from app import (  # noqa: F401  (their tables)
    accounts,
    announcements,
    approvals,
    calendar,
    delivery,
    events,
    newsletter,
    participation,
    projects,
    subscriptions,
    syndication,
    taxonomy,
)
from app.accounts import cli as accounts_cli
from app.accounts import desk_views as accounts_desk_views
from app.accounts import jobs as accounts_jobs
from app.accounts import mails as accounts_mails
from app.accounts import privacy as accounts_privacy
from app.accounts import views as accounts_views
from app.announcements import desk_views as announcements_desk
from app.announcements import jobs as announcements_jobs
from app.announcements import privacy as announcements_privacy
from app.announcements import views as announcements_views
from app.calendar import views as calendar_views
from app.delivery import checks as delivery_checks
from app.delivery import cli as delivery_cli
from app.delivery import desk_views as delivery_desk_views
from app.delivery import jobs as delivery_jobs
from app.delivery import mails as delivery_mails
from app.delivery import privacy as delivery_privacy
from app.delivery.inbound import desk_views as returns_desk_views
from app.desk import views as desk_views
from app.events import desk_views as events_desk_views
from app.events import views as events_views
from app.kernel.health import Check
from app.kernel.i18n import lazy
from app.kernel.jobs import Job
from app.kernel.mail import MailSample
from app.kernel.privacy import PersonalData
from app.kernel.search import SearchFunction
from app.newsletter import desk_views as newsletter_desk_views
from app.newsletter import jobs as newsletter_jobs
from app.newsletter import mails as newsletter_mails
from app.newsletter import views as newsletter_views
from app.operations import checks as operations_checks
from app.operations import cli as operations_cli
from app.operations import desk_views as operations_desk
from app.operations import dev_views
from app.operations import jobs as operations_jobs
from app.operations import privacy as operations_privacy
from app.operations import views as operations_views
from app.operations.demo import cli as demo_cli
from app.operations.demo import views as demo_views
from app.participation import desk_views as participation_desk_views
from app.participation import jobs as participation_jobs
from app.participation import privacy as participation_privacy
from app.participation import views as participation_views
from app.projects import cli as projects_cli
from app.projects import desk_views as projects_desk_views
from app.projects import views as projects_views
from app.site import mails as site_mails
from app.site import privacy as site_privacy
from app.site import views as site_views
from app.subscriptions import checks as subscriptions_checks
from app.subscriptions import cli as subscriptions_cli
from app.subscriptions import desk_views as subscriptions_desk
from app.subscriptions import jobs as subscriptions_jobs
from app.subscriptions import mails as subscriptions_mails
from app.subscriptions import privacy as subscriptions_privacy
from app.subscriptions import views as subscriptions_views
from app.subscriptions.importing import jobs as importing_jobs
from app.syndication import desk_views as syndication_desk
from app.syndication import jobs as syndication_jobs
from app.syndication import mails as syndication_mails
from app.syndication import views as syndication_views

BLUEPRINTS: Final[list[Blueprint]] = [
    site_views.blueprint,
    operations_views.blueprint,
    operations_desk.blueprint,
    events_views.blueprint,
    events_desk_views.blueprint,
    calendar_views.blueprint,
    announcements_views.blueprint,
    announcements_desk.blueprint,
    syndication_views.blueprint,
    syndication_desk.blueprint,
    subscriptions_views.blueprint,
    subscriptions_desk.blueprint,
    projects_views.blueprint,
    projects_desk_views.blueprint,
    participation_views.blueprint,
    participation_desk_views.blueprint,
    newsletter_views.blueprint,
    newsletter_desk_views.blueprint,
    desk_views.blueprint,
    accounts_views.blueprint,
    accounts_desk_views.blueprint,
    delivery_desk_views.blueprint,
    returns_desk_views.blueprint,
]

# With DEMO=1 only; the routes do not exist otherwise.
DEMO_BLUEPRINTS: Final[list[Blueprint]] = [dev_views.blueprint, demo_views.blueprint]

# Label, endpoint.
NAVIGATION: Final[list[tuple[Any, str]]] = [
    (lazy("Meldungen"), "announcements.index"),
    (lazy("Newsletter"), "newsletter.index"),
    (lazy("Termine"), "events.index"),
    (lazy("Projektlandkarte"), "projects.index"),
    (lazy("Mitmachen"), "participation.index"),
]

# Label, endpoint, roles that see it (none: everybody of the team).
DESK_NAVIGATION: Final[list[tuple[Any, str, tuple[str, ...]]]] = [
    (lazy("Übersicht"), "desk.index", ()),
    (lazy("Planung"), "desk.planning", ()),
    (lazy("Meldungen"), "announcements_desk.index", ()),
    (lazy("Ausgaben"), "newsletter_desk.issues", ()),
    (lazy("Termine"), "events_desk.index", ()),
    (lazy("Infokanäle"), "syndication_desk.index", ()),
    (lazy("Abonnements"), "subscriptions_desk.index", ("editor", "approver", "admin")),
    (lazy("Vorhaben"), "projects_desk.index", ()),
    (lazy("Beiträge"), "participation_desk.index", ()),
    (lazy("Versand"), "delivery_desk.overview", ()),
    (lazy("Fristen"), "operations_desk.periods", ("admin",)),
    (lazy("Einrichtung"), "operations_desk.identity_page", ("admin",)),
    (lazy("Konten"), "accounts_desk.people", ("admin",)),
    (lazy("Protokoll"), "desk.protocol", ("admin",)),
]


def _event_file(uid: str) -> bytes | None:
    event = events.find_by_uid(uid)
    return calendar.file(event.slug).body if event is not None and event.vevent is not None else None


CHANNEL_KINDS: Final[list[Any]] = [
    syndication.MailFormat(_event_file),
    syndication.Webhook(),
]

# What else a revision will say: shown to those who write and approve, beside the channels.
PREVIEWS: Final[list[Callable[[Any], list[announcements.Preview]]]] = [
    events.channel_previews,
    newsletter.channel_previews,
]

# Where a sending is decided on: by the first word of its group, the page and what it calls the number behind it.
SENDING_PAGES: Final[dict[str, tuple[str, str]]] = {"issue": ("newsletter_desk.issue", "issue_id")}

# Called inside the transaction that publishes a revision.
ON_PUBLISH: Final[list[Callable[[Any], None]]] = [events.on_publish, newsletter.on_publish]

# Who may want to act on a mail that came back: inside the transaction that records it.
INBOUND: Final[list[delivery.InboundHandler]] = [subscriptions.on_inbound]

# Among the jobs, those that senders do, in processes of their own.
SENDING: Final[list[Job]] = delivery_jobs.SENDING

JOBS: Final[list[Job]] = [
    *announcements_jobs.jobs(ON_PUBLISH),
    *newsletter_jobs.JOBS,
    *syndication_jobs.jobs(CHANNEL_KINDS),
    *delivery_jobs.JOBS,
    *delivery_jobs.mailbox(INBOUND),
    *subscriptions_jobs.JOBS,
    *importing_jobs.JOBS,
    *participation_jobs.JOBS,
    *accounts_jobs.JOBS,
    *operations_jobs.JOBS,
]

MAILS: Final[list[MailSample]] = [
    *subscriptions_mails.SAMPLES,
    *syndication_mails.SAMPLES,
    *site_mails.SAMPLES,
    *newsletter_mails.SAMPLES,
    *accounts_mails.SAMPLES,
    *delivery_mails.SAMPLES,
]

CHECKS: Final[list[Check]] = [*operations_checks.CHECKS, *delivery_checks.CHECKS, *subscriptions_checks.CHECKS]

COMMANDS: Final[list[Command | AppGroup]] = [
    operations_cli.doctor(CHECKS),
    delivery_cli.inbound(INBOUND),
    subscriptions_cli.subscribers,
    projects_cli.catalogue,
    operations_cli.setup,
    *demo_cli.commands(ON_PUBLISH),
    accounts_cli.accounts,
]

SEARCH: Final[list[SearchFunction]] = [
    events.search,
    announcements.search,
    newsletter.search,
    projects.search,
]

# Each kind of personal data with who shows it, who ends it and when; erasures walk the list in this order.
PERSONAL_DATA: Final[list[PersonalData]] = [
    *subscriptions_privacy.PERSONAL_DATA,
    *delivery_privacy.PERSONAL_DATA,
    *site_privacy.PERSONAL_DATA,
    *participation_privacy.PERSONAL_DATA,
    *announcements_privacy.PERSONAL_DATA,
    *accounts_privacy.PERSONAL_DATA,
    *operations_privacy.PERSONAL_DATA,
]
PRIVACY_NOTICE: Final = site_privacy.NOTICE
