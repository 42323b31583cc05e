"""The whole story of one who listens, through HTTP, jobs and real SMTP: join, be greeted, be scanned, leave."""

import re
from typing import Any

import pytest

from app import delivery
from tests.architecture.routes import addresses_in, side_effects
from tests.subscriptions.story import OZG, found_newsletters, link_in, sign_up, states
from tests.support.client import Visitor
from tests.support.house import PUBLIC_URL, HeldClock
from tests.support.smtp import SmtpSink

KLARA = "klara.muster@stadt.example"


@pytest.fixture
def letters(saxony: Any, client: Visitor, clock: HeldClock, smtp: SmtpSink, work: Any) -> list[Any]:
    """What reached somebody who signed up and confirmed: the question and the welcome."""
    found_newsletters(saxony)
    sign_up(client, clock, KLARA)
    work()
    [asked] = smtp.to(KLARA)
    client.submit(link_in(asked.body(), "bestaetigen"))
    work()
    return smtp.to(KLARA)


def test_who_joins_is_greeted_once_and_leaves_by_the_header_of_the_welcome(
    saxony: Any, client: Visitor, letters: list[Any], smtp: SmtpSink, work: Any
) -> None:
    asked, welcome = letters
    assert asked.raw_header("List-Unsubscribe") is None
    assert welcome.raw_header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    header = welcome.raw_header("List-Unsubscribe")
    found = re.search(rf"<{re.escape(PUBLIC_URL)}(/newsletter/abmelden/[^>\s]+)>", header)
    assert found, header
    program = saxony.test_client(use_cookies=False)
    assert program.post(found.group(1), data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert states(saxony, KLARA) == {OZG: "withdrawn"}
    work()
    assert len(smtp.to(KLARA)) == 2
    with saxony.app_context():
        assert [str(mail.state) for mail in delivery.of_address(KLARA)] == ["accepted", "accepted"]


def test_a_scanner_that_opens_every_link_of_every_mail_changes_nothing(saxony: Any, letters: list[Any]) -> None:
    headers = [mail.raw_header("List-Unsubscribe") or "" for mail in letters]
    texts = [mail.body(form) for mail in letters for form in ("plain", "html")] + headers
    paths = {path for text in texts for path in addresses_in(text, PUBLIC_URL)}
    kinds = {path.split("/")[2] for path in paths if path.startswith("/newsletter/") and path.count("/") == 3}
    assert {"bestaetigen", "abmelden", "einstellungen"} <= kinds
    assert side_effects(saxony, paths) == []
    assert states(saxony, KLARA) == {OZG: "active"}
