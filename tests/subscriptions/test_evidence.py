"""The evidence of a consent says what was shown, word for word, what was sent, how it was answered, and if it holds."""

import json
from typing import Any

import pytest
from sqlalchemy import update

from app import subscriptions
from app.kernel import privacy
from app.kernel.db import session, transaction
from app.subscriptions import Declaration, Subscriber, evidence, texts
from tests.subscriptions.story import found_newsletters, mails_to, sign_up
from tests.support import team
from tests.support.client import Visitor
from tests.support.house import HeldClock, work
from tests.support.smtp import SmtpSink

KLARA = "klara.muster@stadt.example"


@pytest.fixture
def subscribed(saxony: Any, client: Visitor, clock: HeldClock, smtp: SmtpSink) -> Any:
    """Somebody whose mail was delivered before they confirmed."""
    found_newsletters(saxony)
    sign_up(client, clock, KLARA, name="Klara Muster")
    work(saxony)
    clock.tick(minutes=7)
    link = mails_to(saxony, KLARA)[0][1].split("http://rundbrief.example")[1].split()[0]
    assert client.submit(link).status_code == 303
    return saxony


def test_the_page_shows_the_exact_texts_the_mail_the_moments_and_that_it_holds(
    subscribed: Any, clock: HeldClock
) -> None:
    with subscribed.test_request_context("/?lang=de"):
        consent, notice = texts.consent(), privacy.notice("de")
        found = evidence.of_person(session.query(Subscriber).one())
    archived = {shown.what: shown.text for shown in found.texts}
    assert (archived["Einwilligung"], archived["Datenschutzhinweis"]) == (consent, notice)
    [form] = [shown.text for shown in found.texts if shown.what == "Formular"]
    assert [line for line in ("E-Mail-Adresse", "  [ ] OZG-Newsletter", "Name") if line not in form.splitlines()] == []
    [mail] = [shown.text for shown in found.texts if shown.what.startswith("E-Mail, wie")]
    subject, sent = mails_to(subscribed, KLARA)[0]
    assert mail.splitlines()[0] == subject
    assert "/newsletter/bestaetigen/…" in mail
    token = sent.split("/newsletter/bestaetigen/")[1].split()[0]
    assert token not in mail
    assert [(step.number, step.kind, step.sound) for step in found.steps] == [
        (1, "Anmeldung angefordert", True),
        (2, "Anmeldung bestätigt", True),
    ]
    confirmed = dict(found.steps[1].values)
    assert confirmed["Vom Mailserver angenommen"].startswith("24. November 2026, 10:00")
    assert (found.steps[1].at - found.steps[0].at).total_seconds() == 420
    visitor = team.signed_in(subscribed, "admin")
    page = visitor.get("/redaktion/abonnements/1/nachweis")
    assert page.status_code == 200
    shown = page.text.replace("&#34;", '"').replace("&amp;", "&")
    wanted = (consent, "Klara Muster", "Alle 2 Erklärungen sind so, wie sie abgegeben wurden", form.splitlines()[0])
    assert [text for text in wanted if text not in shown] == []


@pytest.mark.parametrize(
    ("lang", "purpose", "basis", "period", "heading"),
    [
        ("de", "Zweck", "Rechtsgrundlage", "Speicherdauer", "Kein Tracking"),
        ("en", "Purpose", "Legal basis", "Retention", "No tracking"),
    ],
)
def test_the_archived_privacy_notice_can_be_read(
    saxony: Any, lang: str, purpose: str, basis: str, period: str, heading: str
) -> None:
    with saxony.test_request_context("/"):
        paragraphs = privacy.notice(lang).split("\n\n")
        kinds = privacy.kinds()
    numbered = [one.split("\n") for one in paragraphs if one[:1].isdigit()]
    assert [lines[0].partition(". ")[0] for lines in numbered] == [str(n) for n in range(1, len(kinds) + 1)]
    labels = {tuple(line.partition(":")[0] for line in lines[1:]) for lines in numbered}
    assert labels == {(purpose, basis, period)}
    assert paragraphs[paragraphs.index(heading) + 1].endswith(".")
    assert max(len(one) for one in paragraphs) < 1200


