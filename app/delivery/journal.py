"""What a sender writes down before and after each mail, in a file that survives its death.

``begun`` comes before the content goes on the wire, ``answered`` when the server has spoken: records of 16 bytes, in
the order of events, put into a file that is mapped into memory. What is answered is recorded in the ledger in batches;
if the sender dies before, its journal says the rest. What stands in mapped memory outlives kill -9, not a power
failure: whether the machine has been started anew since stands in the head of the file.
"""

import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from app.delivery.rules import Answer, Stage

# Delivery, words, code (-1: connection lost), stage, and last what it is: a record that was cut off is none.
RECORD: Final = struct.Struct("<QIhBc")
HEAD: Final = struct.Struct("<8sQ")  # name and version, at which byte of the whole journal this file begins
MAGIC: Final = b"RBJRNL02"
BOOT_SIZE: Final = 48
START: Final = HEAD.size + BOOT_SIZE
ROTATE_AT: Final = 1 << 20
ROOM: Final = 1 << 16  # octets of zeros that are there before they are needed: a full disk says so in time
STAGES: Final = tuple(Stage)
LARGEST: Final = (1 << 63) - 1  # number of a delivery that a database can have
STAGE_NUMBERS: Final = {stage: number for number, stage in enumerate(STAGES)}
WORDS_AT_MOST: Final = 1000
_put: Final = RECORD.pack_into


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
        self._begin(0)

    @property
    def position(self) -> int:
        """The end of the last record, in octets since this sender began."""
        return self._base + self._at - START

    def begun(self, delivery_id: int) -> None:
        """From here on the outcome of this delivery may be in doubt. Raises OSError when the disk is full."""
        self._flying.add(delivery_id)
        self._write(delivery_id, 0, 0, 0, b"B")

    def answered(self, delivery_id: int, answer: Answer) -> None:
        """This is what became of it."""
        stage, code, text = answer
        words = self._words.get(text)
        if words is None:
            words = self._write_words(text)
        self._write(delivery_id, words, -1 if code is None else code, STAGE_NUMBERS[stage], b"A")
        self._flying.discard(delivery_id)

    def recorded(self) -> None:
        """All answers so far are in the ledger, for good: begin a new file when this one has grown long."""
        if self._at > ROTATE_AT:
            base = self.position
            self._map.close()
            self._begin(base)

    def close(self) -> None:
        """Let go of the file; it stays."""
        self._map.close()

    def _begin(self, base: int) -> None:
        """A file that starts with those in flight, put in the place of the one before in one step."""
        draft = self._path.with_suffix(".draft")
        head = HEAD.pack(MAGIC, base) + self._boot.encode()[:BOOT_SIZE].ljust(BOOT_SIZE)
        flying = b"".join(RECORD.pack(number, 0, 0, 0, b"B") for number in self._flying)
        draft.write_bytes(head + flying)
        self._words.clear()
        self._base, self._at = base, START + len(flying)
        draft.replace(self._path)
        self._extend(self._at)

    def _write(self, *record: Any) -> None:
        at = self._at
        if at + RECORD.size > self._end:
            self._extend(at)
        _put(self._map, at, *record)
        self._at = at + RECORD.size

    def _write_words(self, text: str) -> int:
        """The words come before what says that they are there."""
        if len(self._words) >= WORDS_AT_MOST:
            self._words.clear()
        encoded = text.encode()
        self._words[text] = number = self.position & 0xFFFFFFFF
        words = self._at + RECORD.size
        while words + len(encoded) > self._end:
            self._extend(self._end)
        self._map[words : words + len(encoded)] = encoded
        self._write(len(encoded), number, 0, 0, b"W")
        self._at += len(encoded)
        return number

    def _extend(self, end: int) -> None:
        """Zeros behind this end of the file, and all of it mapped."""
        with self._path.open("r+b") as file:
            file.truncate(end)
            file.seek(end)
            file.write(bytes(ROOM))
            file.flush()
            self._map, self._end = mmap.mmap(file.fileno(), end + ROOM), end + ROOM


@dataclass(slots=True)
class Trace:
    """What a dead sender left: the answers that are not in the ledger yet, and who is in doubt."""

    answers: dict[int, Answer] = field(default_factory=dict)
    doubted: list[int] = field(default_factory=list)
    same_boot: bool = False


def read(path: Path, recorded_to: int) -> Trace:
    """Read what a dead sender wrote; its answers up to byte ``recorded_to`` are in the ledger.

    A record that is cut off was being written when the sender died: what it would have said did not happen yet.
    Raises FileNotFoundError, or ValueError if this is no journal, or a damaged one, of which nothing is believed.
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
        number, word, code, stage, kind = RECORD.unpack_from(data, at)
        at += RECORD.size
        if kind == b"B" and number <= LARGEST:
            flying[number] = None
        elif kind == b"W":
            words[word] = data[at : at + number].decode("utf-8", "replace")
            at += number
        elif kind == b"\0":
            break
        elif kind != b"A" or stage >= len(STAGES) or number > LARGEST:
            raise ValueError(f"{path.name} is damaged at byte {at}.")
        else:
            flying.pop(number, None)
            if base + at - START > recorded_to:
                trace.answers[number] = Answer(STAGES[stage], None if code < 0 else code, words.get(word, ""))
    trace.doubted = list(flying)
    return trace
