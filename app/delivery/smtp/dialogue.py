"""The dialogue of one connection once it is open: mail after mail. No socket and no clock: bytes in, bytes out."""

from typing import Final

from app.delivery.rules import Answer, Stage
from app.delivery.smtp.counter import Counter
from app.delivery.smtp.envelope import Offer
from app.delivery.smtp.outcomes import FOREVER, Outcomes
from app.delivery.smtp.parcels import STALE, Parcel, Patience
from app.delivery.smtp.replies import Replies, Reply, blames_pipelining, words
from app.delivery.smtp.slots import STAGES, Slot

_NO_ANSWER: Final = Answer(Stage.DOT, None)
_YES: Final = [b"250 ", b"250 ", b"354 ", b""]  # to MAIL, RCPT and DATA
_DOT: Final = Slot.DOT
MUCH: Final = 4096  # octets: more is read with care


class Dialogue(Outcomes):
    """``take`` a parcel when ``idle``; write ``out``; feed what comes to ``received``; when ``ended``, hang up.

    Pipelined (RFC 2920): MAIL, RCPT and DATA in one write, and behind the final dot the next envelope, in one write
    too, while the server is fast. ``deadline`` is when the patience with the server ends; then, as after any other
    loss of the connection, say so by ``lost``. ``tail`` counts the octets of ``out`` behind the final dot.
    """

    def __init__(self, counter: Counter, offer: Offer, patience: Patience) -> None:
        super().__init__(counter, offer, patience)
        self._replies = Replies()
        self._smooth = False  # whether an envelope is open, written at once, of which nothing was answered yet
        self._last: tuple[bytes | None, Answer] = (None, _NO_ANSWER)  # a reply to a dot, and what it is as an answer
        self._yes: bytes | None = None  # replies to an envelope that said yes
        self._early = False  # whether the server speaks before we have come to the dot
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
        self._smooth = self._pipelined and not self._replies.unfinished
        self._wait(now, self._patience.pipelined if self._pipelined else self._patience.command)

    def written(self, now: float) -> None:
        """The last octet of ``out`` has left only now; the patience with the answer to the dot begins."""
        if self._slot is Slot.DOT:
            self.deadline = now + self._patience.dot

    def received(self, data: bytes, now: float, *, unsent: int = 0) -> None:
        """What the server said, however it is cut, while so many octets were unsent."""
        if self._smooth and not unsent and self._all_is_well(data, now):
            return
        replies = self._replies.feed(data)
        self._early = unsent > self.tail
        last = len(replies) - 1
        for number, reply in enumerate(replies):
            if self.ended:
                return
            self._reply(reply, now, more=number < last or self._replies.unfinished)
        if self._replies.garbled and not self.ended:
            self._lose(self._replies.garbled)
        fresh = self._slot in (Slot.MAIL, Slot.DOT) and self._verdict is None and self._envelope is not None
        self._smooth = fresh and self._pipelined and not self._replies.unfinished

    def _all_is_well(self, data: bytes, now: float) -> bool:
        """The way of almost every mail, shortened: all replies of a group at once, and all of them say yes."""
        parcel, in_content = self._envelope, self._slot is _DOT
        if parcel is None or now - self._asked_at > STALE:
            return False
        first, _end, others = data.partition(b"\r\n") if in_content else (b"", b"", data)
        if others != self._yes:
            codes = [line[:4] for line in others.split(b"\r\n")]
            if codes != _YES or others.count(b"\n") != len(_YES) - 1 or len(data) > MUCH:
                return False
            self._yes = others
        if not in_content:
            self._settle_held()
        elif first == self._last[0]:
            self._slow = now - self._written_at
            self._settle_sending(self._last[1])
        elif first.startswith(b"250 ") and len(first) <= MUCH and b"\n" not in first:
            self._slow = now - self._written_at
            self._last = first, Answer(Stage.DOT, 250, words(first[4:]))
            self._settle_sending(self._last[1])
        else:
            return False
        self._write(parcel, now)
        return True

    def lost(self, why: str, *, unsent: int = 0, stalled: bool = False, ours: bool = False) -> None:
        """The connection is lost, with so many octets unsent; ``stalled``: because nothing came for too long;
        ``ours``: because we have to stop.
        """
        if not self.ended:
            self._lose(why, stalled=stalled, ours=ours, dot_left=unsent <= self.tail)

    # Replies, in the order of the dialogue.

    def _reply(self, reply: Reply, now: float, *, more: bool) -> None:
        slot = self._slot
        if reply.code == 421 or slot is Slot.NONE:
            self._closing(reply)
        elif not 200 <= reply.code < 600:
            self._lose(f"The server speaks no SMTP: {reply.code} {words(reply.said)}")
        elif slot is Slot.DOT:
            self._dotted(reply, now)
        elif slot is Slot.MAIL or slot is Slot.RCPT:
            self._addressed(reply, now)
        elif slot is Slot.DATA:
            self._may_write(reply, now, more)
        elif slot is Slot.RESET:
            self._slot, self.deadline = Slot.NONE, FOREVER
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
            self._lose(f"The server answered the final dot with {reply.code}.")
        elif self._envelope is not None:
            self._held = answer
            self._slot = Slot.MAIL
            self._wait(now, self._patience.pipelined)
        else:
            self._settle_sending(answer)
            if answer.accepted:
                self._slot, self.deadline = Slot.NONE, FOREVER
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
            self._counter.habits.spare_pipelining(self._written_at)
            self._abandon()
        elif stage is Stage.MAIL and reply.code == 503 and self.sent > 1:
            self._counter.habits.spare_chaining(self._written_at)
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
        habits = counter.habits
        self._slow = max(self._slow, now - self._written_at)
        counter.clerk.begun(parcel)
        self.out.append(parcel.content)
        self._sending, self._envelope = parcel, None
        self._slot = _DOT
        self.tail = 0
        self._smooth = False
        quick = self._pipelined and self._slow < self._patience.fast
        if quick and now >= habits.chains_from and self.sent < counter.at_most:
            while (following := counter.take(now)) is not None:
                if self._address(following, now):
                    self.tail = len(self.out[-1])
                    self._smooth = True
                    break
        self._written_at = now
        self.deadline = now + self._patience.dot
