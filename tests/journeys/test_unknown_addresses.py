"""What does not exist, whoever asks and whatever for: a page that says what to do and leads on."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser import demo
from tests.support.team import sign_in

UNKNOWN = {"int": 987654, "default": "gibt-es-nicht", "string": "gibt-es-nicht", "path": "gibt/es/nicht"}
NOTHING_TO_LOOK_FOR = {"static"}


@pytest.fixture
def app(databases_of: Callable[[str], Any], make_app: Callable[..., Any]) -> Iterator[Any]:
    """The demo, with one of everything."""
    kind = databases_of("sqlite")
    url = kind.fresh("demo", demo.build)
    yield make_app(url)
    kind.drop(url)


def test_every_unknown_token_id_and_name_gets_a_page_that_helps(app: Any) -> None:
    visitor, found = sign_in(app, demo.ALL_ROLES), {}
    paths = [*_unknown(app), "/gibt-es-nicht", "/redaktion/gibt-es-nicht", "/newsletter/ausgaben/gibt-es-nicht"]
    for path in paths:
        answer = visitor.get(path)
        found[path] = _lacking(answer.status_code, answer.text)
    assert {path: lacks for path, lacks in found.items() if lacks} == {}
    assert len(paths) >= 30


def _unknown(app: Any) -> list[str]:
    """The address of every route with arguments, none of which names anything."""
    paths = []
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.arguments and rule.endpoint not in NOTHING_TO_LOOK_FOR:
            kinds = {
                name: kind or "default" for kind, name in re.findall(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", rule.rule)
            }
            with app.test_request_context():
                paths.append(app.url_for(rule.endpoint, **{name: UNKNOWN[kind] for name, kind in kinds.items()}))
    return sorted(set(paths))


def _lacking(status: int, html: str) -> list[str]:
    """What such a page should have, and has not."""
    main = html.partition("<main")[2].partition("</main>")[0]
    lacks = [] if status in (404, 410) else [f"answers {status}"]
    lacks += [] if len(re.findall(r"<h1", main)) == 1 else ["one title"]
    lacks += [] if "Bitte" in main else ["what to do"]
    lacks += [] if 'href="/' in main else ["a way on"]
    return lacks + (["no trace of Python"] if "Traceback" in html else [])
