"""What the table of rights says is what happens, for each request of the desk and whoever sends it."""

import re
from typing import Any

import pytest

from tests.architecture.rights import LETTERS, rights
from tests.support import team

PLACE = re.compile(r"<(?:\w+:)?\w+>")
SIGN_OUT = "/redaktion/abmelden"  # comes last: it ends the session that asks


def _at_the_desk(app: Any) -> set[tuple[str, str]]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/redaktion")]
    guarded = [rule for rule in rules if getattr(app.view_functions[rule.endpoint], "guard", "") != "public"]
    return {(method, rule.rule) for rule in guarded for method in rule.methods & {"GET", "POST"}}


def test_the_table_names_every_request_of_the_desk(saxony_on_sqlite: Any) -> None:
    assert set(rights()) == _at_the_desk(saxony_on_sqlite)


@pytest.mark.parametrize("role", ["editor", "approver", "admin"])
def test_each_request_is_refused_to_whom_the_table_does_not_name(saxony_on_sqlite: Any, role: str) -> None:
    client = team.signed_in(saxony_on_sqlite, role)
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/barriere-melden").text)[0]
    found = {}
    for (method, rule), who in sorted(rights().items(), key=lambda pair: pair[0][1] == SIGN_OUT):
        data = {"csrf_token": token} if method == "POST" else None
        answer = client.open(PLACE.sub("1", rule), method=method, data=data)
        if (answer.status_code == 403) == (LETTERS[role] in who):
            found[method, rule] = answer.status_code
    assert found == {}


def test_strangers_are_led_to_the_sign_in_by_every_request_of_the_desk(saxony_on_sqlite: Any) -> None:
    client = saxony_on_sqlite.test_client()
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/barriere-melden").text)[0]
    for method, rule in rights():
        data = {"csrf_token": token} if method == "POST" else None
        answer = client.open(PLACE.sub("1", rule), method=method, data=data)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/redaktion/anmelden"), rule


def test_no_request_of_the_desk_changes_anything_without_a_token_of_its_form(saxony_on_sqlite: Any) -> None:
    client = team.signed_in(saxony_on_sqlite, *LETTERS)
    posts = [rule for method, rule in rights() if method == "POST"]
    assert {rule: client.post(PLACE.sub("1", rule)).status_code for rule in posts} == dict.fromkeys(posts, 400)
