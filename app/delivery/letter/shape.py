"""What a stencil wants to know of a delivery."""

from typing import Protocol


class Recipient(Protocol):
    """One delivery: its number, whom it is for, and what their links are derived from."""

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
