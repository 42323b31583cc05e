"""The dialogue of one connection once it is open: mail after mail. No socket and no clock: bytes in, bytes out."""

from typing import Final

from app.delivery.rules import Answer, Stage
from app.delivery.smtp.counter import Counter
from app.delivery.smtp.envelope import Offer, commands, refusal
from app.delivery.smtp.parcels import STALE, Parcel, Patience
from app.delivery.smtp.replies import Garbled, Replies, Reply, blames_pipelining, slows_down, words
from app.delivery.smtp.slots import STAGES, Slot

FAST: Final = 0.25  # seconds a round trip may take for the next envelope to leave together with the dot
MALFORMED: Final = Answer(Stage.RCPT, 553, "5.1.3 The address cannot be written on an envelope.")
_FOREVER: Final = float("inf")


class Dialogue:
    """``take`` a parcel when ``idle``; write ``out``; feed what comes to ``received``; when ``ended``, hang up.

    Pipelined (RFC 2920): MAIL, RCPT and DATA in one write, and behind the final dot the next envelope, in one write
    too, while the server is fast. ``deadline`` is when the patience with the server ends; then, as after any other
    loss of the connection, say so by ``lost``. ``tail`` counts the octets of ``out`` behind the final dot.
    """

    def __init__(self, counter: Counter, offer: Offer, patience: Patience) -> None:
        self.out: list[bytes] = []
        self.tail = 0
        self.ended = False
        self.deadline = _FOREVER
        self.sent = 0
        self._counter = counter
        self._offer = offer
        self._patience = patience
        self._replies = Replies()
        self._slot = Slot.NONE
        self._envelope: Parcel | None = None  # whose MAIL, RCPT or DATA is open
        self._sending: Parcel | None = None  # whose content has been written
        self._held: Answer | None = None  # on `_sending`, until the next replies prove that they are in step
        self._verdict: Answer | None = None  # the first refusal of `_envelope`
        self._pipelined = False
        self._early = False  # whether the server speaks before we have come to the dot
        self._rcpt = b""
        self._asked_at = self._written_at = 0.0
        self._slow = 0.0  # seconds that the last dot and the last envelope took, whichever is more

    @property
    def idle(self) -> bool:
        """Whether a parcel may be taken."""
        return self._slot is Slot.NONE and not self.ended

    @property
    def full(self) -> bool:
        """Whether this connection has carried as much as it should."""
        return self.sent >= self._counter.at_most

    @property
    def in_content(self) -> bool:
        """Whether a mail has been begun whose outcome is open."""
        return self._slot is Slot.DOT

    def take(self, parcel: Parcel, now: float) -> None:
        """Begin with this parcel; still idle afterwards if the server has said that it does not take such mails."""
        if not self._address(parcel, now):
            return
        self._slot = Slot.MAIL
        self._wait(now, self._patience.pipelined if self._pipelined else self._patience.command)

    def received(self, data: bytes, now: float, *, unsent: int = 0) -> None:
        """What the server said, however it is cut, while so many octets were unsent."""
        try:
            replies = self._replies.feed(data)
        except Garbled as error:
            self._lose(str(error), stalled=False)
            return
        self._early = unsent > self.tail
        last = len(replies) - 1
        for number, reply in enumerate(replies):
            if self.ended:
                return
            self._reply(reply, now, more=number < last or self._replies.unfinished)

    def lost(self, why: str, *, unsent: int = 0, stalled: bool = False) -> None:
        """The connection is lost, with so many octets unsent; ``stalled``: we hung up because nothing came."""
        if not self.ended:
            self._lose(why, stalled=stalled, dot_left=unsent <= self.tail)

    # Replies, in the order of the dialogue.

    def _reply(self, reply: Reply, now: float, *, more: bool) -> None:
        slot = self._slot
        if reply.code == 421 or slot is Slot.NONE:
            self._closing(reply)
        elif not 200 <= reply.code < 600:
            self._lose(f"The server speaks no SMTP: {reply.code} {words(reply.said)}", stalled=False)
        elif slot is Slot.DOT:
            self._dotted(reply, now)
        elif slot is Slot.MAIL or slot is Slot.RCPT:
            self._addressed(reply, now)
        elif slot is Slot.DATA:
            self._may_write(reply, now, more)
        elif slot is Slot.RESET:
            self._slot, self.deadline = Slot.NONE, _FOREVER
            if reply.code != 250:
                self.out.append(b"QUIT\r\n")
                self._abandon()
        else:
            self._conclude(now)

    def _dotted(self, reply: Reply, now: float) -> None:
        answer = Answer(Stage.DOT, reply.code, words(reply.said))
        self._slow = now - self._written_at
        if self._early:
            self._settle_sending(Answer(Stage.DATA, answer.code if reply.code >= 400 else None, answer.text))
            self._abandon()
        elif 300 <= reply.code < 400:
            self._lose(f"The server answered the final dot with {reply.code}.", stalled=False)
        elif self._envelope is not None:
            self._held = answer
            self._slot = Slot.MAIL
            self._wait(now, self._patience.pipelined)
        else:
            self._settle_sending(answer)
            if answer.accepted:
                self._slot, self.deadline = Slot.NONE, _FOREVER
            else:
                self._reset(now)

    def _addressed(self, reply: Reply, now: float) -> None:
        slot, kind = self._slot, reply.code // 100
        if kind == 3:
            self._out_of_step(reply)
            return
        if kind != 2 and self._verdict is None:
            self._refused(STAGES[slot], reply)
            if self.ended:
                return
        if self._pipelined:
            self._slot = Slot(slot + 1)
        elif self._verdict is not None or not self._stands(now):
            self._conclude(now)
        elif slot is Slot.MAIL:
            self.out.append(self._rcpt)
            self._slot = Slot.RCPT
            self._wait(now, self._patience.command)
        else:
            self.out.append(b"DATA\r\n")
            self._slot = Slot.DATA
            self._wait(now, self._patience.data)

    def _refused(self, stage: Stage, reply: Reply) -> None:
        """The first refusal of an envelope; some are about the connection, and a fresh one does better."""
        text = words(reply.said)
        if self._pipelined and blames_pipelining(text):
            self._counter.pipelining = False
            self._abandon()
        elif stage is Stage.MAIL and reply.code == 503 and self.sent > 1:
            self._counter.chaining = self._counter.chaining and self._sending is None
            self._abandon()
        else:
            self._verdict = Answer(stage, reply.code, text)

    def _may_write(self, reply: Reply, now: float, more: bool) -> None:
        parcel = self._envelope
        assert parcel is not None
        if reply.code // 100 == 2 or (more and reply.code == 354):
            self._out_of_step(reply)
        elif reply.code != 354:
            if self._verdict is None:
                self._refused(Stage.DATA, reply)
            if not self.ended:
                self._conclude(now)
        elif self._verdict is not None:  # RFC 2920, 3.1: a lone dot ends what no recipient stands for
            self._settle_held()
            self.out.append(b".\r\n")
            self._slot = Slot.LONE_DOT
            self._wait(now, self._patience.dot)
        elif not self._stands(now):
            self._abandon()
        else:
            self._settle_held()
            self._write(parcel, now)

    def _write(self, parcel: Parcel, now: float) -> None:
        """The content, its dot, and the next envelope behind it."""
        counter = self._counter
        self._slow = max(self._slow, now - self._written_at)
        counter.clerk.begun(parcel)
        self.out.append(parcel.content)
        self._sending, self._envelope = parcel, None
        self._slot = Slot.DOT
        self.tail = 0
        if self._pipelined and counter.pipelining and counter.chaining and self._slow < FAST and not self.full:
            while (following := counter.take(now)) is not None:
                if self._address(following, now):
                    self.tail = len(self.out[-1])
                    break
        self._wait(now, self._patience.dot)

    # What becomes of the parcels.

    def _address(self, parcel: Parcel, now: float) -> bool:
        """Write an envelope; False if this parcel cannot go to this server, which is its outcome."""
        answer = refusal(parcel, self._offer)
        try:
            mail, self._rcpt = commands(parcel, self._offer)
        except ValueError:
            answer = MALFORMED
        if answer is not None:
            self._counter.clerk.answered(parcel, answer)
            return False
        self._pipelined = self._offer.pipelining and self._counter.pipelining
        self.out.append(mail + self._rcpt + b"DATA\r\n" if self._pipelined else mail)
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
        self._counter.pipelining = self._counter.pipelining and not self._pipelined
        if self._held is not None:
            self._held = Answer(Stage.DOT, None, f"Its answers are out of step: {reply.code} {words(reply.said)}"[:500])
        if not self._pipelined:
            self._verdict = self._verdict or Answer(STAGES[self._slot], reply.code, words(reply.said))
        self._abandon()

    def _lose(self, why: str, *, stalled: bool, dot_left: bool = True) -> None:
        slot = self._slot
        if slot is Slot.DOT:
            self._settle_sending(Answer(Stage.DOT if dot_left else Stage.DATA, None, why))
        if slot in STAGES and self._verdict is None:
            if stalled and self._pipelined:
                self._counter.pipelining = False
            elif not self._is_stale(slot):
                self._verdict = Answer(STAGES[slot], None, why)
        self._abandon()

    def _is_stale(self, slot: Slot) -> bool:
        """Whether the connection was used before and is to blame: it had its time, or its number of mails."""
        return slot is Slot.MAIL and self.sent > 1

    def _abandon(self) -> None:
        """Nothing more over this connection; what is open goes back, or has its verdict."""
        self._settle_held()
        self.ended = True
        self._slot, self.deadline = Slot.NONE, _FOREVER
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
