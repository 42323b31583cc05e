"""What the team does for people: find them, end what they asked to end, ask those whose confirmation is old."""

import re
from datetime import date
from typing import Any

import pytest

from app import delivery, subscriptions
from app.kernel.db import session, transaction
from app.subscriptions import queries, services
from app.subscriptions.declarations import history
from app.subscriptions.district_map import shapes
from app.subscriptions.models import Channel, Subscription
from app.subscriptions.queries import find_by_key
from tests.subscriptions import lists
from tests.subscriptions.story import OZG, SAKD, found_newsletters, mails_to, states, subscribe
from tests.support import house
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.team import signed_in

DESK = "/redaktion/abonnements"
KLARA, OTTO = "klara@kamenz.example", "otto@goerlitz.example"


@pytest.fixture
def people(saxony: Any, client: Visitor, clock: HeldClock) -> Any:
    """Two who listen: one to a municipality, one to a Kreis and a topic."""
    found_newsletters(saxony)
    subscribe(saxony, client, clock, KLARA, regions=["14625"], name="Klara Müller", organisation="Amt Großröhrsdorf")
    subscribe(saxony, client, clock, OTTO, newsletters=[OZG, SAKD], regions=["14626"], topics=_topics(saxony)[:1])
    return saxony


def _topics(app: Any) -> list[str]:
    from app import taxonomy

    with app.app_context():
        return [topic.slug for topic in taxonomy.topics()]


@pytest.mark.parametrize("text", ["müller", "Mueller", "MULLER", "großröhrsdorf", "grossroehrsdorf", "amt", "klara@"])
def test_a_search_finds_people_with_and_without_umlauts(people: Any, text: str) -> None:
    with people.app_context():
        assert [row.subscriber.address for row in queries.subscriptions(queries.Filter(text)).rows] == [KLARA]


def test_a_search_finds_the_new_name_and_those_out_of_lists(people: Any) -> None:
    lists.take_over(people, lists.hand_in(people, lists.HEAD + "v@x.example;Jörg Süß;;;01.01.2025\n"))
    with people.app_context():
        with transaction():
            klara = find_by_key(KLARA)
            assert klara is not None
            klara.name = "Klara Böhm"
        found = [
            queries.subscriptions(queries.Filter(text)).total for text in ("boehm", "mueller", "jorg suss", "suess")
        ]
        assert found == [1, 0, 1, 1]


def test_regions_and_topics_narrow_the_list(people: Any) -> None:
    with people.app_context():
        for wanted, found in (
            (queries.Filter(region="14625"), [KLARA]),
            (queries.Filter(region="14626", newsletter=SAKD), [OTTO]),
            (queries.Filter(topic=_topics(people)[0], newsletter=OZG), [OTTO]),
            (queries.Filter(topic=_topics(people)[1]), []),
        ):
            assert [row.subscriber.address for row in queries.subscriptions(wanted).rows] == found


def test_the_map_says_what_the_table_says(people: Any) -> None:
    page = signed_in(people, "editor").get(DESK).text
    said = re.findall(r'fill-opacity="([\d.]+)"[^>]*><title>([^<]+): (\d+)</title>', page)
    assert sorted(line for line in said if line[2] != "0") == [
        ("0.18", "Bautzen (Landkreis)", "1"),
        ("0.36", "Görlitz (Landkreis)", "2"),
    ]
    assert (len(said), len(shapes())) == (13, 13)


def test_the_pages_ask_no_more_when_there_are_more_people(people: Any, client: Visitor, clock: HeldClock) -> None:
    desk = signed_in(people, "editor", "admin")
    pages = [DESK, f"{DESK}/1", f"{DESK}/sammelabmeldung", f"{DESK}/bericht", f"{DESK}/doppelte", f"{DESK}/rueckfragen"]
    before = [house.count_queries(desk, page) for page in pages]
    for number in range(4):
        subscribe(people, people.test_client(), clock, f"klara@amt{number}.example", name=f"Nr. {number}")
    assert [house.count_queries(desk, page) for page in pages] == before


