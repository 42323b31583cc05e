"""The clerk between the ledger and the wire: hands out parcels, hears the answers, keeps journal and ledger true."""

import time
from collections import OrderedDict, deque
from typing import Final, NamedTuple

from app.delivery import claims, pace, records
from app.delivery.claims import Piece
from app.delivery.letter import Stencil
from app.delivery.models import Message
from app.delivery.pump.recovery import LEASE
from app.delivery.records import Card, Tried
from app.delivery.rules import Answer, Claimed, Verdict, judge
from app.delivery.senders import Living
from app.delivery.smtp import STALE, Parcel
from app.delivery.upsert import is_postgresql
from app.kernel import clock, config
from app.kernel.db import session, transaction
from app.kernel.jobs import is_stopping

FIRST: Final = 50
MOST: Final = 5000
WORTH: Final = 0.5  # seconds: how long a claim lasts
RECORD_AFTER: Final = 0.25  # seconds
RECORD_AT: Final = 2000  # answers
HALVE_FROM: Final = 100  # answers
RENEW_AFTER: Final = 15.0  # seconds
ASK_AFTER: Final = 0.05  # seconds: how soon the queue is asked again that had nothing
STENCILS: Final = 64


class Lane(NamedTuple):
    """One of the two kinds of mails, the single ones or those of issues, and the way out that they take."""

    name: str
    url: str
    single: bool


