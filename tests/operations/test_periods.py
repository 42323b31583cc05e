"""The desk and the privacy page say the same about what is kept how long; and what was erased, not who."""

from typing import Any

from app import wiring
from app.kernel import audit
from app.kernel.audit import AuditEntry
from app.kernel.db import session, transaction
from tests.subscriptions.story import found_newsletters, subscribe
from tests.support import team
from tests.support.client import Visitor
from tests.support.house import HeldClock, work


def test_the_desk_shows_the_periods_of_the_privacy_page(saxony: Any, client: Visitor) -> None:
    public, desk = client.get("/datenschutz").text, team.signed_in(saxony, "admin").get("/redaktion/fristen").text
    kinds = [kind for kind in wiring.PERSONAL_DATA if not kind.demo_only]
    assert [kind.name for kind in kinds if str(kind.period.sentence) not in public] == []
    assert [kind.name for kind in kinds if str(kind.period.sentence) not in desk] == []
    assert [kind.ended_by for kind in kinds if kind.ended_by and kind.ended_by.replace(".", ".<wbr>") not in desk] == []


def test_the_log_of_erasures_says_when_and_how_many_and_not_who(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    found_newsletters(saxony)
    subscribe(saxony, client, clock, "klara.muster@stadt.example")
    admin = team.signed_in(saxony, "admin")
    assert "Noch hat niemand eine Löschung gewünscht" in admin.get("/redaktion/fristen").text
    saxony.test_cli_runner().invoke(args=["subscribers", "forget", "klara.muster@stadt.example", "--yes"])
    page = admin.get("/redaktion/fristen").text
    assert ("auf dem Server" in page, "klara" in page.lower()) == (True, False)


def test_the_audit_log_ends_with_the_third_year_after_an_entry(saxony: Any, clock: HeldClock) -> None:
    for subject, days in (("thing:1", 3 * 365), ("thing:2", 0)):
        with saxony.app_context(), transaction():
            audit.record("noted", subject)
        clock.tick(days=days)
    work(saxony)
    assert noted(saxony) == ["thing:1", "thing:2"]
    clock.tick(days=60)
    work(saxony)
    assert noted(saxony) == ["thing:2"]


def noted(app: Any) -> list[str]:
    with app.app_context():
        return [entry.subject for entry in session.query(AuditEntry).filter_by(verb="noted")]
