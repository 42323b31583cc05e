"""Lists that exist already: handed in, checked row by row, and taken over with the ground on which each may be used."""

from app.subscriptions.importing.columns import LABELS as MEANINGS
from app.subscriptions.importing.columns import Meaning, guess
from app.subscriptions.importing.information import uninformed
from app.subscriptions.importing.pump import go_through
from app.subscriptions.importing.queries import get, judged, newest
from app.subscriptions.importing.services import KEPT, Grounds, check, discard, hand_in, take_over
from app.subscriptions.importing.verdicts import LABELS as VERDICTS
from app.subscriptions.importing.verdicts import TAKEN, Verdict, sentence

__all__ = [
    "KEPT",
    "MEANINGS",
    "TAKEN",
    "VERDICTS",
    "Grounds",
    "Meaning",
    "Verdict",
    "check",
    "discard",
    "get",
    "go_through",
    "guess",
    "hand_in",
    "judged",
    "newest",
    "sentence",
    "take_over",
    "uninformed",
]
