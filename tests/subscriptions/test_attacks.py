"""What somebody might try who wants to read, take over, flood or break what is not theirs."""

import io
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app import delivery, subscriptions
from app.delivery.inbound.reading import Kind
from app.delivery.models import Delivery
from app.kernel import mail
from app.kernel.db import session, transaction
from app.kernel.errors import Invalid
from app.subscriptions import Subscriber, Subscription, exporting, importing
from app.subscriptions.erasure import forget_everywhere
from app.subscriptions.importing import files, pump
from app.subscriptions.inbound import on_inbound
from app.subscriptions.models import Import
from app.subscriptions.queries import Filter, find_by_key
from app.subscriptions.services.leaving import withdraw
from tests.subscriptions import lists
from tests.subscriptions.story import found_newsletters, link_in, links_of, mails_to, sign_up, states, subscribe
from tests.support import house
from tests.support.client import Visitor
from tests.support.house import HeldClock

KLARA, OTTO = "klara.muster@stadt.example", "otto.muster@amt.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def _newsletters(saxony: Any) -> None:
    found_newsletters(saxony)


def test_the_links_of_who_was_erased_open_nothing_of_who_comes_next(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA)
    links = links_of(saxony, KLARA)
    with saxony.app_context(), transaction():
        forget_everywhere(KLARA, "person")
    subscribe(saxony, client, clock, OTTO)
    assert [client.get(link).status_code for link in links] == [404, 404]
    assert client.post(links[0], data=ONE_CLICK).status_code == 404
    assert states(saxony, OTTO) == {"ozg-newsletter": "active"}


@pytest.mark.parametrize(
    "content",
    [
        b"E-Mail;Name\n" + b"x" * 10_000_000 + b"@amt.example;Vera\n",
        b'E-Mail;Name\nvera@amt.example;"' + b"x" * 10_000_000 + b'"\n',
        b"x" * 10_000_000,
    ],
    ids=["open", "quoted", "alone"],
)
def test_a_cell_of_ten_megabytes_is_refused_with_advice(saxony: Any, content: bytes) -> None:
    with pytest.raises(Invalid) as refused, saxony.app_context(), transaction():
        importing.hand_in(io.BytesIO(content), "a.csv", lists.importing_newsletter(), lists.CONSENT, "Vera")
    assert list(refused.value.fields) == ["file"]
    with saxony.app_context():
        assert list(files.source(1).parent.iterdir()) == []


def test_a_list_with_the_line_ends_of_old_machines_is_read(saxony: Any) -> None:
    import_id = lists.hand_in(
        saxony, b"E-Mail;Einwilligung am\rvera@amt.example;08.11.2025\rudo@amt.example;08.11.2025\r"
    )
    assert [verdict for _number, verdict, _reason in lists.verdicts(saxony, import_id)] == ["new", "new"]


def _workbook() -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["E-Mail", "vera@amt.example"])
    book.save(content)
    return content.getvalue()


TEXTS = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sharedStrings+xml"/>'
)


