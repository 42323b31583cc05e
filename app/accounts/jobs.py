"""What the accounts do by themselves."""

from datetime import timedelta
from typing import Final

from app.accounts.signing_in import forget_old
from app.kernel.db import transaction
from app.kernel.jobs import Job


def _forget_old() -> int:
    with transaction():
        return forget_old()


JOBS: Final = [Job("accounts.forget_old", _forget_old, every=timedelta(hours=1))]
