"""What a sender writes down before and after each mail, in a file that survives its death.

``begun`` comes before the content goes on the wire, ``answered`` when the server has spoken: one ``os.write`` each, of
records of 16 bytes, in the order of events. What is answered is recorded in the ledger in batches; if the sender dies
before, its journal says the rest. The file outlives kill -9, not a power failure: whether the machine has been started
anew since stands in its head.
"""

import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.delivery.rules import Answer, Stage

RECORD: Final = struct.Struct("<cBhIQ")  # what, stage, code (-1: connection lost), words, delivery
HEAD: Final = struct.Struct("<8sQ")  # name and version, at which byte of the whole journal this file begins
MAGIC: Final = b"RBJRNL01"
BOOT_SIZE: Final = 48
START: Final = HEAD.size + BOOT_SIZE
ROTATE_AT: Final = 1 << 20
STAGES: Final = tuple(Stage)
STAGE_NUMBERS: Final = {stage: number for number, stage in enumerate(STAGES)}
WORDS_AT_MOST: Final = 1000


def boot_id() -> str:
    """The name of the time since the machine was started."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


class Journal:
    """The journal of a living sender."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._boot = boot_id()
        self._flying: set[int] = set()
        self._words: dict[str, int] = {}
        self.position = 0
        self._begin()

    def begun(self, delivery_id: int) -> None:
        """From here on the outcome of this delivery may be in doubt."""
        self._flying.add(delivery_id)
        self.position += os.write(self._file, RECORD.pack(b"B", 0, 0, 0, delivery_id))

    def answered(self, delivery_id: int, answer: Answer) -> None:
        """This is what became of it."""
        words = self._words.get(answer.text)
        if words is None:
            words = self._write_words(answer.text)
        code = -1 if answer.code is None else answer.code
        self.position += os.write(self._file, RECORD.pack(b"A", STAGE_NUMBERS[answer.stage], code, words, delivery_id))
        self._flying.discard(delivery_id)

    def recorded(self) -> None:
        """All answers so far are in the ledger, for good: begin a new file when this one has grown long."""
        if self.position - self._base > ROTATE_AT:
            os.close(self._file)
            self._begin()

    def close(self) -> None:
        """Let go of the file; it stays."""
        os.close(self._file)

    def _begin(self) -> None:
        """A file that starts with those in flight, put in the place of the one before in one step."""
        draft = self._path.with_suffix(".draft")
        head = HEAD.pack(MAGIC, self.position) + self._boot.encode()[:BOOT_SIZE].ljust(BOOT_SIZE)
        flying = b"".join(RECORD.pack(b"B", 0, 0, 0, number) for number in self._flying)
        draft.write_bytes(head + flying)
        self._file = os.open(draft, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        self._words.clear()
        self._base = self.position
        self.position += len(flying)
        draft.replace(self._path)

    def _write_words(self, text: str) -> int:
        if len(self._words) >= WORDS_AT_MOST:
            self._words.clear()
        encoded = text.encode()
        self._words[text] = number = self.position & 0xFFFFFFFF
        record = RECORD.pack(b"W", 0, 0, number, len(encoded)) + encoded
        self.position += os.write(self._file, record)
        return number


@dataclass(slots=True)
class Trace:
    """What a dead sender left: the answers that are not in the ledger yet, and who is in doubt."""

    answers: dict[int, Answer] = field(default_factory=dict)
    doubted: list[int] = field(default_factory=list)
    same_boot: bool = False


def read(path: Path, recorded_to: int) -> Trace:
    """Read what a dead sender wrote; its answers up to byte ``recorded_to`` are in the ledger.

    A record that is cut off was being written when the sender died: what it would have said did not happen yet.
    Raises FileNotFoundError, or ValueError if this is no journal.
    """
    data = path.read_bytes()
    if len(data) < START or not data.startswith(MAGIC):
        raise ValueError(f"{path.name} is not the journal of a sender.")
    trace = Trace(same_boot=data[HEAD.size : START].decode("ascii", "replace").strip() == boot_id())
    _, base = HEAD.unpack_from(data)
    flying: dict[int, None] = {}
    words: dict[int, str] = {}
    at = START
    while at + RECORD.size <= len(data):
        kind, stage, code, word, number = RECORD.unpack_from(data, at)
        at += RECORD.size
        if kind == b"B":
            flying[number] = None
        elif kind == b"W":
            words[word] = data[at : at + number].decode("utf-8", "replace")
            at += number
        else:
            flying.pop(number, None)
            if base + at - START > recorded_to:
                trace.answers[number] = Answer(STAGES[stage], None if code < 0 else code, words.get(word, ""))
    trace.doubted = list(flying)
    return trace
