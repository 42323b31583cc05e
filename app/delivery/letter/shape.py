"""What goes into a stencil, and what comes out."""

from typing import NamedTuple, Protocol


class Letter(NamedTuple):
    """What goes over the wire.

    ``sender`` and ``recipient`` are the envelope, without angle brackets; ``content`` ends with the final dot, its
    lines end with CRLF and leading dots are doubled (RFC 5321, 4.5.2); ``size`` is what SIZE wants to know (RFC 1870);
    ``utf8``: the dialogue needs SMTPUTF8 (RFC 6531); ``envid`` names the delivery (RFC 3461, 4.4).
    """

    sender: bytes
    recipient: bytes
    content: bytes
    size: int
    utf8: bool
    envid: bytes


class Recipient(Protocol):
    """What a stencil wants to know of one delivery."""

    @property
    def id(self) -> int: ...
    @property
    def address(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def subject_id(self) -> int | None: ...
    @property
    def generation(self) -> int: ...
