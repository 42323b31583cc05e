"""What the operation does by itself."""

from datetime import timedelta
from typing import Final

from app.kernel.db import transaction
from app.kernel.jobs import Job
from app.operations.privacy import forget_audit


def _forget_audit() -> int:
    with transaction():
        return forget_audit()


JOBS: Final = [Job("operations.forget_audit", _forget_audit, every=timedelta(days=1))]
