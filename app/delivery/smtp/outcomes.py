"""What becomes of the parcels of one connection: whose turn it is, and whose fault."""

from typing import Final

from app.delivery.rules import Answer, Stage
from app.delivery.smtp.counter import Counter
from app.delivery.smtp.envelope import Offer, commands, refusal
from app.delivery.smtp.parcels import STALE, Parcel, Patience
from app.delivery.smtp.replies import TEXT_AT_MOST, Reply, slows_down, words
from app.delivery.smtp.slots import STAGES, Slot

MALFORMED: Final = Answer(Stage.RCPT, 553, "5.1.3 The address cannot be written on an envelope.")
FOREVER: Final = float("inf")
_OF_ENVELOPES: Final = "2.1."  # success about an address (RFC 3463, 3.2): the reply to MAIL or RCPT


class Outcomes:
    """One half of a dialogue: envelopes out, verdicts to the clerk. ``Dialogue`` is the other, the replies."""

    def __init__(self, counter: Counter, offer: Offer, patience: Patience) -> None:
        self.out: list[bytes] = []
        self.tail = 0
        self.ended = False
        self.deadline = FOREVER
        self.sent = 0
        self._counter = counter
        self.offer = offer
        self._patience = patience
        self._slot = Slot.NONE
        self._envelope: Parcel | None = None  # whose MAIL, RCPT or DATA is open
        self._sending: Parcel | None = None  # whose content has been written
        self._held: Answer | None = None  # on `_sending`, until the next replies prove that they are in step
        self._verdict: Answer | None = None  # the first refusal of `_envelope`
        self._pipelined = False
        self._rcpt = b""
        self._asked_at = self._written_at = 0.0

    def _address(self, parcel: Parcel, now: float) -> bool:
        """Write an envelope; False if this parcel cannot go to this server, which is its outcome."""
        answer = refusal(parcel, self.offer)
        try:
            envelope = commands(parcel, self.offer)
        except ValueError:
            answer = MALFORMED
        if answer is not None:
            self._counter.clerk.answered(parcel, answer)
            return False
        self._pipelined = self.offer.pipelining and now >= self._counter.habits.plain_until
        if self._pipelined:
            self.out.append(envelope + b"DATA\r\n")
        else:
            mail, self._rcpt = envelope.splitlines(keepends=True)
            self.out.append(mail)
        self._envelope, self._verdict = parcel, None
        self._asked_at = now
        self.sent += 1
        return True

    def _stands(self, now: float) -> bool:
        """Whether the open envelope is still wanted; who was quick does not need to ask."""
        if now - self._asked_at <= STALE:
            return True
        assert self._envelope is not None
        self._asked_at = now
        return self._counter.clerk.stands(self._envelope)

    def _conclude(self, now: float) -> None:
        """The envelope has been refused, or withdrawn; the dialogue starts afresh (listmonk#1073: or it never does)."""
        self._settle_held()
        parcel, self._envelope = self._envelope, None
        assert parcel is not None
        if self._verdict is None:
            self._counter.clerk.returned(parcel)
        else:
            self._counter.clerk.answered(parcel, self._verdict)
        self._reset(now)

    def _reset(self, now: float) -> None:
        self.out.append(b"RSET\r\n")
        self._slot = Slot.RESET
        self._wait(now, self._patience.reset)

    def _closing(self, reply: Reply) -> None:
        """421: the server hangs up. So do we when it speaks without being asked."""
        text, slot = words(reply.said), self._slot
        if slot is Slot.DOT:
            self._settle_sending(Answer(Stage.DOT, 421, text))
        if slot in STAGES and self._verdict is None and (slows_down(text) or not self._is_stale(slot)):
            self._verdict = Answer(STAGES[slot], 421, text)
        self._abandon()

    def _out_of_step(self, reply: Reply) -> None:
        """Replies were lost or doubled: which one belonged to the dot before is not known any more."""
        if self._pipelined:
            self._counter.habits.spare_pipelining(self._written_at)
        if self._held is not None:
            self._held = _doubtful(f"{reply.code} {words(reply.said)}")
        if not self._pipelined:
            self._verdict = self._verdict or Answer(STAGES[self._slot], reply.code, words(reply.said))
        self._abandon()

    def _lose(self, why: str, *, stalled: bool = False, ours: bool = False, dot_left: bool = True) -> None:
        slot = self._slot
        if slot is Slot.DOT:
            self._settle_sending(Answer(Stage.DOT if dot_left else Stage.DATA, None, why))
        if slot in STAGES and self._verdict is None:
            if stalled and self._pipelined:
                self._counter.habits.spare_pipelining(self._written_at)
            elif not ours and not self._is_stale(slot):
                self._verdict = Answer(STAGES[slot], None, why)
        self._abandon(stalled=stalled)

    def _is_stale(self, slot: Slot) -> bool:
        """Whether the connection was used before and is to blame: it had its time, or its number of mails."""
        return slot is Slot.MAIL and self.sent > 1

    def _abandon(self, *, stalled: bool = False) -> None:
        """Nothing more over this connection; what is open goes back, or has its verdict.

        A reply to a dot that nothing behind it has confirmed counts unless its enhanced code (RFC 3463) is that of an
        envelope; a server that then falls silent has lost a reply, and without an enhanced code we know not which.
        """
        if self._held is not None:
            text = self._held.text
            if text.startswith(_OF_ENVELOPES) or (stalled and text[:2] not in ("2.", "4.", "5.")):
                self._held = _doubtful(text)
        self._settle_held()
        self.ended = True
        self._slot, self.deadline = Slot.NONE, FOREVER
        parcel, self._envelope = self._envelope, None
        if parcel is not None and self._verdict is not None:
            self._counter.clerk.answered(parcel, self._verdict)
        elif parcel is not None:
            self._counter.clerk.returned(parcel)

    def _settle_held(self) -> None:
        if self._held is not None:
            self._settle_sending(self._held)

    def _settle_sending(self, answer: Answer) -> None:
        parcel, self._sending, self._held = self._sending, None, None
        assert parcel is not None
        self._counter.clerk.answered(parcel, answer)

    def _wait(self, now: float, seconds: float) -> None:
        self._written_at = now
        self.deadline = now + seconds


def _doubtful(said: str) -> Answer:
    return Answer(Stage.DOT, None, f"Its answers are out of step: {said}"[:TEXT_AT_MOST])
