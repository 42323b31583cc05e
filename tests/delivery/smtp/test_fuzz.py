"""Whatever a server says and however its words are cut: what the clerk hears is true, and said once."""

import io
import smtplib
from collections import Counter as Tally
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.delivery import smtp as face
from app.delivery.rules import Stage
from app.delivery.smtp import Patience
from app.delivery.smtp.counter import Counter
from app.delivery.smtp.dialogue import Dialogue
from app.delivery.smtp.envelope import Offer
from app.delivery.smtp.replies import Replies
from tests.support.clerk import ListClerk, parcel
from tests.support.nasty import DROP, RESET, NastyServer

TEXT = st.binary(max_size=80).filter(lambda text: b"\n" not in text and b"\r" not in text)
CODE = st.integers(200, 599)
SAID = st.lists(st.tuples(CODE, st.lists(TEXT, min_size=1, max_size=4)), min_size=1, max_size=6)


def written(code: int, lines: list[bytes]) -> bytes:
    marks = [b"-"] * (len(lines) - 1) + [b" "]
    return b"".join(b"%d%b%b\r\n" % (code, mark, line) for mark, line in zip(marks, lines, strict=True))


def cut(stream: bytes, cuts: list[int]) -> list[bytes]:
    at = sorted({0, len(stream), *(number % (len(stream) + 1) for number in cuts)})
    return [stream[start:end] for start, end in pairwise(at)]


@given(SAID, st.lists(st.integers(0, 10_000), max_size=20))
def test_replies_are_read_as_the_standard_library_reads_them_however_they_are_cut(
    said: list[tuple[int, list[bytes]]], cuts: list[int]
) -> None:
    stream = b"".join(written(code, lines) for code, lines in said)
    oracle = smtplib.SMTP()
    oracle.file = io.BytesIO(stream)
    replies = Replies()
    found = [reply for piece in cut(stream, cuts) for reply in replies.feed(piece)]
    assert [tuple(reply) for reply in found] == [oracle.getreply() for _ in said]
    assert (replies.unfinished, replies.garbled) == (False, "")


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_junk_never_ends_in_an_error(pieces: list[bytes]) -> None:
    counter = Counter(100)
    clerk = ListClerk([parcel(1)])
    counter.begin(clerk, 1e9)
    dialogue = Dialogue(counter, Offer(pipelining=True), Patience())
    found = counter.take(0.0)
    assert found is not None
    dialogue.take(found, 0.0)
    for piece in pieces:
        dialogue.received(piece, 0.1)
    dialogue.lost("It is over.")
    assert Tally(what for what, _number in clerk.told if what in ("answered", "returned")).total() == 1


def test_the_beginning_of_a_reply_that_nobody_asked_for_never_turns_a_refusal_into_success() -> None:
    counter, clerk = Counter(100), ListClerk([parcel(1), parcel(2)])
    dialogue = Dialogue(counter, Offer(pipelining=True), Patience(fast=0.0))
    counter.begin(clerk, 1e9)
    for last, now in ((b"250 ok\r\n250 ", 0.1), (b"550 no\r\n", 0.4)):
        found = counter.take(now)
        assert found is not None
        dialogue.take(found, now)
        dialogue.received(b"250 a\r\n250 b\r\n354 c\r\n", now + 0.1)
        dialogue.received(last, now + 0.2)
    assert {number: answer.code for number, answer in clerk.answers.items()} == {1: 250, 2: 550}


class Honest:
    """A server without a socket that does what it says, and says what hypothesis draws."""

    def __init__(self, data: st.DataObject, *, garbles: bool = False) -> None:
        self.taken: set[int] = set()
        self._garbles = garbles  # whether one reply of this connection is lost, or comes twice
        self.says = b""
        self._data = data
        self._heard = b""
        self._number = 0
        self._in_content = self._sender = False

    def hear(self, octets: bytes) -> None:
        self._heard += octets
        while not self.closed and self._next():
            pass

    closed = False

    def _next(self) -> bool:
        if self._in_content:
            end = self._heard.find(b".\r\n") if self._heard.startswith(b".\r\n") else self._heard.find(b"\r\n.\r\n")
            if end < 0:
                return False
            self._heard = self._heard[end + (3 if self._heard.startswith(b".\r\n") else 5) :]
            self._in_content = False
            if self._say(["250 2.0.0 ok"] * 4 + ["451 later", "452 full", "554 no", "421 bye"]).startswith("250"):
                self.taken.add(self._number)
            self._sender, self._number = False, 0
            return True
        line, end, rest = self._heard.partition(b"\r\n")
        if not end:
            return False
        self._heard = rest
        self._command(line)
        return True

    def _command(self, line: bytes) -> None:
        if line.startswith(b"MAIL"):
            assert not self._sender, "MAIL within a mail"
            self._sender = (
                self._say(["250 2.1.0 ok"] * 5 + ["451 later", "550 5.7.1 no", "421 4.7.0 slow", "421 x"])[:3] == "250"
            )
        elif line.startswith(b"RCPT"):
            said = (
                self._say(["250 2.1.5 ok"] * 5 + ["450 later", "550 5.1.1 no", "421 bye"])
                if self._sender
                else self._say(["503 no"])
            )
            self._number = int(line.split(b"<")[1].split(b"@")[0]) if said.startswith("250") else 0
        elif line.startswith(b"DATA"):
            said = self._say(
                ["354 go"] * 6 + ["451 later", "554 no", "421 bye"] if self._number else ["354 go", "554 no"]
            )
            self._in_content = said.startswith("354")
        else:
            assert line == b"RSET", line
            self._sender, self._number = False, 0
            self._say(["250 ok"] * 4 + ["502 no", "421 bye"])

    def _say(self, choices: list[str]) -> str:
        said = self._data.draw(st.sampled_from(choices))
        times = self._data.draw(st.sampled_from([1] * 8 + [0, 2])) if self._garbles else 1
        self._garbles = self._garbles and times == 1
        self.says += (said.encode() + b"\r\n") * times
        self.closed = said.startswith("421")
        return said


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), st.booleans(), st.integers(1, 8))
def test_what_the_clerk_hears_is_true_wherever_the_connection_breaks(
    data: st.DataObject, pipelining: bool, mails: int
) -> None:
    clerk = ListClerk([parcel(number, recipient=b"%d@amt.example" % number) for number in range(1, mails + 1)])
    counter = Counter(5)
    counter.begin(clerk, 1e9)
    taken: set[int] = set()
    now, began = 0.0, 0
    while (clerk.waiting or began == 0) and began < 60:
        began += 1
        server, dialogue = Honest(data), Dialogue(counter, Offer(pipelining=pipelining), Patience())
        now = _until_it_breaks(data, server, dialogue, counter, now)
        taken |= server.taken
    for number, answer in clerk.answers.items():
        if answer.accepted:
            assert number in taken
        elif (answer.stage, answer.code) != (Stage.DOT, None):
            assert number not in taken
    assert not {item.id for item in clerk.waiting} & taken
    assert sorted([*clerk.answers, *(item.id for item in clerk.waiting)]) == list(range(1, mails + 1))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), st.integers(1, 8))
