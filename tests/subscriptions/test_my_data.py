"""Everybody can see, take along and erase what is kept about them; only a fresh mail to the address opens it."""

import csv
import io
import json
from typing import Any

import pytest

from app import delivery, participation, subscriptions
from app.kernel.db import db, session, transaction
from app.subscriptions.models import DataLink, Erasure
from tests.subscriptions.story import OZG, found_newsletters, link_in, links_of, mails_to, states, subscribe
from tests.support.client import Visitor
from tests.support.dump import dump
from tests.support.house import HeldClock, work

KLARA, OTTO = "klara.muster@stadt.example", "otto.muster@stadt.example"
ASK = "/newsletter/meine-daten"


@pytest.fixture(autouse=True)
def _newsletters(saxony: Any, clock: HeldClock) -> None:
    found_newsletters(saxony)


def ask(app: Any, client: Visitor, address: str = KLARA) -> str:
    """Ask by the address, open the mail: the path behind its link."""
    answer = client.submit(ASK, {"email": address})
    assert (answer.status_code, answer.location) == (303, f"{ASK}/gesendet")
    work(app)
    return link_in(mails_to(app, address)[-1][1], "meine-daten")


def test_from_the_preferences_a_button_sends_a_fresh_mail_and_shows_nothing(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA, name="Klara Muster")
    page = f"{links_of(saxony, KLARA)[1]}/meine-daten"
    shown = client.get(page).text
    assert [word for word in (KLARA, "Klara", "klara") if word in shown] == []
    assert client.submit(page).location == f"{ASK}/gesendet"
    work(saxony)
    assert mails_to(saxony, KLARA)[-1][0] == "Ihr Link zu Ihren Daten"


def test_the_link_shows_all_that_is_kept_and_lets_it_be_taken_along(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA, name="Klara Muster", organisation="Amt Musterstadt", regions=["14625"])
    link = ask(saxony, client)
    page = client.get(link)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    wanted = (KLARA, "Klara Muster", "Amt Musterstadt", "OZG-Newsletter", "Bautzen", "Mit „Newsletter abonnieren“")
    assert [word for word in wanted if word not in page.text] == []
    taken = client.get(f"{link}/daten.json")
    assert (taken.mimetype, taken.headers["Cache-Control"]) == ("application/json", "no-store")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="meine-daten.json"'
    assert [word for word in wanted if word not in taken.text.replace('\\"', '"')] == []
    assert [kind["kind"] for kind in json.loads(taken.text)["kept"]] == [
        "subscriptions.requests",
        "subscriptions.people",
        "subscriptions.declarations",
        "subscriptions.data_links",
        "delivery.ledger",
    ]
    table = list(csv.reader(io.StringIO(client.get(f"{link}/daten.csv").data.decode("utf-8-sig")), delimiter=";"))
    assert (table[0], {len(row) for row in table}) == (["Daten", "Eintrag", "Angabe", "Wert"], {4})
    assert "Klara Muster" in [row[3] for row in table]
    assert client.get(f"{link}/daten.xml").status_code == 404


def test_a_formula_in_a_name_does_not_compute_in_the_table(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, KLARA, name="=HYPERLINK(1)")
    table = client.get(f"{ask(saxony, client)}/daten.csv").data.decode("utf-8-sig")
    assert ";'=HYPERLINK(1)" in table
    assert ";=HYPERLINK" not in table


def test_the_button_erases_and_shows_before_what_goes_and_what_remains(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA, name="Klara Muster")
    subscribe(saxony, client, clock, OTTO)
    link = ask(saxony, client)
    page = client.get(f"{link}/loeschen").text
    assert [
        word for word in ("Das wird sofort gelöscht", "Das bleibt, und warum", "Löschprotokoll") if word not in page
    ] == []
    assert client.submit(f"{link}/loeschen").location == f"{ASK}/geloescht"
    assert client.get(f"{ASK}/geloescht").status_code == 200
    assert client.get(link).status_code == 404
    with saxony.app_context():
        kept = repr(dump(db.engine)).lower()
        assert [word for word in (KLARA, "klara muster") if word in kept] == []
        [erasure] = session.query(Erasure).all()
        assert (erasure.by, erasure.actor_id, len(erasure.chains)) == ("person", None, 1)
        assert erasure.counts == {"subscriptions.people": 2, "subscriptions.data_links": 1, "delivery.ledger": 3}
        assert subscriptions.tampered() == {}
        assert delivery.is_suppressed(KLARA) is False
    assert states(saxony, OTTO) == {OZG: "active"}


def test_who_wants_no_mail_ever_again_is_remembered_by_a_keyed_hash_only(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA)
    client.submit(f"{ask(saxony, client)}/loeschen", {"never_again": "y"})
    with saxony.app_context():
        assert delivery.is_suppressed(KLARA)
        assert KLARA not in repr(dump(db.engine)).lower()


def test_who_only_wrote_a_contribution_gets_a_link_too(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    from app import projects

    with saxony.app_context(), transaction():
        projects.import_catalogue()
        participation.contribute(10244, participation.Words(kind="comment", body="Gut so.", email=KLARA))
    link = ask(saxony, client)
    assert "Gut so." in client.get(link).text


def test_strangers_get_the_same_answer_and_no_mail_and_nothing_of_them_stays(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA)
    answers = [client.submit(ASK, {"email": address}, follow=True).text for address in (KLARA, "fremd@stadt.example")]
    assert answers[0] == answers[1]
    work(saxony)
    assert mails_to(saxony, "fremd@stadt.example") == []
    with saxony.app_context():
        assert [link.address for link in session.query(DataLink)] == [KLARA]


def test_three_mails_a_day_are_the_most(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, KLARA)
    clock.tick(days=2)
    for _ in range(5):
        client.submit(ASK, {"email": KLARA.upper()})
        work(saxony)
    assert [subject for subject, _text in mails_to(saxony, KLARA)].count("Ihr Link zu Ihren Daten") == 3


def test_after_a_day_the_link_says_that_it_is_too_old_and_then_goes(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA)
    link = ask(saxony, client)
    clock.tick(hours=24)
    for path in (link, f"{link}/daten.json", f"{link}/loeschen"):
        page = client.get(path)
        assert (page.status_code, KLARA in page.text) == (410, False)
    assert client.post(f"{link}/loeschen").status_code in (400, 410)
    work(saxony)
    with saxony.app_context():
        assert session.query(DataLink).count() == 0
    assert states(saxony, KLARA) == {OZG: "active"}


def test_a_link_from_an_issue_neither_reads_nor_erases(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, KLARA)
    token = links_of(saxony, KLARA)[1].rpartition("/")[2]
    for path in (f"{ASK}/{token}", f"{ASK}/{token}/daten.json", f"{ASK}/{token}/loeschen"):
        assert client.get(path).status_code == 404


def test_a_wrong_address_says_what_to_do(saxony: Any, client: Visitor) -> None:
    page = client.submit(ASK, {"email": "keine-adresse"})
    assert (page.status_code, "im Format name@beispiel.de" in page.text) == (422, True)