def test_the_team_ends_what_somebody_asked_to_end_and_tells_them(people: Any, smtp: Any) -> None:
    desk = signed_in(people, "editor")
    path = f"{DESK}/2"
    assert desk.submit(path, action=f"{path}/abmelden").status_code == 422
    assert states(people, OTTO) == {OZG: "active", SAKD: "active"}
    answer = desk.submit(path, {"channel": "phone", "note": "Anruf am 24.11."}, action=f"{path}/abmelden", follow=True)
    assert ("2 Abonnements sind beendet." in answer.text, "Ihr Abonnement von" in answer.text) == (True, True)
    assert "am Telefon: Anruf am 24.11." in answer.text
    assert states(people, OTTO) == {OZG: "withdrawn", SAKD: "withdrawn"}
    with people.app_context():
        otto = find_by_key(OTTO)
        assert otto is not None
        said = history(otto)[-1].content
        assert said is not None
        assert (said["by"], said["channel"], said["note"]) == ("staff", "phone", "Anruf am 24.11.")
        assert subscriptions.tampered() == {}
    house.work(people)
    assert [mail.subject for mail in smtp.to(OTTO)][-1] == "Ihr Abonnement von „SAKD-aktuell“ ist beendet"
    assert signed_in(people, "approver").post(f"{path}/abmelden").status_code in (400, 403)


def test_who_is_gone_gets_no_mail_about_it(people: Any) -> None:
    before = len(mails_to(people, KLARA))
    with people.app_context(), transaction():
        assert services.withdraw_by_staff([1], Channel.GONE, "", "Vera") == 1
        assert services.withdraw_by_staff([1], Channel.GONE, "", "Vera") == 0
    assert len(mails_to(people, KLARA)) == before


def test_a_selection_ends_as_far_as_it_stays_ticked(people: Any) -> None:
    desk = signed_in(people, "editor")
    page = f"{DESK}/sammelabmeldung?newsletter={OZG}"
    shown = desk.get(page).text
    assert (KLARA in shown, OTTO in shown, shown.count(" checked")) == (True, True, 2)
    desk.submit(page, {"chosen": ["1", "3"], "channel": "letter"}, has="channel")
    assert (states(people, KLARA), states(people, OTTO)) == (
        {OZG: "withdrawn"},
        {OZG: "active", SAKD: "active"},
    )


def test_the_report_counts_what_was_declared(people: Any, client: Visitor, clock: HeldClock) -> None:
    clock.tick(days=10)
    lists.take_over(people, lists.hand_in(people, lists.HEAD + "v@x.example;;;;01.01.2025\n"))
    with people.app_context():
        with transaction():
            services.withdraw_by_staff([1], Channel.PHONE, "", "Vera")
            delivery.suppress("weg@x.example", "bounce")
        december, november, *rest = queries.growth(3)
    assert (december.first, december.confirmed, december.imported, december.left, december.bounced) == (
        date(2026, 12, 1),
        0,
        1,
        1,
        1,
    )
    assert (november.confirmed, november.left, november.change, len(rest)) == (2, 0, 2, 1)
    page = signed_in(people, "approver").get(f"{DESK}/bericht").text
    assert ("12/2026" in page, "OZG-Newsletter" in page) == (True, True)


def test_who_is_probably_the_same_is_suggested(people: Any, client: Visitor, clock: HeldClock) -> None:
    for address, name in (
        ("vera.beispiel@amt-a.example", "Vera Beispiel"),
        ("v.beispiel@privat.example", "Vera  BEISPIEL"),
        ("otto@post.goerlitz.example", ""),
        ("poststelle@dresden.example", ""),
        ("poststelle@leipzig.example", ""),
    ):
        subscribe(people, people.test_client(), clock, address, name=name, organisation="Amt A" if name else "")
    with people.app_context():
        found = [(one.why, [person.normalised for person in one.people]) for one in queries.duplicates()]
    assert found == [
        ("name", ["vera.beispiel@amt-a.example", "v.beispiel@privat.example"]),
        ("address", [OTTO, "otto@post.goerlitz.example"]),
    ]
    assert "Vera Beispiel" in signed_in(people, "editor").get(f"{DESK}/doppelte").text


