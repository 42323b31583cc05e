"""The desk of the issues, through its pages: what the buttons do, and what a crafted request cannot do."""

from typing import Any

import pytest

from app import newsletter
from app.newsletter import queries
from app.operations.demo.forms_in_html import forms
from tests.newsletter import story
from tests.newsletter.story import ANNA
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink
from tests.support.team import signed_in


@pytest.fixture
def list_id(saxony: Any, clock: HeldClock) -> int:
    with saxony.app_context():
        return story.found_newsletter()


@pytest.fixture
def editor(saxony: Any, list_id: int) -> Visitor:
    return signed_in(saxony, "editor")


@pytest.fixture
def approver(saxony: Any) -> Visitor:
    return signed_in(saxony, "approver")


def _begin(editor: Visitor, **values: Any) -> str:
    """Begin an issue and write it; its page at the desk."""
    begun = editor.submit("/redaktion/ausgaben", has="newsletter")
    assert begun.status_code == 303
    said = {
        "title": "Neues im Dezember",
        "preheader": "Ein Satz.",
        "b1-body": "die Redaktion grüßt **alle**.",
        **values,
    }
    saved = editor.submit(begun.location, said, has="preheader", button=("do", "check"))
    assert saved.status_code == 303, saved.text
    return begun.location.removesuffix("/bearbeiten")


def _issue(app: Any, page: str) -> newsletter.Issue:
    with app.app_context():
        return queries.get(int(page.rpartition("/")[2]))


def test_two_people_bring_an_issue_on_its_way(
    saxony: Any, list_id: int, editor: Visitor, approver: Visitor, smtp: SmtpSink, clock: HeldClock
) -> None:
    with saxony.app_context():
        story.add_reader(list_id, ANNA)
    page = _begin(editor)
    assert editor.submit(page, action="/vorlegen").status_code == 303
    assert approver.submit(page, action="/freigeben").status_code == 303
    when = {"day": "2026-11-24", "at": "10:30"}
    assert editor.submit(page, when, action="/terminieren").status_code == 303
    assert "24. November 2026, 10:30 Uhr" in editor.get(page).text
    clock.tick(minutes=31)
    with saxony.app_context():
        story.work(saxony)
    assert len(smtp.to(ANNA)) == 1
    assert _issue(saxony, page).state == "sent"
    report = editor.get(f"{page}/bericht")
    assert "Die Summe stimmt" in report.text


def test_an_author_cannot_approve_by_a_crafted_request(saxony: Any, list_id: int) -> None:
    both = signed_in(saxony, "editor", "approver")
    page = _begin(both)
    both.submit(page, action="/vorlegen")
    shown = both.get(page)
    assert "/freigeben" not in shown.text
    token = _csrf(shown.text)
    answer = both.post(f"{page}/freigeben", data={"csrf_token": token, "seen": _issue(saxony, page).content_hash})
    assert answer.status_code == 403
    assert "Wer verfasst, gibt nicht frei." in answer.text
    assert _issue(saxony, page).state == "submitted"


def test_an_editor_has_no_right_to_approve(saxony: Any, editor: Visitor) -> None:
    page = _begin(editor)
    editor.submit(page, action="/vorlegen")
    token = _csrf(editor.get(page).text)
    answer = editor.post(f"{page}/freigeben", data={"csrf_token": token, "seen": _issue(saxony, page).content_hash})
    assert (answer.status_code, _issue(saxony, page).state) == (403, "submitted")


def test_who_administers_reads_issues_but_can_neither_write_nor_decide_nor_send(saxony: Any, editor: Visitor) -> None:
    page = _begin(editor)
    editor.submit(page, action="/vorlegen")
    admin = signed_in(saxony, "admin")
    assert page in admin.get("/redaktion/ausgaben").text
    shown = admin.get(page)
    buttons = [form.action for form in forms(shown.text, page) if page in form.action]
    assert (shown.status_code, buttons) == (200, [])
    token = {"csrf_token": _csrf(shown.text)}
    acts = ("bearbeiten", "vorlegen", "freigeben", "zurueckgeben", "terminieren", "jetzt-versenden", "testen")
    assert {admin.post(f"{page}/{act}", data=token).status_code for act in acts} == {403}


