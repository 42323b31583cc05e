"""A clerk with a list of parcels, who writes down what became of each."""

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.delivery.rules import Answer
from app.delivery.smtp import Client, Parcel

SENDER, RECIPIENT = b"redaktion@rundbrief.example", b"anna@amt.example"
MAIL = b"Subject: Gruss\r\n\r\nerste Zeile\r\n..\r\n...zweite\r\n.\r\n"  # as it goes over the wire


def parcel(number: int = 1, content: bytes = MAIL, *, recipient: bytes = RECIPIENT, utf8: bool = False) -> Parcel:
    """The parcel with this number; further keywords change it."""
    return Parcel(number, SENDER, recipient, content, len(content), utf8, b"envid-%d" % number)


@dataclass
class ListClerk:
    """Hands out ``parcels`` in order, and again what was returned; ``told`` holds what it was told, in order."""

    parcels: Iterable[Parcel]
    answers: dict[int, Answer] = field(default_factory=dict)
    told: list[tuple[str, int]] = field(default_factory=list)
    withdrawn: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.waiting = deque(self.parcels)

    def next(self) -> Parcel | None:
        found = self.waiting.popleft() if self.waiting else None
        if found is not None:
            self.told.append(("next", found.id))
        return found

    def stands(self, parcel: Parcel) -> bool:
        self.told.append(("stands", parcel.id))
        return parcel.id not in self.withdrawn

    def begun(self, parcel: Parcel) -> None:
        self.told.append(("begun", parcel.id))

    def answered(self, parcel: Parcel, answer: Answer) -> None:
        assert parcel.id not in self.answers, "A parcel has one outcome."
        self.told.append(("answered", parcel.id))
        self.answers[parcel.id] = answer

    def returned(self, parcel: Parcel) -> None:
        self.told.append(("returned", parcel.id))
        if parcel.id not in self.withdrawn:
            self.waiting.appendleft(parcel)

    def meanwhile(self) -> None:
        return


def send(client: Client, *parcels: Parcel, seconds: float = 20.0) -> ListClerk:
    """Send these; the clerk knows what became of them."""
    clerk = ListClerk(parcels)
    client.run(clerk, time.monotonic() + seconds)
    return clerk
