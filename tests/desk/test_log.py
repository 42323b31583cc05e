"""The audit log speaks the reader's language, and is searched in it."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest

from app.desk import entries, words
from app.kernel import audit
from app.kernel.db import transaction
from app.participation.models import State
from tests.architecture.source import ROOT
from tests.support.client import Visitor
from tests.support.team import signed_in

SAID_BY_A_STATE = [(State.PUBLISHED.value, "contribution"), (State.REFUSED.value, "contribution")]


def _recorded() -> Iterator[tuple[str, str]]:
    """Verb and kind of subject of every ``audit.record`` in the product, where they are written out."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record":
                verb, subject = call.args[:2]
                kind = ast.unparse(subject).strip("f'\"").partition(":")[0]
                choices = [verb.body, verb.orelse] if isinstance(verb, ast.IfExp) else [verb]
                yield from ((c.value, kind) for c in choices if isinstance(c, ast.Constant))


def test_everything_that_is_recorded_has_words() -> None:
    recorded = [*_recorded(), *SAID_BY_A_STATE]
    assert len(recorded) > 50
    assert [(verb, kind) for verb, kind in recorded if words.key_of(verb, f"{kind}:1") not in words.VERBS] == []
    plain = [kind for verb, kind in recorded if "." not in verb]
    assert [kind for kind in plain if kind not in words.KINDS] == []


@pytest.fixture
def log(catalogue: Any) -> Any:
    """Some acts."""
    with catalogue.app_context(), transaction():
        audit.record("issue.drafted", "issue:1")
        audit.record("issue.drafted", "issue:12")
        audit.record("approval.approved", "issue:12")
        audit.record("event.drafted", "event:1")
        audit.record("released", "sending:issue:12")
        audit.record("refused", "path:/redaktion/konten")
        audit.record("refused", "contribution:4")
    return catalogue


def test_the_page_says_it_in_words(log: Any) -> None:
    admin = signed_in(log, "admin")
    page = admin.get("/redaktion/protokoll").text
    for said in (
        "Ausgabe 12",
        "freigegeben",
        "Versand Ausgabe 12",
        "fortgesetzt",
        "Seite /redaktion/konten",
        "Beitrag 4",
    ):
        assert said in page
    assert [raw for raw in ("issue.drafted", "approval.approved", "issue:12", ">released") if raw in page] == []
    english = admin.get("/redaktion/protokoll?lang=en").text
    assert [said for said in ("Issue 12", "approved", "access refused") if said not in english] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ausgabe 12", ["approval.approved issue:12", "issue.drafted issue:12"]),
        ("ausgabe 1", ["issue.drafted issue:1"]),
        ("issue:12", ["released sending:issue:12", "approval.approved issue:12", "issue.drafted issue:12"]),
        ("FREIGEGEBEN", ["approval.approved issue:12"]),
        ("verweigert", ["refused path:/redaktion/konten"]),
        ("Termin", ["event.drafted event:1"]),
        ("100 %", []),
    ],
)
def test_it_is_searched_in_words_and_by_number(log: Any, text: str, found: list[str]) -> None:
    with log.test_request_context("/?lang=de"):
        page = entries(text)
        assert [f"{entry.verb} {entry.subject}" for entry in page.entries if entry.actor_name == "system"] == found


def test_what_has_no_words_stands_as_it_is(client: Visitor) -> None:
    assert (words.act("did", "thing:1"), words.thing("thing:1")) == ("did", "thing:1")