def test_an_edit_after_the_approval_voids_it(saxony: Any, editor: Visitor, approver: Visitor) -> None:
    page = _begin(editor)
    editor.submit(page, action="/vorlegen")
    approver.submit(page, action="/freigeben")
    assert "gilt die Freigabe nicht mehr" in editor.get(f"{page}/bearbeiten").text
    editor.submit(f"{page}/bearbeiten", {"title": "Anders"}, has="preheader")
    assert _issue(saxony, page).state == "draft"
    token = _csrf(editor.get(page).text)
    crafted = editor.post(f"{page}/jetzt-versenden", data={"csrf_token": token})
    assert (crafted.status_code, _issue(saxony, page).state) == (409, "draft")


def test_what_was_changed_under_the_approvers_eyes_is_not_approved(
    saxony: Any, editor: Visitor, approver: Visitor
) -> None:
    page = _begin(editor)
    editor.submit(page, action="/vorlegen")
    old = _issue(saxony, page).content_hash
    editor.submit(f"{page}/bearbeiten", {"title": "Anders"}, has="preheader")
    editor.submit(page, action="/vorlegen")
    token = _csrf(approver.get(page).text)
    answer = approver.post(f"{page}/freigeben", data={"csrf_token": token, "seen": old})
    assert (answer.status_code, _issue(saxony, page).state) == (409, "submitted")


def test_returning_needs_a_note(saxony: Any, editor: Visitor, approver: Visitor) -> None:
    page = _begin(editor)
    editor.submit(page, action="/vorlegen")
    empty = approver.submit(page, {"note": " "}, action="/zurueckgeben")
    assert (empty.status_code, "Bitte schreiben Sie, was geändert werden soll." in empty.text) == (422, True)
    assert approver.submit(page, {"note": "Bitte kürzen."}, action="/zurueckgeben").status_code == 303
    assert "Bitte kürzen." in editor.get(page).text
    assert _issue(saxony, page).state == "draft"


def test_blocks_are_added_moved_and_removed_without_javascript(saxony: Any, editor: Visitor) -> None:
    page = _begin(editor)
    edit = f"{page}/bearbeiten"

    def press(do: str) -> list[tuple[int, str]]:
        answer = editor.submit(edit, has="preheader", button=("do", do))
        assert answer.status_code == 303
        return [(block["id"], block["kind"]) for block in _issue(saxony, page).blocks]

    assert press("add:divider")[-1] == (4, "divider")
    assert press("up:4") == [(1, "text"), (2, "announcements"), (4, "divider"), (3, "dates")]
    assert press("down:1") == [(2, "announcements"), (1, "text"), (4, "divider"), (3, "dates")]
    assert press("remove:2") == [(1, "text"), (4, "divider"), (3, "dates")]
    assert _issue(saxony, page).blocks[0]["body"]["content"][0]["content"][0]["text"] == "die Redaktion grüßt "


def test_a_bad_link_is_answered_at_its_field_and_everything_is_kept(saxony: Any, editor: Visitor) -> None:
    page = _begin(editor)
    values = {"b1-body": "[Amt24](amt24) hilft weiter", "title": "Bleibt stehen", "b3-limit": "viele"}
    answer = editor.submit(f"{page}/bearbeiten", values, has="preheader")
    assert answer.status_code == 422
    assert "Bitte geben Sie Links vollständig an" in answer.text
    assert "Bitte geben Sie eine Zahl von 1 bis 50 ein." in answer.text
    assert "Bleibt stehen" in answer.text
    assert _issue(saxony, page).title == "Neues im Dezember"