def test_the_page_says_which_entry_was_tampered_with(subscribed: Any) -> None:
    with subscribed.app_context():
        entry = session.query(Declaration).filter_by(number=2).one()
        changed = {**(entry.content or {}), "newsletters": ["sakd-aktuell"]}
        with transaction():
            session.execute(update(Declaration).where(Declaration.id == entry.id).values(content=changed))
    visitor = team.signed_in(subscribed, "editor")
    page = visitor.get("/redaktion/abonnements/1/nachweis").text
    assert "Achtung: Die Einträge 2 sind nicht so" in page
    assert page.count("nicht wie abgegeben") == 1
    assert json.loads(visitor.get("/redaktion/abonnements/1/nachweis.json").text)["holds"] is False


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_pdf_is_tagged_for_screen_readers_in_both_languages(subscribed: Any, lang: str) -> None:
    visitor = team.signed_in(subscribed, "approver")
    made = visitor.get(f"/redaktion/abonnements/1/nachweis.pdf?lang={lang}")
    assert (made.mimetype, made.data[:5], made.headers["Cache-Control"]) == ("application/pdf", b"%PDF-", "no-store")
    assert b"pdfuaid" in made.data
    assert f"<dc:language><rdf:Bag><rdf:li>{lang}".encode() in made.data or f"/Lang ({lang})".encode() in made.data


def test_after_an_erasure_times_and_hashes_are_found_by_the_address_and_still_hold(subscribed: Any) -> None:
    run = subscribed.test_cli_runner()
    run.invoke(args=["subscribers", "forget", KLARA, "--yes"])
    shown = run.invoke(args=["subscribers", "show", KLARA])
    [proof] = json.loads(shown.output)["evidence"]
    assert (proof["holds"], proof["erased_at"] is not None) == (True, True)
    assert [(step["kind"], step["values"]) for step in proof["steps"]] == [
        ("Anmeldung angefordert", []),
        ("Anmeldung bestätigt", []),
        ("Gelöscht", []),
    ]
    assert "Klara Muster" not in shown.output
    with subscribed.app_context():
        assert subscriptions.tampered() == {}


def test_the_desk_erases_at_somebodys_wish_and_shows_before_what_remains(subscribed: Any) -> None:
    editor = team.signed_in(subscribed, "editor")
    assert editor.get("/redaktion/abonnements/1/loeschen").status_code == 403
    admin = team.signed_in(subscribed, "admin")
    page = admin.get("/redaktion/abonnements/1/loeschen").text
    assert [word for word in ("Das wird sofort gelöscht", "Das bleibt, und warum") if word not in page] == []
    answer = admin.submit("/redaktion/abonnements/1/loeschen")
    assert (answer.status_code, answer.location) == (303, "/redaktion/abonnements")
    with subscribed.app_context():
        [erasure] = session.query(subscriptions.models.Erasure).all()
        assert (erasure.by, erasure.actor_id is not None) == ("desk", True)
        assert session.query(Subscriber).count() == 0


def test_of_someone_unknown_there_is_no_evidence(saxony: Any) -> None:
    visitor = team.signed_in(saxony, "admin")
    for what in ("nachweis", "nachweis.pdf", "nachweis.json", "loeschen"):
        assert visitor.get(f"/redaktion/abonnements/77/{what}").status_code == 404


def test_an_entry_without_archived_form_is_shown_as_it_is(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    found_newsletters(saxony)
    with saxony.app_context(), transaction():
        wanted = subscriptions.SignUp(KLARA, newsletters=("ozg-newsletter",))
        subscriptions.request(wanted, "Der Text der Einwilligung.")
    with saxony.app_context():
        found = evidence.of_person(session.query(Subscriber).one())
        assert (found.texts[0].what, found.texts[0].text) == ("Einwilligung", "Der Text der Einwilligung.")
        assert found.holds
