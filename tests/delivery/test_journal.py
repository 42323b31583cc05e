"""The journal of a sender: what it says after the sender died, whatever it was doing."""

from pathlib import Path

import pytest

from app.delivery import journal
from app.delivery.journal import RECORD, START, Journal
from app.delivery.rules import Answer, Stage

OK = Answer(Stage.DOT, 250, "2.0.0 ok")
LATER = Answer(Stage.RCPT, 451, "4.3.0 später")
LOST = Answer(Stage.DOT, None, "")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "anna.journal"


def test_what_was_begun_and_not_answered_is_in_doubt_and_answers_keep_their_words(path: Path) -> None:
    written = Journal(path)
    for number in (7, 8, 9, 2**40):
        written.begun(number)
    written.answered(7, OK)
    written.answered(8, LATER)
    written.answered(9, LOST)
    trace = journal.read(path, 0)
    assert (trace.answers, trace.doubted, trace.same_boot) == ({7: OK, 8: LATER, 9: LOST}, [2**40], True)


def test_what_is_in_the_ledger_is_not_told_again(path: Path) -> None:
    written = Journal(path)
    for number in (1, 2):
        written.begun(number)
    written.answered(1, OK)
    recorded_to = written.position
    written.answered(2, OK)
    assert journal.read(path, recorded_to).answers == {2: OK}


def test_it_begins_anew_when_it_has_grown_long_and_forgets_nobody_in_flight(path: Path) -> None:
    written = Journal(path)
    written.begun(1)
    for number in range(2, 40_000):
        written.begun(number)
        written.answered(number, Answer(Stage.DOT, 250, f"2.0.0 queued as {number:08x}"))
    before = path.stat().st_size
    recorded_to = written.position
    written.recorded()
    written.begun(40_000)
    written.answered(40_000, OK)
    trace = journal.read(path, recorded_to)
    assert (trace.answers, trace.doubted) == ({40_000: OK}, [1])
    assert before > journal.ROTATE_AT > path.stat().st_size


@pytest.mark.parametrize("kept", range(RECORD.size))
def test_a_record_that_was_cut_off_by_death_says_nothing(path: Path, kept: int) -> None:
    written = Journal(path)
    written.begun(1)
    end = START + written.position
    written.answered(1, LOST)
    whole = path.read_bytes()
    words = end + RECORD.size  # the record of the words, which are none, comes first
    path.write_bytes(whole[: words + kept] + bytes(len(whole) - words - kept))
    assert (journal.read(path, 0).answers, journal.read(path, 0).doubted) == ({}, [1])
    path.write_bytes(whole[: words + kept])
    assert (journal.read(path, 0).answers, journal.read(path, 0).doubted) == ({}, [1])


def test_words_longer_than_the_room_that_is_left_find_room(path: Path) -> None:
    written = Journal(path)
    answers = {number: Answer(Stage.DOT, 550, f"{number} " + "x" * 500) for number in range(300)}
    for number, answer in answers.items():
        written.begun(number)
        written.answered(number, answer)
    assert journal.read(path, 0).answers == answers


def test_another_file_is_no_journal(path: Path) -> None:
    path.write_bytes(b"RBJRNL01" + bytes(200))
    with pytest.raises(ValueError, match="not the journal of a sender"):
        journal.read(path, 0)


@pytest.mark.parametrize(
    ("at", "octets"),
    [(15, b"?"), (14, b"\x63"), (0, b"\xff" * 8), (RECORD.size, b"\xff" * 8)],
    ids=["no such kind", "no such stage", "answer to a number too large", "begin of a number too large"],
)
def test_a_damaged_journal_is_none_so_that_who_takes_over_is_not_stopped_by_it(
    path: Path, at: int, octets: bytes
) -> None:
    written = Journal(path)
    written.begun(7)
    written.answered(7, LOST)  # words of no length, then the answer
    answer = written.position + START - RECORD.size
    written.begun(8)
    written.close()
    data = bytearray(path.read_bytes())
    place = answer + at
    data[place : place + len(octets)] = octets
    path.write_bytes(data)
    with pytest.raises(ValueError, match="damaged"):
        journal.read(path, 0)