def test_two_editors_do_not_overwrite_each_other(saxony: Any, editor: Visitor, clock: HeldClock) -> None:
    from app.operations.demo.forms_in_html import find_form

    page = _begin(editor)
    edit = f"{page}/bearbeiten"
    opened = find_form(editor.get(edit).text, edit, has="preheader")
    clock.tick(minutes=1)
    editor.submit(edit, {"title": "Von jemand anderem"}, has="preheader")
    late = editor.post(edit, data=_pairs(opened.filled({"title": "Von mir"})))
    assert (late.status_code, "Inzwischen hat jemand diese Ausgabe geändert." in late.text) == (422, True)
    assert "Von mir" in late.text
    assert _issue(saxony, page).title == "Von jemand anderem"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"day": "", "at": ""}, "Bitte geben Sie den Tag an."),
        ({"day": "morgen", "at": "10:00"}, "Bitte geben Sie ein Datum ein, zum Beispiel 08.12.2026."),
        ({"day": "2026-12-08", "at": "zehn"}, "Bitte geben Sie eine Uhrzeit ein, zum Beispiel 10:00."),
        ({"day": "2020-12-08", "at": "10:00"}, "Dieser Zeitpunkt ist schon vorbei."),
    ],
)
def test_a_bad_time_is_answered_with_what_to_do(
    saxony: Any, editor: Visitor, approver: Visitor, values: dict[str, str], words: str
) -> None:
    page = _begin(editor)
    editor.submit(page, action="/vorlegen")
    approver.submit(page, action="/freigeben")
    answer = editor.submit(page, values, action="/terminieren")
    assert (answer.status_code, words in answer.text) == (422, True)


def test_the_preview_frames_the_mail_without_any_rights(saxony: Any, editor: Visitor) -> None:
    page = _begin(editor)
    for view in ("mail", "schmal", "dunkel", "text", "web"):
        shown = editor.get(f"{page}/vorschau?ansicht={view}")
        assert shown.status_code == 200
        assert "Neues im Dezember" in shown.text
    frame = editor.get(f"{page}/vorschau/mail")
    assert "frame-ancestors 'self'" in frame.headers["Content-Security-Policy"]
    assert "script-src" not in frame.headers["Content-Security-Policy"]
    assert "default-src 'none'" in frame.headers["Content-Security-Policy"]
    assert "Guten Tag Erika Beispiel," in frame.text
    assert "%%" not in frame.text
    dark = editor.get(f"{page}/vorschau/mail?dunkel=1")
    assert "prefers-color-scheme" not in dark.text


def test_the_author_gets_a_test_mail(saxony: Any, editor: Visitor, smtp: SmtpSink) -> None:
    page = _begin(editor)
    editor.submit(page, action="/testen")
    with saxony.app_context():
        story.work(saxony)
    assert [mail.recipients for mail in smtp.received] == [["editor@redaktion.example"]]


def test_the_welcome_mail_is_edited_and_reset_at_the_desk(saxony: Any, editor: Visitor) -> None:
    page = "/redaktion/newsletter/ozg-newsletter/willkommen"
    assert "mitgelieferte Fassung" in editor.get(page).text
    wrong = editor.submit(page, {"title": "Hallo {kuchen}"}, has="preheader")
    assert (wrong.status_code, "{kuchen}" in wrong.text) == (422, True)
    assert editor.submit(page, {"title": "Schön, dass Sie da sind"}, has="preheader").status_code == 303
    assert "Schön, dass Sie da sind" in editor.get(f"{page}/de/vorschau").text
    assert "Welcome to OZG-Newsletter" in editor.get(f"{page}/en/vorschau").text
    assert editor.submit(page, action="/zuruecksetzen").status_code == 303
    assert "Willkommen beim OZG-Newsletter" in editor.get(f"{page}/de/vorschau").text


@pytest.mark.parametrize(
    "path", ["/redaktion/ausgaben/99", "/redaktion/ausgaben/99/vorschau", "/redaktion/newsletter/x/willkommen"]
)
def test_what_is_not_there_gets_a_helpful_page(editor: Visitor, path: str) -> None:
    answer = editor.get(path)
    assert answer.status_code == 404
    assert "Bitte" in answer.text


def _csrf(html: str) -> str:
    return html.partition('name="csrf_token" value="')[2].partition('"')[0]


def _pairs(pairs: list[tuple[str, str]]) -> Any:
    from werkzeug.datastructures import MultiDict

    return MultiDict(pairs)
