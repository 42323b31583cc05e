"""The one file that knows everybody: what there is, in short lists. Features add their lines here and nowhere else."""

from collections.abc import Callable
from typing import Any, Final

from click import Command
from flask import Blueprint
from flask.cli import AppGroup

from app import accounts, approvals, delivery, events, taxonomy  # noqa: F401  (their tables)
from app.kernel.jobs import Job
from app.kernel.mail import MailSample
from app.kernel.search import SearchFunction

BLUEPRINTS: Final[list[Blueprint]] = []

# Label, endpoint.
NAVIGATION: Final[list[tuple[Any, str]]] = []

# Label, endpoint, roles that see it (none: everybody of the team).
DESK_NAVIGATION: Final[list[tuple[Any, str, tuple[str, ...]]]] = []

CHANNEL_KINDS: Final[list[Any]] = []

# Called inside the transaction that publishes a revision.
ON_PUBLISH: Final[list[Callable[[Any], None]]] = []

JOBS: Final[list[Job]] = []

COMMANDS: Final[list[Command | AppGroup]] = []

MAILS: Final[list[MailSample]] = []

CHECKS: Final[list[Callable[[], Any]]] = []

SEARCH: Final[list[SearchFunction]] = [events.search]

PERSONAL_DATA: Final[list[Any]] = []
