"""What each app of the tests would work out anew though it never changes, done once or cheaply."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.routing import Rule


@contextmanager
def routes_compiled_once() -> Iterator[None]:
    """Werkzeug compiles two functions for each address of each app; they depend on what stands in the rule alone."""
    compiled: dict[Any, Any] = {}
    compile_builder: Callable[..., Any] = Rule._compile_builder

    def remembering(rule: Rule, append_unknown: bool = True) -> Any:
        defaults = sorted((rule.defaults or {}).items())
        key = (tuple(rule._trace), tuple(rule._converters), repr(defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", remembering)
        yield


def hash_passwords_cheaply(app: Any) -> None:
    """Argon2id costs what it should in production; here it has nobody to keep out."""
    app.extensions["security"].pwd_context.update(argon2__memory_cost=64, argon2__time_cost=1)
