"""What a feature keeps about people: each names it in ``wiring.PERSONAL_DATA``, and the privacy page shows the list."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One kind of personal data: what it is, what for, on which basis (Art. 6 GDPR), and how long it is kept.

    All four are sentences for readers (``lazy``).
    """

    what: Any
    purpose: Any
    basis: Any
    kept: Any
