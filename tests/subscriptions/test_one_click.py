"""One-click unsubscribing, case by case (RFC 8058, 3.1 and 3.2): what is sent, what is answered, what becomes of it."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from app import delivery, subscriptions
from app.kernel import mail
from app.kernel.db import db, transaction
from tests.subscriptions.story import OZG, found_newsletters, links_of, states, subscribe
from tests.support.client import Visitor
from tests.support.dump import differences, dump
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink

KLARA = "klara.muster@grosse-stadt.example"
URLENCODED = "application/x-www-form-urlencoded"
PART = 'Content-Disposition: form-data; name="List-Unsubscribe"'


@dataclass(frozen=True)
class Case:
    """A request as a mail program, a scanner or a forger sends it, and what has to come of it."""

    name: str
    method: str = "POST"
    path: str = "{link}"
    body: bytes = b"List-Unsubscribe=One-Click"
    kind: str | None = URLENCODED
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    leaves: bool = True


def _multipart(boundary: str, part: str = PART, value: str = "One-Click") -> bytes:
    return f"--{boundary}\r\n{part}\r\n\r\n{value}\r\n--{boundary}--\r\n".encode()


def _not(name: str, status: int, **values: Any) -> Case:
    return Case(name, status=status, leaves=False, **values)


GMAIL = {"User-Agent": "Gmail-UnsubscribeBot", "Content-Length": "26"}
CASES = [
    Case("urlencoded"),
    Case("urlencoded with a charset", kind=f"{URLENCODED}; charset=UTF-8"),
    Case("urlencoded as Gmail sends it", headers=GMAIL),
    Case("urlencoded with a line end", body=b"List-Unsubscribe=One-Click\r\n"),
    Case("urlencoded with a trailing space", body=b"List-Unsubscribe=One-Click%20"),
    Case("multipart", body=_multipart("x"), kind="multipart/form-data; boundary=x"),
    Case(
        "multipart with a quoted boundary and the type of the part",
        body=_multipart("a b", f"{PART}\r\nContent-Type: text/plain; charset=utf-8"),
        kind='multipart/form-data; boundary="a b"',
    ),
    Case("a foreign origin", headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}),
    Case("a sandboxed origin", headers={"Origin": "null"}),
    Case("a foreign referrer", headers={"Referer": "https://mail.example/inbox"}),
    Case("somebody else's cookie", headers={"Cookie": "session=forged; lang=en"}),
    Case("another language", headers={"Accept-Language": "fr"}),
    Case("another host", headers={"Host": "elsewhere.example"}),
    Case("behind plain http", headers={"X-Forwarded-Proto": "http", "X-Forwarded-Host": "elsewhere.example"}),
    Case("capital letters in the address", path="{upper}"),
    Case("a trailing space in the address", path="{link}%20"),
    Case("further fields", body=b"List-Unsubscribe=One-Click&utm_source=mail"),
    Case("the field twice", body=b"List-Unsubscribe=One-Click&List-Unsubscribe=One-Click"),
    _not("no body", 400, body=b"", kind=None),
    _not("an empty form", 400, body=b""),
    _not("another value", 400, body=b"List-Unsubscribe=Two-Clicks"),
    _not("another case of the value", 400, body=b"List-Unsubscribe=one-click"),
    _not("another field", 400, body=b"leave=1"),
    _not("json", 400, body=b'{"List-Unsubscribe":"One-Click"}', kind="application/json"),
    _not("plain text", 400, kind="text/plain"),
    _not("the field in the address only", 400, path="{link}?List-Unsubscribe=One-Click", body=b""),
    _not("broken multipart", 400, body=b"--y\r\n", kind="multipart/form-data; boundary=x"),
    _not("multipart without a boundary", 400, body=_multipart("x"), kind="multipart/form-data"),
    _not("GET", 200, method="GET", body=b"", kind=None),
    _not("GET with the body of a click", 200, method="GET"),
    _not(
        "GET that prefetches", 200, method="GET", body=b"", headers={"Sec-Purpose": "prefetch", "Purpose": "prefetch"}
    ),
    _not("HEAD", 200, method="HEAD", body=b"", kind=None),
    _not("OPTIONS", 200, method="OPTIONS", body=b"", kind=None),
    _not("PUT", 405, method="PUT"),
    _not("DELETE", 405, method="DELETE"),
    _not("an unknown token", 404, path="/newsletter/abmelden/1-1-abcdefghijklmnopqrstuvwx"),
    _not("no token of ours", 404, path="/newsletter/abmelden/unbekannt"),
    _not("a token with one letter changed", 404, path="{tampered}"),
    _not("a token that is cut off", 404, path="{cut}"),
    _not("a token of another subscription", 404, path="{other}"),
    _not("a token of another purpose", 404, path="{preferences}"),
    _not("a slash at the end", 404, path="{link}/"),
]


@pytest.fixture
def links(saxony: Any, client: Visitor, clock: HeldClock) -> dict[str, str]:
    """The addresses of the table, for one who has confirmed."""
    found_newsletters(saxony)
    subscribe(saxony, client, clock, KLARA)
    link, preferences = links_of(saxony, KLARA)
    front, _, token = link.rpartition("/")
    number, generation, mac = token.split("-")
    changed = "b" if mac[-1] != "b" else "c"
    return {
        "link": link,
        "upper": f"{front}/{token.upper()}",
        "tampered": f"{link[:-1]}{changed}",
        "cut": link[:-1],
        "other": f"{front}/{int(number) + 1}-{generation}-{mac}",
        "preferences": f"{front}/{preferences.rpartition('/')[2]}",
    }


def _send(app: Any, case: Case, links: dict[str, str]) -> Any:
    program = app.test_client(use_cookies=False)
    path = case.path.format(**links)
    return program.open(path, method=case.method, data=case.body, content_type=case.kind, headers=case.headers)


@pytest.mark.parametrize("case", [case for case in CASES if case.leaves], ids=lambda case: case.name)
def test_a_click_is_heard_however_it_is_sent(saxony: Any, links: dict[str, str], case: Case) -> None:
    answer = _send(saxony, case, links)
    assert answer.status_code == case.status
    assert (answer.location, answer.headers.get("Set-Cookie")) == (None, None)
    assert states(saxony, KLARA) == {OZG: "withdrawn"}


def test_what_is_no_click_changes_no_row(saxony: Any, links: dict[str, str]) -> None:
    with saxony.app_context():
        before = dump(db.engine)
    for case in (case for case in CASES if not case.leaves):
        answer = _send(saxony, case, links)
        got = (answer.status_code, answer.location, answer.headers.get("Set-Cookie"))
        assert got == (case.status, None, None), case.name
        assert states(saxony, KLARA) == {OZG: "active"}, case.name
    with saxony.app_context():
        assert differences(before, dump(db.engine)) == []


def test_a_hundred_clicks_from_one_network_are_all_answered(saxony: Any, links: dict[str, str]) -> None:
    program = saxony.test_client(use_cookies=False)
    answers = [
        program.post(links["link"], data={"List-Unsubscribe": "One-Click"}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
        for _ in range(100)
    ]
    assert {answer.status_code for answer in answers} == {200}


def test_what_waits_for_the_person_is_skipped_and_the_ledger_says_so(
    saxony: Any, links: dict[str, str], client: Visitor, clock: HeldClock, smtp: SmtpSink, work: Any
) -> None:
    other = "otto.muster@stadt.example"
    subscribe(saxony, client, clock, other)
    work()
    smtp.received.clear()
    with saxony.app_context(), transaction():
        newsletter = subscriptions.find_newsletter(OZG)
        assert newsletter is not None
        message = delivery.freeze("issue:1", "issue", mail.Mail("Ausgabe 1", "Text\n", "<p>Text</p>"))
        assert delivery.prepare(message, subscriptions.audience(newsletter.id)) == 2
    assert _send(saxony, CASES[0], links).status_code == 200
    work()
    assert [received.recipients for received in smtp.received] == [[other]]
    with saxony.app_context():
        owed = delivery.find("issue:1", KLARA)
        assert owed is not None
        assert (owed.state, owed.reason) == ("skipped", "unsubscribed")
        done = delivery.progress("issue:1")
        assert (done.prepared, done.accepted, done.skipped, done.open, done.balances) == (2, 1, 1, 0, True)