def test_old_consents_are_asked_reminded_and_only_then_ended(
    people: Any, client: Visitor, clock: HeldClock, smtp: Any
) -> None:
    for address in ("bleibt@x.example", "geht@x.example", "tot@x.example", "schweigt@x.example"):
        subscribe(people, people.test_client(), clock, address)
    clock.tick(days=1200)
    subscribe(people, people.test_client(), clock, "neu@x.example")
    smtp.refuse("550 5.1.1 not here", address="tot@x.example")
    desk = signed_in(people, "editor")
    page = f"{DESK}/rueckfragen"
    values = {"newsletter": "1", "before": "2029-12-31"}
    assert "6 Adressen fragen" in desk.submit(page, values).text
    with people.app_context(), transaction():
        services.start(1, date(2029, 12, 31))
    assert (
        "läuft schon eine Rückfrage"
        in desk.post(page, data={**values, "sure": "1", "csrf_token": _token(desk, page)}).text
    )
    house.work(people)
    asked = mails_to(people, "bleibt@x.example")[-1]
    assert asked[0] == "Möchten Sie „OZG-Newsletter“ weiter erhalten?"
    assert mails_to(people, "neu@x.example")[-1][0] != asked[0]
    with people.app_context():
        first = session.query(Subscription).join(Subscription.subscriber).filter_by(address="bleibt@x.example").one()
        link = subscriptions.preferences_url(first).removeprefix(house.PUBLIC_URL) + "/behalten"
    assert "weiter an b…@x.example erhalten" in client.get(link).text.replace("b…@x….example", "b…@x.example")
    assert "Sie erhalten „OZG-Newsletter“ weiter." in client.submit(link, follow=True).text
    clock.tick(days=21)
    house.work(people)
    assert "endet für Sie am" in mails_to(people, "schweigt@x.example")[-1][0]
    assert "endet für Sie am" not in mails_to(people, "bleibt@x.example")[-1][0]
    clock.tick(days=6, hours=23)
    house.work(people)
    assert states(people, "schweigt@x.example") == {OZG: "active"}
    clock.tick(hours=2)
    house.work(people)
    assert [states(people, f"{name}@x.example")[OZG] for name in ("schweigt", "bleibt", "neu", "tot")] == [
        "withdrawn",
        "active",
        "active",
        "active",
    ]
    with people.app_context():
        [campaign] = queries.campaigns()
        assert (campaign.asked, campaign.answered, campaign.open) == (6, 1, 1)
        assert campaign.made.finished_at is not None
        stayed = find_by_key("bleibt@x.example")
        assert stayed is not None
        assert history(stayed)[-1].kind == "reconfirmed"
        assert first.confirmed_at is not None
        assert subscriptions.tampered() == {}
    assert "beendet am" in desk.get(page).text


def _token(desk: Visitor, page: str) -> str:
    return str(desk.get(page).text.split('name="csrf_token" value="')[-1].split('"')[0])


def test_the_link_to_stay_does_nothing_by_being_opened_and_nothing_for_who_left(people: Any, client: Visitor) -> None:
    with people.app_context():
        row = session.get_one(Subscription, 1)
        link = subscriptions.preferences_url(row).removeprefix(house.PUBLIC_URL) + "/behalten"
        kinds = [entry.kind for entry in history(row.subscriber)]
    assert (client.get(link).status_code, client.submit(link).status_code) == (200, 303)
    with people.app_context(), transaction():
        services.withdraw_by_staff([1], Channel.GONE, "", "Vera")
    assert "Dieses Abonnement ist beendet." in client.get(link).text
    with people.app_context():
        klara = find_by_key(KLARA)
        assert klara is not None
        assert [entry.kind for entry in history(klara)] == [*kinds, "withdrawn"]
