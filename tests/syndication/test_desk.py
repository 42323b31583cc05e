import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from app import announcements
from tests.support.client import Visitor
from tests.support.receiver import Receiver
from tests.support.smtp import SmtpSink
from tests.support.team import signed_in
from tests.syndication.story import publish, slkt

PAGE = "/redaktion/kanaele"


@pytest.fixture
def admin(saxony: Any) -> Visitor:
    return signed_in(saxony, "admin")


def test_the_secret_of_a_webhook_is_shown_once_and_signs(
    saxony: Any, admin: Visitor, receiver: Receiver, work: Callable[[], int]
) -> None:
    answer = admin.submit(f"{PAGE}/neu", {"name": "SLKT", "kind": "webhook", "url": receiver.url}, has="name")
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.text)
    assert found is not None
    secret = found.group()
    assert all(secret not in admin.get(path).text for path in (PAGE, f"{PAGE}/1"))
    with saxony.app_context():
        publish()
    work()
    [request] = receiver.requests
    assert Webhook(secret).verify(request.body, request.headers)["revision"] == 1


def test_a_renewed_secret_replaces_the_old_one(saxony: Any, admin: Visitor, receiver: Receiver) -> None:
    with saxony.app_context():
        old = slkt(receiver.url)
    answer = admin.submit(f"{PAGE}/1", action="/geheimnis")
    with saxony.app_context():
        new = announcements.channels()[0].config["secret"]
    assert (new in answer.text, new != old) == (True, True)


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"name": ""}, "Bitte geben Sie dem Kanal einen Namen, zum Beispiel SSG."),
        ({"address": "redaktion"}, "Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."),
        ({"address": ""}, "Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."),
        (
            {"kind": "webhook", "url": "ftp://slkt.example"},
            "Bitte geben Sie die Adresse vollständig an, zum Beispiel https://www.beispiel.de.",
        ),
    ],
)
def test_a_channel_that_cannot_work_is_not_saved(
    saxony: Any, admin: Visitor, values: dict[str, str], advice: str
) -> None:
    whole = {"name": "SSG", "kind": "mail_format", "address": "redaktion@ssg.example"}
    answer = admin.submit(f"{PAGE}/neu", whole | values, has="name")
    assert (answer.status_code, advice in answer.text) == (422, True)
    with saxony.app_context():
        assert announcements.channels() == []


def test_a_name_is_given_once(saxony: Any, admin: Visitor) -> None:
    values = {"name": "SSG", "kind": "mail_format", "address": "redaktion@ssg.example"}
    assert admin.submit(f"{PAGE}/neu", values, has="name").status_code == 303
    again = admin.submit(f"{PAGE}/neu", values, has="name")
    assert again.status_code == 422
    assert "Diesen Namen hat schon ein anderer Kanal. Bitte wählen Sie einen anderen." in again.text


def test_the_button_tests_a_mail_channel_for_real(admin: Visitor, smtp: SmtpSink, work: Callable[[], int]) -> None:
    admin.submit(f"{PAGE}/neu", {"name": "SSG", "address": "redaktion@ssg.example"}, has="name")
    assert "Der Test ist unterwegs an redaktion@ssg.example." in admin.submit(PAGE, action="/testen", follow=True).text
    work()
    assert [mail.subject for mail in smtp.to("redaktion@ssg.example")] == ["[OZG-Sachsen] Test des Infokanals SSG"]


def test_the_button_tests_a_webhook_and_says_what_it_answered(saxony: Any, admin: Visitor, receiver: Receiver) -> None:
    with saxony.app_context():
        secret = slkt(receiver.url)
    admin.submit(PAGE, action="/testen")
    [request] = receiver.requests
    assert Webhook(secret).verify(request.body, request.headers) == {"format": 1, "type": "test"}
    receiver.answer(500)
    said = admin.submit(PAGE, action="/testen", follow=True).text
    assert "Der Server des Kanals hat mit Status 500 geantwortet." in said


def test_a_failed_dispatch_is_red_and_tried_again_by_its_button(
    saxony: Any, admin: Visitor, receiver: Receiver, work: Callable[[], int]
) -> None:
    with saxony.app_context():
        slkt(receiver.url)
        receiver.answer(503)
        publish()
    work()
    page = admin.get(PAGE).text
    assert "Der Server des Kanals hat mit Status 503 geantwortet." in page
    assert "1 Zustellung fehlgeschlagen" in page
    receiver.answer(200)
    admin.submit(PAGE, action="/erneut")
    work()
    assert "gesendet" in admin.get(PAGE).text
    assert [json.loads(request.body)["revision"] for request in receiver.requests] == [1, 1]


def test_a_channel_that_is_switched_off_gets_nothing(
    saxony: Any, admin: Visitor, receiver: Receiver, work: Callable[[], int]
) -> None:
    with saxony.app_context():
        slkt(receiver.url)
    admin.submit(f"{PAGE}/1", {"active": []}, has="name")
    with saxony.app_context():
        publish()
    work()
    assert receiver.requests == []


@pytest.mark.parametrize("path", ["/neu", "/1"])
def test_only_the_administration_changes_channels(saxony: Any, receiver: Receiver, path: str) -> None:
    with saxony.app_context():
        slkt(receiver.url)
    editor = signed_in(saxony, "editor")
    assert editor.get(PAGE).status_code == 200
    assert editor.get(f"{PAGE}{path}").status_code == 403
