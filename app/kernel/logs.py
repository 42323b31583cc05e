"""What the processes log: one line per event on stderr, and nobody's address in it."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

# Local part, at sign, domain (RFC 5321, 6531), quoted-printable or in angle brackets: whatever looks like an address.
ADDRESS: Final = re.compile(r"[^\s<>\"'(),:;@\[\]=]{1,64}(?:@|%40|=40)[^\s<>\"'(),:;@\[\]/?&]{1,253}")


def without_addresses(text: str) -> str:
    """The text with every address replaced by its domain: ``…@stadt.example``."""
    return ADDRESS.sub(lambda found: "…@" + re.split("@|%40|=40", found[0])[-1], text)


def mask_addresses(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: takes the addresses out of everything that an event says, its traceback included."""
    return {name: _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return without_addresses(value)
    if isinstance(value, dict):
        return {_masked(name): _masked(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(one) for one in value]
    return value if isinstance(value, int | float | bool | None) else without_addresses(str(value))


def formatter() -> logging.Formatter:
    """How records of any logger are written: time, level, logger, event, then what else is known of it."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            mask_addresses,
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0),
        ],
    )


def install() -> None:
    """Write all logs of this process so; called once, by whoever starts it. A second time changes nothing."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(formatter())
        root.addHandler(handler)
