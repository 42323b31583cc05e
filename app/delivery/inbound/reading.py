"""What a mail that came back to us says, once it is read."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.kernel.tokens import Derived


class Kind(StrEnum):
    """What sort of mail it is. ``unknown`` is never thrown away."""

    DSN = "dsn"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    UNSUBSCRIBE = "unsubscribe"
    REPLY = "reply"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Why a mail did not arrive. Only ``hard`` speaks against the address at once; policy and message are about us."""

    HARD = "hard"
    FULL = "full"
    SOFT = "soft"
    MESSAGE = "message"
    POLICY = "policy"
    FORWARDED = "forwarded"
    DELAYED = "delayed"
    DELIVERED = "delivered"


class Proof(StrEnum):
    """By what the delivery was recognised, the strongest first.

    ``verp`` and ``envid`` carry a token that stands in the envelope only. ``link`` stands in the text, so that whoever
    was forwarded the mail has it, too: it may do what the link itself may do. ``message_id`` is known to every
    recipient of the issue, and ``address`` to everybody: these two never lead to anything but an entry.
    """

    VERP = "verp"
    ENVID = "envid"
    LINK = "link"
    MESSAGE_ID = "message_id"
    ADDRESS = "address"
    NONE = "none"

    @property
    def is_authentic(self) -> bool:
        """Whether nobody who was only shown the mail can have known it."""
        return self in (Proof.VERP, Proof.ENVID)


@dataclass(frozen=True, slots=True)
class Who:
    """Which delivery the mail speaks of, as far as the mail itself can say.

    ``delivery_id`` comes from a token or from our Message-ID, whose random part is ``reference``; ``link`` is the
    unsubscribe token of the returned mail; ``recipient`` is the address that failed, ``original`` the one that was
    written to, as the report names them.
    """

    proof: Proof = Proof.NONE
    delivery_id: int | None = None
    reference: str = ""
    link: Derived | None = None
    recipient: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail, read. ``status`` is an enhanced code (RFC 3463), ``text`` what the other side said, 500 characters.

    ``sender`` is what From claims, and proves nothing. ``token`` is a valid unsubscribe token that was sent to us on
    purpose. ``automatic``: no person wrote it, so that no mail of ours may answer it (RFC 3834). ``ours``: it is a mail
    of ours that came round. ``cut``: it was longer than we read.
    """

    kind: Kind
    cause: Cause | None = None
    code: int | None = None
    status: str = ""
    text: str = ""
    who: Who = field(default_factory=Who)
    sender: str = ""
    sender_name: str = ""
    title: str = ""
    body: str = ""
    token: Derived | None = None
    automatic: bool = False
    ours: bool = False
    attachments: int = 0
    cut: bool = False
