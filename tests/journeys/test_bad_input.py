"""Whatever is sent with whichever form: the answer says at the field what to do, and keeps what was written."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support import furnished
from tests.support.dump import differences
from tests.support.filling import Answer, Filling, fillings

# Sent empty, these say something all the same.
MAY_BE_EMPTY = {
    "/newsletter/einstellungen/<token>": "without any tick the person has left",
    "/newsletter/meine-daten/<token>/loeschen": "never to write again is a wish of its own",
    "/redaktion/abonnements/<number>/loeschen": "the same, by phone or letter",
    "/redaktion/abonnements/export": "without a filter everything is exported",
    "/redaktion/beitraege/<number>": "an answer is a courtesy",
    "/redaktion/meldungen/<number>/freigeben": "the moment is ticked before: at once",
    "/redaktion/meldungen/<number>/terminieren": "the moment is ticked before",
    "/redaktion/termine/<number>/absagen": "a reason is a courtesy",
}

# Views of buttons: nothing is filled in.
BUTTONS = {
    "accounts.sign_out",
    *(f"accounts_desk.{verb}" for verb in ("activate", "deactivate", "invite_again")),
    *(f"announcements_desk.{verb}" for verb in ("discard", "recall", "submit")),
    *(f"delivery_desk.{verb}" for verb in ("release", "send_again", "send_all_again")),
    "events_desk.discard",
    *(f"newsletter_desk.{verb}" for verb in ("approve", "cancel", "cancel_sending", "hold")),
    *(f"newsletter_desk.{verb}" for verb in ("reset_welcome", "resume")),
    *(f"newsletter_desk.{verb}" for verb in ("send_now", "send_test", "submit")),
    *(f"subscriptions.{verb}" for verb in ("confirm", "keep", "leave", "move", "my_data_request", "undo")),
    *(f"subscriptions_desk.{verb}" for verb in ("discard", "take_over")),
    *(f"syndication_desk.{verb}" for verb in ("renew", "retry", "test")),
}

# Forms that are seen only after a step, and are walked where that step is told.
SEEN_LATER = {
    "subscriptions.say_why",  # who has just left: tests/subscriptions/test_undo.py
    "subscriptions_desk.one_import",  # a file that was just handed in: tests/subscriptions/test_import_desk.py
}


@pytest.fixture
def house(databases_of: Callable[[str], Any], make_app: Callable[..., Any]) -> Iterator[furnished.House]:
    """The demo with one of everything, in every state in which it asks for something; as often anew as needed."""
    kind = databases_of("sqlite")
    urls: list[str] = []

    def fresh() -> Any:
        urls.append(kind.fresh("furnished", furnished.build))
        return make_app(urls[-1])

    yield furnished.House(fresh)
    for url in urls:
        kind.drop(url)


def test_nonsense_in_any_form_is_answered_at_the_field_and_everything_written_is_kept(house: furnished.House) -> None:
    asked = house.forms()
    before = house.dump()
    found = {}
    for filling in asked:
        answer = house.send(filling, filling.nonsense())
        found[filling.name] = _faults(answer.status_code, answer.text, filling)
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert differences(before, house.dump()) == []
    assert house.posted_to() - {house.endpoint(filling) for filling in asked} == BUTTONS | SEEN_LATER


def test_any_form_sent_empty_says_what_is_missing_unless_it_may_be_empty(house: furnished.House) -> None:
    accepted, found = set(), {}
    for filling in house.forms():
        answer = house.send(filling, filling.empty())
        if answer.status_code in (302, 303) or "attachment" in answer.headers.get("Content-Disposition", ""):
            accepted.add(furnished.numberless(filling.name))
            house.renew()
        elif faults := _faults(answer.status_code, answer.text, filling, kept=False):
            found[filling.name] = faults
    assert found == {}
    assert accepted == set(MAY_BE_EMPTY)


def test_advice_that_is_tied_to_no_field_is_caught(house: furnished.House) -> None:
    [barrier] = [filling for filling in house.forms() if filling.name == "/barriere-melden"]
    answer = house.send(barrier, barrier.nonsense())
    html = answer.text.replace("aria-invalid", "data-x").replace("Bitte kürzen Sie", "Zu lang:").replace("xxx", "x", 1)
    found = _faults(answer.status_code, html, barrier)
    assert [fault for fault in found if "what" in fault] == [
        "no advice: what-error Fehler: Zu lang: auf höchstens 4000 Zeichen.",
        "not tied to its field: what-error",
    ]
    assert [fault for fault in found if fault.startswith("lost")] == ["lost: where"]


def test_what_is_stored_can_be_saved_as_it_stands(house: furnished.House) -> None:
    refused = []
    stored = ("/bearbeiten", "/einrichtung", "/willkommen")
    for filling in house.forms():
        if filling.page.endswith(stored):
            answer = house.send(filling, filling.as_it_stands())
            refused += [filling.name] if answer.status_code not in (302, 303) else []
    assert refused == []


def _faults(status: int, html: str, filling: Filling, *, kept: bool = True) -> list[str]:
    """What is wrong with this answer to bad input."""
    if status != 422:
        return [f"answers {status}"]
    said = Answer(html)
    faults = [f"no advice: {field} {text.strip()}" for field, text in said.messages.items() if "Bitte" not in text]
    faults += [f"not tied to its field: {field}" for field in said.messages if field not in said.marked]
    faults += ["no message at a field"] if not said.messages else []
    faults += ["no summary"] if "rb-error-summary" not in html else []
    return [*faults, *(_lost(html, filling) if kept else [])]


def _lost(html: str, filling: Filling) -> list[str]:
    same = [found for found in fillings(html, filling.page) if found.form.action == filling.form.action]
    kept = [dict(found.form.fields) for found in same if found.kinds.keys() == filling.kinds.keys()]
    if not kept:
        return ["the form is gone"]
    sent = dict(filling.nonsense())
    return [f"lost: {name}" for name in filling.written if kept[0].get(name, "").strip() != sent[name]]
