"""Decisions of the delivery: what an answer of the server means, when to try again, how fast we may go."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from zlib import crc32

from app.kernel.mail.addresses import ascii_domain

RETRIES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
RETRY_LATER: Final = timedelta(hours=2)
GIVE_UP_AFTER: Final = timedelta(hours=72)
REST: Final = timedelta(seconds=10)
REST_AT_MOST: Final = timedelta(minutes=5)
HELD_SECONDS: Final = 2.0  # a claim never holds more mails than leave within this time

# Enhanced codes (RFC 3463) that speak of the mailbox, at whatever stage they come.
MAILBOX: Final = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.7.13", "5.7.17", "5.7.18")
MAILBOX_FULL: Final = ("5.2.2",)
TOO_BIG: Final = "5.3.4"


class Stage(StrEnum):
    """Where in the dialogue (RFC 5321) an answer came or the connection was lost."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


class Verdict(StrEnum):
    """What an answer means for the delivery."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    POLICY = "policy"
    UNCERTAIN = "uncertain"


class Answer(NamedTuple):
    """What became of one try: the stage that decided, the server's code (None: the connection was lost) and text."""

    stage: Stage
    code: int | None
    text: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the server took the responsibility for the mail (RFC 5321, 6.1)."""
        return self.stage is Stage.DOT and self.code is not None and 200 <= self.code < 300

    @property
    def ends_connection(self) -> bool:
        """Whether nothing more can be sent over this connection."""
        return self.code is None or self.code == 421


class Claimed(NamedTuple):
    """What a sender holds of one delivery while it sends it; the moments in the seconds of the ledger."""

    id: int
    address: str
    name: str
    subject_id: int | None
    generation: int
    attempt: int
    doubts: int
    queued_at: int
    due_at: int = 0


def judge(answer: Answer) -> Verdict:
    """What this answer means.

    A lost connection after the final dot leaves the outcome open; before it, nothing was handed over. 4xx is for later.
    5xx speaks against the mailbox only at RCPT or with a code that says so; 5.7.x and refusals of sender, content or
    size (552 5.3.4, not the mailbox's quota) are about us, and never blame the address.
    """
    if answer.accepted:
        return Verdict.ACCEPTED
    if answer.code is None:
        return Verdict.UNCERTAIN if answer.stage is Stage.DOT else Verdict.DEFERRED
    enhanced = enhanced_code(answer.text)
    full = answer.code == 552 and enhanced != TOO_BIG
    if answer.code < 500 or full or enhanced in MAILBOX_FULL:
        return Verdict.DEFERRED
    if enhanced in MAILBOX:
        return Verdict.FAILED
    if enhanced.startswith("5.7.") or answer.stage is not Stage.RCPT:
        return Verdict.POLICY
    return Verdict.FAILED


def enhanced_code(text: str) -> str:
    """The enhanced status code (RFC 3463) at the start of a reply, such as ``5.1.1``; empty if there is none."""
    first = text.strip().partition(" ")[0]
    parts = first.split(".")
    return first if len(parts) == 3 and all(part.isdecimal() for part in parts) else ""


def is_quota(answer: Answer) -> bool:
    """Whether a limit is used up, the mailbox's or ours at the relay: that does not pass within minutes.

    A mail that is too big (5.3.4) is none: once it is let go on, it is tried soon.
    """
    text, enhanced = answer.text.lower(), enhanced_code(answer.text)
    return (answer.code in (452, 552) and enhanced != TOO_BIG) or enhanced[2:] in ("2.2", "3.1") or "quota" in text


def asks_to_slow_down(answer: Answer) -> bool:
    """Whether the server speaks about our pace, and not about this mail (421, 4.7.x)."""
    return answer.code == 421 or (answer.code is not None and enhanced_code(answer.text).startswith("4.7."))


def next_try(claimed: Claimed, answer: Answer, now: int) -> int | None:
    """When to try again after this answer, in the seconds of the ledger; None once 72 hours are over.

    1, 5, 15, 30, 60 minutes, then every 2 hours; after a quota refusal 2 hours at once. Each is moved by up to 20 %,
    by another part for each delivery, so that not all come back at the same second.
    """
    attempt = claimed.attempt + 1
    wait = RETRIES[attempt - 1] if attempt <= len(RETRIES) and not is_quota(answer) else RETRY_LATER
    due = now + int(wait.total_seconds() * jitter(claimed.id, attempt))
    return due if due <= claimed.queued_at + GIVE_UP_AFTER.total_seconds() else None


def jitter(delivery_id: int, attempt: int) -> float:
    """A factor between 0.8 and 1.2, always the same for this try of this delivery."""
    return 0.8 + 0.4 * (crc32(b"%d.%d" % (delivery_id, attempt)) % 1000) / 1000


def rest(failures: int) -> timedelta:
    """How long the transport rests after so many failures in a row: 10 s, doubled each time, 5 minutes at most."""
    doubled: int = 2 ** min(failures - 1, 10)
    return min(REST * doubled, REST_AT_MOST)


def capacity(rate: float) -> float:
    """How many mails may leave at once at this rate (mails per minute): those of 2 seconds, at least one."""
    return max(1.0, rate * HELD_SECONDS / 60)


def allowance(left: float, counted_at: datetime, now: datetime, rate: float) -> float:
    """How many mails the pace allows now, when ``left`` were allowed at ``counted_at``."""
    grown = left + max(0.0, (now - counted_at).total_seconds()) * rate / 60
    return min(capacity(rate), grown)


def address_key(address: str) -> str:
    """By what an address is recognised: lower case, the domain in ASCII (RFC 5891)."""
    local, _, domain = address.strip().lower().rpartition("@")
    try:
        return f"{local}@{ascii_domain(domain)}"
    except ValueError:
        return f"{local}@{domain}"