def _repacked(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {entry: old.read(entry) for entry in old.namelist()} | {name: content}
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", TEXTS + b"</Types>")
        for entry, part in parts.items():
            new.writestr(entry, part)
    return out.getvalue()


def _encrypted() -> bytes:
    raw = bytearray(_workbook())
    at = 0
    while (at := raw.find(b"PK\x01\x02", at)) >= 0:
        raw[at + 8] |= 1
        at += 4
    return bytes(raw)


BROKEN = {
    "encrypted": _encrypted,
    "no sheets": lambda: _repacked("xl/workbook.xml", b"<workbook/>"),
    "empty workbook": lambda: _repacked("xl/workbook.xml", b""),
    "html as sheet": lambda: _repacked("xl/worksheets/sheet1.xml", b"<html><body>Hallo</body>"),
    "odd cells": lambda: _repacked(
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="x"><c r="??" t="s"><v>99999</v></c></row></sheetData></worksheet>',
    ),
    "entities": lambda: _repacked(
        "xl/sharedStrings.xml",
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">'
        b'<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">'
        b'<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;">]>'
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&h;</t></si></sst>',
    ),
    "many strings": lambda: _repacked(
        "xl/sharedStrings.xml",
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + b"<si><t>a</t></si>" * 6_000_000
        + b"</sst>",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_workbook_made_to_break_us_is_refused_with_advice(saxony: Any, kind: str) -> None:
    content = io.BytesIO(BROKEN[kind]())
    with pytest.raises(Invalid) as refused, saxony.app_context(), transaction():
        importing.hand_in(content, "a.xlsx", lists.importing_newsletter(), lists.CONSENT, "Vera")
    assert list(refused.value.fields) == ["file"]


def test_a_list_of_nothing_but_a_heading_is_checked_and_taken_over(saxony: Any) -> None:
    import_id = lists.hand_in(saxony, lists.HEAD)
    assert (lists.verdicts(saxony, import_id), lists.take_over(saxony, import_id)) == ([], {})


def test_a_name_with_control_characters_can_be_exported(saxony: Any) -> None:
    import_id = lists.hand_in(saxony, lists.HEAD + f"{KLARA};Vera\x01\x1b[31m \x7fBeispiel;;;08.11.2025\n")
    lists.take_over(saxony, import_id)
    with saxony.app_context(), transaction(), exporting.write(Filter(), "xlsx").file as file:
        [_head, row] = openpyxl.load_workbook(io.BytesIO(file.read())).active.iter_rows(values_only=True)
    assert (row[0], row[1]) == (KLARA, "Vera[31m Beispiel")


def test_a_name_with_control_characters_from_the_form_can_be_exported(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    answer = sign_up(client, clock, KLARA, name="Vera\x01\x1b[31m Beispiel")
    assert answer.status_code in (303, 422)
    with saxony.app_context(), transaction(), exporting.write(Filter(), "xlsx").file as file:
        openpyxl.load_workbook(io.BytesIO(file.read()))


def test_erased_with_an_open_confirmation_nothing_can_be_confirmed_and_signing_up_again_works(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    sign_up(client, clock, KLARA)
    link = link_in(mails_to(saxony, KLARA)[-1][1], "bestaetigen")
    with saxony.app_context(), transaction():
        forget_everywhere(KLARA, "person")
    assert (client.get(link).status_code, states(saxony, KLARA)) == (404, {})
    subscribe(saxony, client, clock, KLARA)
    assert states(saxony, KLARA) == {"ozg-newsletter": "active"}
    with saxony.app_context(), transaction():
        forget_everywhere(KLARA, "person", never_again=True)
    clock.tick(days=2)
    sign_up(client, clock, KLARA)
    assert (mails_to(saxony, KLARA), states(saxony, KLARA)) == ([], {})
    with saxony.app_context():
        assert delivery.is_suppressed(KLARA)


def test_the_number_of_who_was_erased_is_not_given_to_who_comes_next(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    numbers = []
    for address in (KLARA, OTTO):
        subscribe(saxony, client, clock, address)
        with saxony.app_context(), transaction():
            numbers.append(session.scalars(select(Subscription.id)).one())
            forget_everywhere(address, "person")
    assert numbers[0] != numbers[1]


def test_who_is_erased_while_a_list_with_their_address_is_taken_over_stays_erased(saxony: Any) -> None:
    """Rows judged before the erasure are committed while it runs."""
    import_id = lists.hand_in(saxony, lists.HEAD + f"{KLARA};Klara;;;08.11.2025\n{OTTO};Otto;;;08.11.2025\n")
    judged = Event()

    def take_over() -> None:
        with saxony.app_context():
            with transaction():
                importing.take_over(session.get_one(Import, import_id))
            with transaction(write=False):
                way = pump._Way.of(session.get_one(Import, import_id))
            with transaction():
                way._step(list(way.ahead()))
                judged.set()
                time.sleep(0.3)  # the erasure has begun by now

    def erase() -> None:
        judged.wait(10)
        with saxony.app_context(), transaction():
            forget_everywhere(KLARA, "person")

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(take_over), pool.submit(erase)]
        assert [one.result(20) for one in done] == [None, None]
    assert (states(saxony, KLARA), states(saxony, OTTO)) == ({}, {"ozg-newsletter": "active"})
    with saxony.app_context():
        assert subscriptions.tampered() == {}


def test_a_thousand_columns_are_refused(saxony: Any) -> None:
    content = (";".join(["E-Mail"] * 1000) + "\n" + ";".join([KLARA] * 1000) + "\n").encode()
    with pytest.raises(Invalid), saxony.app_context(), transaction():
        importing.hand_in(io.BytesIO(content), "a.csv", lists.importing_newsletter(), lists.CONSENT, "Vera")


def test_all_forms_together_send_three_mails_a_day_to_one_address(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA)
    house.work(saxony)
    clock.tick(days=2)
    before = len(mails_to(saxony, KLARA))
    preferences = links_of(saxony, KLARA)[1]
    for _round in range(3):
        sign_up(client, clock, KLARA)
        client.submit("/newsletter/link", {"email": KLARA})
        client.submit("/newsletter/meine-daten", {"email": KLARA})
        client.submit(f"{preferences}/meine-daten")
        client.submit(f"{preferences}/adresse", {"email": OTTO})
        house.work(saxony)
    assert len(mails_to(saxony, KLARA)) - before == 3


def test_addresses_of_one_mailbox_share_its_three_mails_a_day(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    for number in range(5):
        sign_up(client, clock, f"klara+{number}@stadt.example")
    assert sum(len(mails_to(saxony, f"klara+{number}@stadt.example")) for number in range(5)) == 3


def test_who_is_erased_while_a_list_is_taken_over_is_not_brought_back_by_it(
    saxony: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "CHUNK", 1)
    import_id = lists.hand_in(
        saxony, lists.HEAD + "".join(f"{who};;;;08.11.2025\n" for who in ("a@amt.example", OTTO, KLARA))
    )
    with saxony.app_context():
        with transaction():
            importing.take_over(session.get_one(Import, import_id))
        with transaction(write=False):
            way = pump._Way.of(session.get_one(Import, import_id))
        ahead = way.ahead()
        assert way.go([next(ahead), next(ahead)])
        for who in (OTTO, KLARA):
            with transaction():
                forget_everywhere(who, "person")
        assert way.go(list(ahead))
        way.finish()
        assert [find_by_key(who) for who in (OTTO, KLARA)] == [None, None]
        assert [p.address for p in session.query(Subscriber)] == ["a@amt.example"]
        report = files.report(import_id)
        assert not report.exists() or KLARA not in report.read_text()


def test_a_complaint_about_a_mail_to_who_was_erased_ends_nothing_of_who_comes_next(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA)
    with saxony.app_context(), transaction():
        message = delivery.freeze("issue:1", "issue", mail.Mail("Ausgabe 1", "Text\n", "<p>Text</p>"))
        delivery.prepare(message, subscriptions.audience(lists.importing_newsletter()))
        sent = delivery.find("issue:1", KLARA)
        assert sent is not None
        number = sent.id
        forget_everywhere(KLARA, "person")
    subscribe(saxony, client, clock, OTTO)
    with saxony.app_context(), transaction():
        left = session.get_one(Delivery, number)
        on_inbound(delivery.Inbound(Kind.COMPLAINT, "", None, True, left.subject_kind, left.subject_id))
    assert states(saxony, OTTO) == {"ozg-newsletter": "active"}


@pytest.mark.parametrize("by", ["staff", "mail", "complaint"])
def test_a_link_does_not_take_back_what_was_asked_for_in_another_way(
    saxony: Any, client: Visitor, clock: HeldClock, by: str
) -> None:
    subscribe(saxony, client, clock, KLARA)
    link = links_of(saxony, KLARA)[0]
    with saxony.app_context(), transaction():
        person = find_by_key(KLARA)
        assert person is not None
        withdraw(person.subscriptions[0], {"by": by})
    answer = client.post(link, data=ONE_CLICK)
    assert (answer.status_code, "rueckgaengig" in answer.text) == (200, False)
    assert states(saxony, KLARA) == {"ozg-newsletter": "withdrawn"}
