"""What happens by itself with lists that exist already."""

from datetime import timedelta
from typing import Final

from app.kernel.db import transaction
from app.kernel.jobs import Job
from app.subscriptions.importing import information, pump, services


def _announce() -> int:
    with transaction():
        return information.announce_due()


def _note_accepted() -> int:
    with transaction():
        return information.note_accepted()


def _delete_old_files() -> int:
    with transaction():
        return services.delete_old_files()


JOBS: Final = [
    Job("subscriptions.work_on_imports", pump.work, every=timedelta(seconds=2)),
    Job("subscriptions.announce_imports", _announce, every=timedelta(seconds=10)),
    Job("subscriptions.note_informed", _note_accepted, every=timedelta(seconds=10)),
    Job("subscriptions.delete_old_lists", _delete_old_files, every=timedelta(hours=1)),
]
