"""Which command the next reply belongs to: the server answers in order, and says nothing about what it answers."""

from enum import IntEnum
from typing import Final

from app.delivery.rules import Stage


class Slot(IntEnum):
    """To which command the next reply belongs."""

    NONE = 0
    MAIL = 1
    RCPT = 2
    DATA = 3
    DOT = 4
    RESET = 5
    LONE_DOT = 6


STAGES: Final = {Slot.MAIL: Stage.MAIL, Slot.RCPT: Stage.RCPT, Slot.DATA: Stage.DATA}