def test_a_pipelining_server_that_loses_or_doubles_a_reply_never_makes_a_mail_accepted_that_is_not(
    data: st.DataObject, mails: int
) -> None:
    clerk = ListClerk([parcel(number, recipient=b"%d@amt.example" % number) for number in range(1, mails + 1)])
    counter = Counter(100)
    counter.begin(clerk, 1e9)
    taken: set[int] = set()
    for _ in range(4):
        server, dialogue = Honest(data, garbles=True), Dialogue(counter, Offer(pipelining=True), Patience())
        _until_it_breaks(data, server, dialogue, counter, 0.0)
        taken |= server.taken
    assert {number for number, answer in clerk.answers.items() if answer.accepted} <= taken
    assert not {item.id for item in clerk.waiting} & taken


def _until_it_breaks(data: st.DataObject, server: Honest, dialogue: Dialogue, counter: Counter, now: float) -> float:
    on_the_way = b""
    while not dialogue.ended:
        now += 0.01
        if dialogue.idle and not server.closed:
            found = None if dialogue.full else counter.take(now)
            if found is None:
                break
            dialogue.take(found, now)
        on_the_way += b"".join(dialogue.out)
        dialogue.out.clear()
        step = data.draw(st.integers(0, 40))
        if step == 0:
            server.hear(on_the_way[: data.draw(st.integers(0, len(on_the_way)))])
            dialogue.lost("The server has hung up.", unsent=0)
        elif step % 2 and on_the_way:
            some = data.draw(st.integers(1, len(on_the_way)))
            server.hear(on_the_way[:some])
            on_the_way = on_the_way[some:]
        elif server.says:
            some = data.draw(st.integers(1, len(server.says)))
            dialogue.received(server.says[:some], now)
            server.says = server.says[some:]
        elif server.closed:
            dialogue.lost("The server has hung up.")
        elif not on_the_way and not dialogue.out:
            dialogue.lost("The server does not answer.", stalled=True)
    return now


REPLIES = {
    "mail": st.sampled_from(["250 ok", "250 ok", "451 4.3.0 later", "550 5.7.1 no", "421 4.7.0 slow", DROP]),
    "rcpt": st.sampled_from(["250 ok", "251 ok", "450 4.2.1 grey", "550-5.1.1 un\r\n550 5.1.1 known", RESET]),
    "data": st.sampled_from(["354 go on", "354 go on", "451 4.3.0 later", "554 5.5.0 no", "421 bye", DROP]),
    "dot": st.sampled_from(["250 2.0.0 ok", "250 2.0.0 ok", "452 4.3.1 full", "554 5.6.0 no", "421 bye", DROP]),
    "rset": st.sampled_from(["250 ok", "250 ok", "502 no", "421 bye", DROP]),
}
SCRIPT = st.fixed_dictionaries({stage: st.lists(replies, max_size=5) for stage, replies in REPLIES.items()})


@pytest.mark.parametrize("bytewise", [False, True])
@settings(max_examples=25, deadline=None)
@given(SCRIPT)
def test_the_standard_library_agrees_on_every_reply(bytewise: bool, script: dict[str, list[str]]) -> None:
    own, stdlib = (_answers(kind, script, bytewise=bytewise) for kind in ("own", "stdlib"))
    assert own == stdlib


def _answers(kind: Any, script: dict[str, list[str]], **habits: Any) -> tuple[Any, ...]:
    server = NastyServer(script=script, **habits)
    server.start()
    client = face.client(server.url, connections=1, kind=kind)
    clerk = ListClerk([parcel(number, recipient=b"%d@amt.example" % number) for number in range(1, 5)])
    client.run(clerk, 1e12)
    client.close()
    server.stop()
    answers = {number: (heard.stage, heard.code, heard.code and heard.text) for number, heard in clerk.answers.items()}
    return answers, clerk.told, server.dialogue, server.recipients, server.violations
