"""What a check of the doctor returns (see ``wiring.CHECKS``)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: its name, whether it is fine, and what was seen or has to be done."""

    name: str
    fine: bool
    said: str


Check = Callable[[], Finding]
