"""Acceptance: authors cannot approve their own work, by the page or by a crafted request; any later edit voids it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app import announcements, approvals
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.operations.demo.forms_in_html import find_form
from tests.support.client import Visitor
from tests.support.team import create_person, sign_in

NEW = {
    "title": "Neuer Onlinedienst für Wohngeld",
    "lead": "Der Onlinedienst steht ab Dezember bereit.",
    "body": "Der Dienst ist **kostenfrei**.",
    "regions": ["14625"],
    "contact": "Redaktion",
}
PAGE = "/redaktion/meldungen/1"


@dataclass
class Team:
    """Lena writes, Paul writes and approves."""

    app: Any
    lena: Visitor
    paul: Visitor

    def announcement(self) -> announcements.Announcement:
        """The one announcement, as the database knows it now."""
        with self.app.app_context():
            return announcements.get(1)

    @property
    def state(self) -> str:
        return self.announcement().state


@pytest.fixture
def team(saxony: Any, clock: Any) -> Team:
    create_person(saxony, "lena@redaktion.example", ["editor"], "Lena Muster")
    create_person(saxony, "paul@redaktion.example", ["editor", "approver"], "Paul Probe")
    return Team(saxony, sign_in(saxony, "lena@redaktion.example"), sign_in(saxony, "paul@redaktion.example"))


def _submitted_by(author: Visitor, **changes: Any) -> None:
    assert author.submit("/redaktion/meldungen/neu", NEW | changes, has="title").status_code == 303
    assert author.submit(PAGE, action="/vorlegen").status_code == 303


def _approve(person: Visitor, values: dict[str, Any] | None = None) -> Any:
    return person.submit(PAGE, values or {"moment": "now"}, action="/freigeben")


def test_one_writes_another_approves_and_it_is_published(team: Team, client: Visitor, work: Callable[[], int]) -> None:
    _submitted_by(team.lena)
    assert team.state == "submitted"
    assert _approve(team.paul).status_code == 303
    assert team.state == "scheduled"
    work()
    assert team.state == "published"
    page = client.get("/meldungen/neuer-onlinedienst-fuer-wohngeld")
    assert page.status_code == 200
    assert "<strong>kostenfrei</strong>" in page.text
    assert "Landkreis Bautzen" in page.text


def test_the_page_offers_the_author_no_way_to_approve(team: Team) -> None:
    _submitted_by(team.paul)
    page = team.paul.get(PAGE).text
    assert "/freigeben" not in page
    assert "Wer verfasst hat, kann nicht freigeben." in page
    assert team.state == "submitted"


def test_a_crafted_request_of_the_author_is_refused_and_noted(team: Team) -> None:
    _submitted_by(team.paul)
    answer = team.paul.post(f"{PAGE}/freigeben", data=_crafted(team, team.paul))
    assert answer.status_code == 403
    assert "Wer verfasst, gibt nicht frei." in answer.text
    assert team.state == "submitted"
    with team.app.app_context():
        assert not approvals.is_approved("announcement:1", announcements.get(1).content_hash)
        refused = session.query(AuditEntry).filter_by(verb="refused").one()
    assert (refused.actor_name, refused.subject) == ("Paul Probe", f"path:{PAGE}/freigeben")


def test_who_only_helped_writing_is_refused_too(team: Team) -> None:
    team.lena.submit("/redaktion/meldungen/neu", NEW, has="title")
    team.paul.submit(f"{PAGE}/bearbeiten", {"title": "Ein besserer Titel"}, has="title")
    team.lena.submit(PAGE, action="/vorlegen")
    assert team.paul.post(f"{PAGE}/freigeben", data=_crafted(team, team.paul)).status_code == 403
    assert team.state == "submitted"


def test_an_editor_without_the_role_cannot_approve_at_all(team: Team) -> None:
    _submitted_by(team.paul)
    assert team.lena.post(f"{PAGE}/freigeben", data=_crafted(team, team.lena)).status_code == 403
    assert team.state == "submitted"


def test_a_forged_hash_is_a_conflict(team: Team) -> None:
    _submitted_by(team.lena)
    assert team.paul.post(f"{PAGE}/freigeben", data=_crafted(team, team.paul, "0" * 64)).status_code == 409
    assert team.state == "submitted"


def test_what_changed_since_the_page_was_opened_cannot_be_approved(team: Team) -> None:
    _submitted_by(team.lena)
    opened = find_form(team.paul.get(PAGE).text, PAGE, action="/freigeben").filled({"moment": "now"})
    team.lena.submit(f"{PAGE}/bearbeiten", {"title": "Schnell geändert"}, has="title")
    team.lena.submit(PAGE, action="/vorlegen")
    assert team.paul.post(f"{PAGE}/freigeben", data=dict(opened)).status_code == 409
    assert team.state == "submitted"


def test_an_edit_after_approval_voids_it(team: Team, clock: Any, work: Callable[[], int]) -> None:
    _submitted_by(team.lena)
    _approve(team.paul, {"moment": "later", "publish_on": "2026-11-25", "publish_time": "10:00"})
    assert team.state == "scheduled"
    assert "Wenn Sie speichern, gilt die Freigabe nicht mehr." in team.lena.get(f"{PAGE}/bearbeiten").text
    team.lena.submit(f"{PAGE}/bearbeiten", {"lead": "Doch erst im Januar."}, has="title")
    assert team.state == "draft"
    clock.tick(days=2)
    work()
    assert team.state == "draft"
    with team.app.app_context():
        assert [approval.state for approval in approvals.history("announcement:1")] == ["void"]


def test_the_time_of_publication_is_that_of_the_clocks_in_berlin(team: Team, clock: Any) -> None:
    _submitted_by(team.lena)
    _approve(team.paul, {"moment": "later", "publish_on": "2027-03-28", "publish_time": "10:00"})
    at = team.announcement().publish_at
    assert at is not None
    assert at.isoformat() == "2027-03-28T08:00:00+00:00"


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"publish_on": "2026-11-23"}, "Dieser Zeitpunkt ist vorbei. Bitte wählen Sie einen in der Zukunft."),
        ({"publish_on": ""}, "Bitte geben Sie ein Datum ein, zum Beispiel 08.12.2026."),
        ({"publish_on": "morgen"}, "Bitte geben Sie ein Datum ein, zum Beispiel 08.12.2026."),
        ({"publish_time": "25:61"}, "Bitte geben Sie eine Uhrzeit ein, zum Beispiel 10:00."),
    ],
)
def test_a_time_that_cannot_be_is_said_at_its_field(team: Team, values: dict[str, str], advice: str) -> None:
    _submitted_by(team.lena)
    whole = {"moment": "later", "publish_on": "2026-11-25", "publish_time": "10:00"}
    answer = _approve(team.paul, whole | values)
    assert (answer.status_code, advice in answer.text) == (422, True)
    assert team.state == "submitted"


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"title": ""}, "Bitte geben Sie einen Titel ein."),
        ({"slug": "kalender"}, "Diese Adresse ist für eine Seite der Website vergeben. Bitte wählen Sie eine andere."),
        ({"municipalities": "Neustadt am Nirgendwo"}, "kennen wir nicht. Bitte prüfen Sie die Schreibweise."),
        ({"links-0-url": "beispiel"}, "Bitte geben Sie Links vollständig an, zum Beispiel https://www.beispiel.de."),
        (
            {"dates-0-day": "2026-12-08", "dates-0-start": "12:00", "dates-0-end": "10:00"},
            "Das Ende liegt vor dem Beginn. Bitte prüfen Sie die Uhrzeiten.",
        ),
        ({"lead": "x" * 601}, "Bitte kürzen Sie auf höchstens 600 Zeichen."),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_field_and_nothing_is_lost(
    team: Team, values: dict[str, str], advice: str
) -> None:
    answer = team.lena.submit("/redaktion/meldungen/neu", NEW | {"place": "Rathaus"} | values, has="title")
    assert (answer.status_code, advice in answer.text) == (422, True)
    kept = find_form(answer.text, "/redaktion/meldungen/neu", has="title")
    assert [value for name, value in kept.fields if name in ("place", "body")] == [NEW["body"], "Rathaus"]
    with team.app.app_context():
        assert announcements.in_work() == []


def test_what_is_missing_is_said_before_it_is_submitted(team: Team) -> None:
    team.lena.submit("/redaktion/meldungen/neu", {"title": "Nur ein Titel"}, has="title")
    answer = team.lena.submit(PAGE, action="/vorlegen")
    assert answer.status_code == 422
    assert "Bitte schreiben Sie eine Kurzfassung: Sie steht in jedem Kanal." in answer.text
    assert team.state == "draft"


def test_municipalities_and_dates_come_back_as_they_were_written(team: Team) -> None:
    values = {"municipalities": "Görlitz", "dates-0-day": "2026-12-08", "dates-0-start": "10:00", "links-0-url": ""}
    team.lena.submit("/redaktion/meldungen/neu", NEW | values | {"dates-0-label": "Workshop"}, has="title")
    form = find_form(team.lena.get(f"{PAGE}/bearbeiten").text, f"{PAGE}/bearbeiten", has="title")
    found = {name: value for name, value in form.fields if name in (*values, "regions")}
    assert found == {
        "regions": "14625",
        "municipalities": "Görlitz (Landkreis Görlitz)",
        "dates-0-day": "2026-12-08",
        "dates-0-start": "10:00",
        "links-0-url": "",
    }


def test_giving_it_back_needs_a_note_that_the_author_sees(team: Team) -> None:
    _submitted_by(team.lena)
    assert team.paul.submit(PAGE, {"note": ""}, action="/zurueckgeben").status_code == 422
    assert team.paul.submit(PAGE, {"note": "Bitte kürzer."}, action="/zurueckgeben").status_code == 303
    assert team.state == "draft"
    assert "Bitte kürzer." in team.lena.get(PAGE).text


def test_a_withdrawal_is_approved_too_and_the_page_says_why(
    team: Team, client: Visitor, work: Callable[[], int]
) -> None:
    _submitted_by(team.lena)
    _approve(team.paul)
    work()
    answer = team.lena.submit(f"{PAGE}/zurueckziehen", {"reason": "Der Dienst kommt nicht.", "sure": "y"}, has="reason")
    assert answer.status_code == 303
    assert client.get("/meldungen/neuer-onlinedienst-fuer-wohngeld").status_code == 200
    _approve(team.paul)
    work()
    page = client.get("/meldungen/neuer-onlinedienst-fuer-wohngeld")
    assert page.status_code == 410
    assert "Der Dienst kommt nicht." in page.text
    assert "kostenfrei" not in page.text


def test_a_correction_shows_its_reason_and_the_history(team: Team, client: Visitor, work: Callable[[], int]) -> None:
    _submitted_by(team.lena)
    _approve(team.paul)
    work()
    team.lena.submit(f"{PAGE}/bearbeiten", {"lead": "Erst im Januar.", "reason": "Später als gedacht."}, has="title")
    team.lena.submit(PAGE, action="/vorlegen")
    _approve(team.paul)
    work()
    page = client.get("/meldungen/neuer-onlinedienst-fuer-wohngeld").text
    assert all(words in page for words in ("Erst im Januar.", "Später als gedacht.", "Fassung 2 vom", "Fassung 1 vom"))


def test_a_correction_can_be_saved_when_the_day_of_publication_has_passed(
    team: Team, clock: Any, work: Callable[[], int]
) -> None:
    _submitted_by(team.lena, publish_on="2026-11-25", publish_time="08:00")
    _approve(team.paul, {"moment": "later"})
    clock.tick(days=2)
    work()
    assert team.state == "published"
    saved = team.lena.submit(f"{PAGE}/bearbeiten", {"lead": "Erst im Januar.", "reason": "Später."}, has="title")
    assert saved.status_code == 303
    assert team.announcement().content.lead == "Erst im Januar."


@pytest.mark.parametrize("path", ["", "/neu", "/1", "/1/bearbeiten", "/1/zurueckziehen", "/1/vorschau/0.html"])
def test_visitors_see_nothing_of_the_desk(team: Team, client: Visitor, path: str) -> None:
    _submitted_by(team.lena)
    answer = client.get(f"/redaktion/meldungen{path}")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/redaktion/anmelden")


def test_an_unpublished_announcement_is_not_there_for_the_public(team: Team, client: Visitor) -> None:
    _submitted_by(team.lena)
    assert client.get("/meldungen/neuer-onlinedienst-fuer-wohngeld").status_code == 404
    assert "Wohngeld" not in client.get("/meldungen").text


def _crafted(team: Team, person: Visitor, content_hash: str = "") -> dict[str, str]:
    """What a forger would send: the right hash, and a token from another form of the same page."""
    form = find_form(person.get(PAGE).text, PAGE, action="/zurueckholen")
    token = dict(form.fields)["csrf_token"]
    return {"csrf_token": token, "content_hash": content_hash or team.announcement().content_hash, "moment": "now"}
