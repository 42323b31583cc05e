from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app import syndication
from app.kernel.db import db
from tests.support.client import Visitor
from tests.support.dump import differences, dump
from tests.support.receiver import Receiver
from tests.syndication.story import content, correct, dispatches, publish, slkt


@pytest.fixture
def page(saxony: Any, clock: Any, receiver: Receiver, work: Callable[[], int]) -> Iterator[str]:
    """The page on which a partner answers to the first revision."""
    with saxony.app_context():
        slkt(receiver.url)
        publish()
        work()
        yield f"/partner/{syndication.acknowledge_token(dispatches()[0].id)}"


def test_a_visit_of_the_partner_page_changes_nothing(page: str, client: Visitor) -> None:
    before = dump(db.engine)
    assert client.get(page).status_code == 200
    assert client.head(page).status_code == 200
    assert differences(before, dump(db.engine)) == []


def test_a_partner_says_that_they_took_it_over_and_where(page: str, client: Visitor) -> None:
    answer = client.submit(page, {"outcome": "taken", "link": "https://slkt.example/aktuelles/1"})
    assert answer.status_code == 200
    [dispatch] = dispatches()
    assert dispatch.state == "acknowledged"
    assert {name: dispatch.evidence[name] for name in ("taken", "link")} == {
        "taken": True,
        "link": "https://slkt.example/aktuelles/1",
    }


def test_a_partner_may_change_their_answer(page: str, client: Visitor) -> None:
    client.submit(page, {"outcome": "taken"})
    client.submit(page, {"outcome": "not_taken"})
    assert dispatches()[0].evidence["taken"] is False


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({}, "Bitte wählen Sie aus, ob Sie die Meldung übernommen haben."),
        (
            {"outcome": "taken", "link": "javascript:alert(1)"},
            "Bitte geben Sie die Adresse vollständig an, zum Beispiel https://www.beispiel.de.",
        ),
    ],
)
def test_an_answer_that_lacks_something_says_what(
    page: str, client: Visitor, values: dict[str, str], advice: str
) -> None:
    answer = client.submit(page, values)
    assert answer.status_code == 422
    assert advice in answer.text
    assert [dispatch.state for dispatch in dispatches()] == ["sent"]


def test_the_page_of_an_old_revision_says_that_there_is_a_newer_one(page: str, client: Visitor) -> None:
    correct(1, content("Neu gefasst"), "Der Titel war falsch.")
    assert "Es gibt eine neuere Fassung dieser Meldung." in client.get(page).text


@pytest.mark.parametrize("token", ["1-1-abc", "unsinn", "1-1-aaaaaaaaaaaaaaaaaaaaaaaa"])
def test_a_made_up_link_leads_nowhere(page: str, client: Visitor, token: str) -> None:
    assert client.get(f"/partner/{token}").status_code == 404
