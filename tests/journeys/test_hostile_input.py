"""Whatever is sent to any address, by whomever: never an error of ours, and always a page that helps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from app import events, participation, projects, syndication
from app.kernel import tokens
from app.kernel.db import session, transaction
from app.operations.demo.forms_in_html import HtmlForm, forms
from app.subscriptions import Subscription
from tests.events import telling
from tests.newsletter import story as issues
from tests.subscriptions import story as people
from tests.support import junk, team
from tests.support.client import Visitor
from tests.support.house import HeldClock, work
from tests.support.receiver import Receiver

ROLES = ((), ("editor",), ("approver",), ("admin",))
EVERYTHING = ("editor", "approver", "admin")
# Signing out would end the attack; readiness is asked about migrations, and says 503 on purpose.
LEFT_ALONE = {"/redaktion/abmelden", "/readyz"}
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass
class Attack:
    """Sends, and notes every answer that is an error of ours or does not help."""

    visitor: Visitor
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.visitor.get("/barriere-melden").text
        [self.token] = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[:1]

    def get(self, path: str) -> Any:
        """Ask for it."""
        return self._judged(self.visitor.get(path), f"GET {path}")

    def post(self, path: str, pairs: list[tuple[str, Any]], what: str) -> Any:
        """Send it as a form of ours would."""
        content = junk.body([("csrf_token", self.token), *pairs])
        answer = self.visitor.post(path, data=content, content_type="application/x-www-form-urlencoded")
        return self._judged(answer, f"POST {path} {what}")

    def _judged(self, answer: Any, what: str) -> Any:
        if answer.status_code >= 500 or (answer.status_code >= 400 and not _helps(answer)):
            self.found.append(f"{what[:160]}: {answer.status_code}")
        return answer


def _helps(answer: Any) -> bool:
    page = answer.text
    whole = answer.mimetype == "text/html" and "<h1" in page and '<html lang="' in page and 'href="/' in page
    return whole and "Traceback" not in page


@pytest.fixture
def inhabited(catalogue: Any, clock: HeldClock, receiver: Receiver) -> Any:
    """An installation in which every address leads somewhere."""
    app = catalogue
    for roles in ROLES[1:]:
        team.create_person(app, f"{roles[0]}@redaktion.example", roles)
    people.found_newsletters(app)
    with app.app_context():
        with transaction():
            syndication.add_channel("SSG", "mail_format", {"address": "redaktion@ssg.example", "prefix": "OZG"})
            syndication.add_channel("SLKT", "webhook", {"url": receiver.url})
        event_id = telling.say()
        with transaction():
            events.propose_change(events.get_any(event_id), telling.workshop(title="Neuer Titel"), telling.EDITOR)
            participation.contribute(_any_service(), participation.Words("comment", "Bitte zuerst."))
        issues.add_reader(1, issues.ANNA)
        issues.send_now(issues.draft(1))
        work(app)
        issues.draft(1)
    return app


def _any_service() -> int:
    return int(projects.find_services(projects.Wanted()).services[0].ozg_id)


def _routes(app: Any, method: str) -> list[str]:
    rules = app.url_map.iter_rules()
    return sorted(
        {rule.rule for rule in rules if method in rule.methods and "static" not in rule.endpoint} - LEFT_ALONE
    )


def _real(app: Any, rule: str) -> Iterator[str]:
    """The address with ids and tokens that lead somewhere."""
    known = {"slug": "ozg-newsletter", "code": "de", "key": "14625", "number": "0", "group": "issue:1"}
    if "termine" in rule:
        known["slug"] = "regionalworkshop-bautzen"
    if "ausgaben" in rule:
        known["slug"] = "ozg-newsletter-1-2026"
    if "ozg_id" in rule:
        with app.app_context():
            known["ozg_id"] = str(_any_service())
    purposes = {"abmelden": "unsubscribe", "einstellungen": "preferences", "partner": "partner"}
    purpose = next((purpose for word, purpose in purposes.items() if word in rule), "other")
    for id_ in ("1", "2"):
        with app.app_context():
            taken = session.get(Subscription, int(id_))
            links = purpose in ("unsubscribe", "preferences") and taken is not None
            known["token"] = tokens.derive(purpose, int(id_), taken.generation if taken and links else 1)
        yield PLACE.sub(lambda place: known.get(place[1], id_), rule)  # noqa: B023


def test_no_address_whatever_stands_in_it_is_answered_with_an_error_of_ours(inhabited: Any) -> None:
    attack = Attack(team.signed_in(inhabited, *EVERYTHING))
    for rule in [rule for rule in _routes(inhabited, "GET") if "<" in rule]:
        for part in junk.PARTS:
            attack.get(PLACE.sub(part, rule))
    assert attack.found == []


def test_nobody_gets_an_error_of_ours_by_opening_a_page_or_pressing_a_button(inhabited: Any) -> None:
    found = []
    for roles in ROLES:
        attack = Attack(team.sign_in(inhabited, f"{roles[0]}@redaktion.example") if roles else inhabited.test_client())
        for rule in _routes(inhabited, "GET"):
            attack.get(next(_real(inhabited, rule)))
        for rule in _routes(inhabited, "POST"):
            attack.post(next(_real(inhabited, rule)), [], f"nothing, as {roles}")
        found += attack.found
    assert found == []


def test_no_query_is_answered_with_an_error_of_ours(inhabited: Any) -> None:
    attack = Attack(team.signed_in(inhabited, *EVERYTHING))
    for rule in _routes(inhabited, "GET"):
        path = next(_real(inhabited, rule))
        for value in junk.QUERIES:
            attack.get(f"{path}?{junk.query(value)}")
    stranger = Attack(inhabited.test_client())
    for value in junk.QUERIES:
        stranger.get(f"/redaktion/anmelden?{junk.query(value)}")
    assert attack.found + stranger.found == []


def test_no_form_whatever_is_written_in_it_is_answered_with_an_error_of_ours(inhabited: Any) -> None:
    attack = Attack(team.signed_in(inhabited, *EVERYTHING))
    for rule in _routes(inhabited, "POST"):
        path = list(_real(inhabited, rule))["ausgaben" in rule]  # the second issue is the one that can be written
        page = attack.visitor.get(path)
        names = junk.fields_of(page.text) if page.status_code == 200 else []
        _fill_all(attack, path, names)
    assert attack.found == []


def _fill_all(attack: Attack, path: str, names: list[str]) -> None:
    """All fields at once with each piece of junk, then the documents, and bytes that are no text."""
    for word in junk.WORDS if names else []:
        attack.post(path, [(name, word) for name in names], repr(word[:20]))
    rich = [name for name in names if name.endswith("_json")]
    for document in junk.DOCUMENTS if rich else []:
        attack.post(path, [(rich[0], document)], document[:20])
    attack.post(path, [(name, b"\xff\xfe\xed\xa0\x80") for name in names], "no UTF-8")


def test_one_odd_value_in_a_form_that_is_else_in_order_is_not_answered_with_an_error_of_ours(inhabited: Any) -> None:
    attack = Attack(team.signed_in(inhabited, *EVERYTHING))
    for rule in _routes(inhabited, "POST"):
        path = next(_real(inhabited, rule))
        page = attack.visitor.get(path)
        for form in forms(page.text, path) if page.status_code == 200 else []:
            if form.action == path:
                _spoil(attack, form)
    assert attack.found == []


def _spoil(attack: Attack, form: HtmlForm) -> None:
    for name in sorted(form.names - {"csrf_token"}):
        for word in junk.SINGLE:
            pairs = [pair for pair in form.filled({name: word}) if pair[0] != "csrf_token"]
            attack.post(form.action, pairs, f"{name}={word[:20]!r}")


def test_fields_with_names_that_no_page_has_are_not_answered_with_an_error_of_ours(inhabited: Any) -> None:
    attack = Attack(team.signed_in(inhabited, *EVERYTHING))
    for path in ("/redaktion/meldungen/neu", "/redaktion/ausgaben/2/bearbeiten", "/newsletter/anmelden"):
        for name in junk.NAMES:
            attack.post(path, [(name, "1")], f"name {name[:20]!r}")
        attack.post(path, [(f"links-{number}-url", "x") for number in range(2000)], "2000 fields")
        attack.post(path, [("topics", "amt24")] * 20_000, "20000 ticks")
        attack.post(path, [("title", "x" * 11_000_000)], "11 MB")
    assert attack.found == []
