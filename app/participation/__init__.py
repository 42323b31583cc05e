"""What people say back about a service: comments, priorities, good solutions, offers of expertise.

Everything is read by the team before it is public, and may be answered.
"""

from app.participation.models import Contribution, Kind, State
from app.participation.queries import Said, count_waiting, in_state, latest, published_on
from app.participation.services import Words, contribute, decide, forget_writers

__all__ = [
    "Contribution",
    "Kind",
    "Said",
    "State",
    "Words",
    "contribute",
    "count_waiting",
    "decide",
    "forget_writers",
    "in_state",
    "latest",
    "published_on",
]
