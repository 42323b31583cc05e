"""The start of the editorial desk: what waits for whom, what goes out when, how the channels are; and the audit log.

It asks the faces of the features below it, and changes nothing itself.
"""

from app.desk.board import Board, Health, Item, board, plan
from app.desk.log import Page, entries

__all__ = ["Board", "Health", "Item", "Page", "board", "entries", "plan"]
