"""Libraries that take much and that few need: loaded when they are first used, not when the process starts.

The type checker sees them all the same:

    if TYPE_CHECKING:
        import typst
    else:
        typst = Later("typst")
"""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module; whoever asks it for anything has it loaded."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