class LedgerClerk:
    """The clerk of one run (see ``smtp.Clerk``).

    ``settled`` counts the deliveries that got an outcome or were stopped; ``paced``: the pace is reached for now;
    ``trouble``: what the server said when it wanted no more.
    """

    def __init__(self, sender: Living, lane: Lane) -> None:
        self.settled = 0
        self.paced = False
        self.trouble = ""
        self._owner, self._journal = sender
        self._lane = lane
        self._settings = config.current()
        self._stencils: OrderedDict[int, tuple[Stencil | ValueError, Card]] = OrderedDict()
        self._queue: deque[tuple[Claimed, Piece]] = deque()
        self._flying: dict[int, tuple[Claimed, Piece]] = {}
        self._accepted: dict[Answer, list[int]] = {}
        self._others: list[Tried] = []
        self._unrecorded = 0
        self._halves = is_postgresql()
        self._ended: list[Piece] = []
        self._gave_back = 0
        self._handed = 0
        self._date = clock.now()
        self._claimed_at = self._recorded_at = self._renewed_at = time.monotonic()
        self._ask_at = 0.0

    def next(self) -> Parcel | None:
        """The next letter, wrapped; claims more when there is none left, or what is left was claimed too long ago.

        The ledger is asked again each second at least: whoever left meanwhile gets nothing.
        """
        while True:
            now = time.monotonic()
            if self.trouble or is_stopping():
                return None
            if (not self._queue or now - self._claimed_at > STALE) and not self._refilled(now):
                return None
            pair = self._queue.popleft()
            self._handed += 1
            parcel = self._parcel(*pair)
            if parcel is not None:
                self._flying[parcel.id] = pair
                return parcel

    def stands(self, parcel: Parcel) -> bool:
        """Whether this one is still wanted, now that some time has passed."""
        if is_stopping():
            return False
        with transaction(write=False):
            return claims.is_wanted(parcel.id)

    def begun(self, parcel: Parcel) -> None:
        """Written down before the first byte of the content leaves."""
        self._journal.begun(parcel.id)

    def answered(self, parcel: Parcel, answer: Answer) -> None:
        """Written down at once, recorded in the ledger a little later, together with others."""
        number = parcel.id
        self._journal.answered(number, answer)
        claimed, piece = self._flying.pop(number)
        if answer.accepted:
            if (ids := self._accepted.get(answer)) is None:
                self._accepted[answer] = ids = []
            ids.append(number)
        else:
            self._others.append(Tried(claimed, self._stencils[piece.message_id][1], answer))
            self._heed(answer)
        self._settled(piece)
        if self._unrecorded >= RECORD_AT:
            self.record()

    def returned(self, parcel: Parcel) -> None:
        """Back to the queue; whoever takes it next sees whether it is still wanted."""
        _, piece = self._flying.pop(parcel.id)
        piece.again = True
        self._gave_back += 1
        self._end_of(piece)

    def meanwhile(self) -> None:
        """Record what was answered some time ago; keep the lease."""
        now = time.monotonic()
        if (self._unrecorded and now - self._recorded_at >= RECORD_AFTER) or now - self._renewed_at >= RENEW_AFTER:
            self.record()

    def record(self) -> None:
        """Write all answers into the ledger now."""
        self._record_half()
        with transaction():
            self._record()
        self._recorded()

    def close(self) -> None:
        """Record all, give back the rest, sign off."""
        self._record_half()
        with transaction():
            self._give_back()
            self._record()
            if self.trouble:
                pace.rest(self._lane.name, self.trouble)
            records.sign_off(self._owner)
        self._recorded()

    def _refilled(self, now: float) -> bool:
        """Whether there is something to send, after the ledger was asked; it is not asked again for a moment if not."""
        if not self._queue and now < self._ask_at:
            return False
        self._claim(now)
        self._ask_at = now + ASK_AFTER if not self._queue else 0.0
        return bool(self._queue)

    def _claim(self, now: float) -> None:
        """One transaction: record, give back what lies here for too long, and take as much as leaves in half a second.

        The deliveries in flight stay ours.
        """
        speed = self._handed / max(now - self._claimed_at, 0.001)
        most = min(MOST, max(FIRST, int(speed * WORTH)))
        self._record_half()
        with transaction():
            self._give_back()
            self._record()
            claim = claims.claim(self._owner, self._lane.name, single=self._lane.single, most=most)
            self._load({piece.message_id for _, piece in claim.rows})
        self._recorded()
        self._queue, self.paced = claim.rows, claim.paced
        self.settled += claim.settled
        self._claimed_at, self._handed = now, 0

    def _give_back(self) -> None:
        if self._queue:
            pieces = dict.fromkeys(piece for _, piece in self._queue)
            claims.give_back(self._queue)
            self._gave_back += len(self._queue)
            self._queue = deque()
            self._ended += [piece for piece in pieces if piece.left == 0]

    def _record_half(self) -> None:
        """On PostgreSQL, every other acceptance first: the room of their old rows is used for those of the others.

        The journal still has all of them: who takes over after this half records it again, and nothing changes.
        """
        if self._unrecorded < HALVE_FROM or not self._halves:
            return
        halves = {answer: [number for number in ids if number % 2 == 0] for answer, ids in self._accepted.items()}
        with transaction():
            records.record(self._lane.name, halves)
        self._accepted = {answer: [number for number in ids if number % 2] for answer, ids in self._accepted.items()}

    def _record(self) -> None:
        if self._unrecorded:
            records.record(self._lane.name, self._accepted, self._others)
        claims.finish(self._ended)
        pace.gave_back(self._lane.name, self._gave_back)
        records.register(self._owner, clock.now() + LEASE, self._journal.position)

    def _recorded(self) -> None:
        self._journal.recorded()
        self._accepted, self._others, self._unrecorded = {}, [], 0
        self._ended, self._gave_back = [], 0
        self._recorded_at = self._renewed_at = time.monotonic()
        self._date = clock.now()

    def _load(self, message_ids: set[int]) -> None:
        """The messages of these deliveries, each compiled once and kept for a while."""
        for number in sorted(message_ids):
            if number not in self._stencils:
                message = session.get_one(Message, number)
                self._stencils[number] = (self._compiled(message), records.card(message))
                session.expunge(message)
            self._stencils.move_to_end(number)
        while len(self._stencils) > max(STENCILS, len(message_ids) + len(self._flying)):
            self._stencils.popitem(last=False)

    def _compiled(self, message: Message) -> Stencil | ValueError:
        try:
            return Stencil(message, self._settings)
        except ValueError as error:
            return error

    def _parcel(self, claimed: Claimed, piece: Piece) -> Parcel | None:
        stencil = self._stencils[piece.message_id][0]
        try:
            if isinstance(stencil, ValueError):
                raise stencil
            return stencil.fill(claimed, self._date)
        except ValueError as error:
            self._others.append(Tried(claimed, self._stencils[piece.message_id][1], None, str(error)))
            self._settled(piece)
            return None

    def _settled(self, piece: Piece) -> None:
        self._unrecorded += 1
        self.settled += 1
        piece.left -= 1
        if piece.left == 0:
            self._ended.append(piece)

    def _end_of(self, piece: Piece) -> None:
        piece.left -= 1
        if piece.left == 0:
            self._ended.append(piece)

    def _heed(self, answer: Answer) -> None:
        """What concerns more than this mail: a server that wants no more, a refusal for our sake."""
        if answer.code == 421:
            self.trouble = f"421 {answer.text}"
        if judge(answer) is Verdict.POLICY:
            self._claimed_at = float("-inf")  # ask anew before the next: the issue is held
