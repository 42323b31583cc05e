"""A job: what must happen again and again, without knowing who runs it (see ``app/runners``)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` does what is due now and returns how many things it did; 0 says that nothing is due."""

    name: str
    run: Callable[[], int]
    every: timedelta
