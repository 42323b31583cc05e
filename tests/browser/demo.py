"""The Saxon demo as furniture for browser tests, with one of everything that has a page of its own."""

import re
from pathlib import Path
from typing import Any

from tests.support import house, team
from tests.support.client import Operator

READER = "leserin@kommune.example"
MOVED_TO = "umgezogen@kommune.example"
ASKER = "auskunft@kommune.example"
WRITER, CONSENTER = 901, 902  # nobody who signs in here
ALL_ROLES = "alle-rollen@rundbrief.example"


def build(url: str) -> None:
    """The demo as ``make run`` loads it, and what people have done since: one of each."""
    from app.factory import create_app
    from app.kernel.db import transaction

    demo = {"DEMO": "1", "PUBLIC_URL": "http://127.0.0.1:9", "SECRET_KEY": house.SECRET, "SMTP_URL": ""}
    app = create_app(house.settings(url, "", Path("/nonexistent"), **demo))
    app.test_cli_runner_class = Operator
    loaded = app.test_cli_runner().invoke(args=["demo-load"])
    assert "demo: loaded" in loaded.output, loaded
    with app.app_context(), transaction():
        _add_one_of_each()
    with app.app_context():
        _publish_to_partners()
        _get_a_mail_back()
    team.create_person(app, ALL_ROLES, ("editor", "approver", "admin"))
    house.close(app)
    house.settle_url(url)


def _add_one_of_each() -> None:
    from app import accounts, newsletter, participation, subscriptions
    from app.kernel import text, tokens
    from app.kernel.db import session
    from app.subscriptions.services import ask_to_move

    editor = accounts.people_with("editor")[0].id
    first = subscriptions.newsletters()[0]
    wanted = subscriptions.SignUp(READER, newsletters=(first.slug,), name="Lena Beispiel")
    subscriptions.request(wanted, "Der Text der Einwilligung.")
    _add_list(first.id)
    taken = session.query(subscriptions.Subscription).order_by(subscriptions.Subscription.id).first()
    taken.state = subscriptions.State.ACTIVE  # so that there is something to change and to leave
    ask_to_move(tokens.Derived(taken.id, taken.generation), MOVED_TO)
    accounts.invite("neu@rundbrief.example", "Nora Beispiel", ("editor",))
    body = text.from_markdown("Zum Jahresende steht **einiges** an.")
    words = {"id": 1, "kind": "text", "heading": "Zum Jahresende", "body": body}
    newsletter.draft(first.id, editor, title="Was im Dezember ansteht", blocks=[words])
    waiting = newsletter.draft(first.id, editor, title="Was im Januar ansteht", blocks=[words])
    newsletter.submit(waiting.id, editor)
    participation.contribute(10244, participation.Words(kind="comment", body="Das hilft uns sehr."))
    participation.contribute(10244, participation.Words(kind="comment", body="Wie lange dauert das?", email=ASKER))
    subscriptions.ask_for_own_data(ASKER, "de")
    subscriptions.answer_own_data()


def _add_list(newsletter_id: int) -> None:
    """A list that was taken over; its files are deleted by then."""
    from app.kernel import clock
    from app.kernel.db import session
    from app.subscriptions.models import Basis, Import, Stage

    values: dict[str, Any] = {"columns": ["E-Mail"], "mapping": {"0": "email"}, "information": {}}
    counts = {"new": 410, "subscribed": 7, "duplicate": 1}
    moment = clock.now()
    session.add(
        Import(
            newsletter_id=newsletter_id,
            filename="funktionspostfaecher.csv",
            kind="csv",
            basis=Basis.PUBLIC_TASK,
            justification="Die Gemeinden setzen das Onlinezugangsgesetz um.",
            stage=Stage.DONE,
            found=counts,
            done=counts,
            created_by="Vera Beispiel",
            created_at=moment,
            finished_at=moment,
            announced_at=moment,
            files_deleted_at=moment,
            **values,
        )
    )
    session.flush()


def _get_a_mail_back() -> None:
    from app.delivery.inbound.pump import receive

    raw = (
        b"From: MAILER-DAEMON@relay.example\nTo: redaktion@rundbrief.example\n"
        b"Subject: Undelivered Mail Returned to Sender\n"
        b"Content-Type: text/plain\n\n<leserin@kommune.example>: host mx.kommune.example said: 550 5.1.1 User unknown\n"
    )
    receive(raw, [])


def _publish_to_partners() -> None:
    from app import announcements, wiring
    from app.kernel import clock
    from app.kernel.db import transaction

    said = announcements.Content(title="Was die Infokanäle erhalten", lead="Ein Satz.", regions=("14",))
    with transaction():
        made = announcements.draft(said, WRITER)
        announcements.submit(made, WRITER)
        announcements.approve(made, made.content_hash, CONSENTER, clock.now())
    assert announcements.publish_due(wiring.ON_PUBLISH) == 1


def examples(app: Any) -> dict[str, list[dict[str, Any]]]:
    """Arguments for every route that has some, from what the demo holds."""
    from app import accounts, announcements, delivery, events, newsletter, participation, subscriptions, syndication
    from app.kernel import tokens
    from app.kernel.db import session
    from app.subscriptions.models import Import

    def id_of(model: Any) -> int:
        return session.query(model).order_by(model.id).first().id

    def token_in_mail(address: str, path: str) -> str:
        text = session.get_one(delivery.Message, delivery.of_address(address)[0].message_id).text
        found = re.search(rf"{path}/([\w-]+)", text)
        assert found, text
        return found[1]

    with app.app_context():
        subscription = id_of(subscriptions.Subscription)
        named = subscription, session.get_one(subscriptions.Subscription, subscription).generation
        event = events.upcoming()[0]
        announcement = {"announcement_id": id_of(announcements.Announcement)}
        newsletter_slug = subscriptions.newsletters()[0].slug
        issue = {"issue_id": id_of(newsletter.Issue)}
        dispatch = announcements.due_dispatches()[0]
        return {
            "accounts.invitation": [{"token": token_in_mail("neu@rundbrief.example", "einladung")}],
            "accounts.reset": [{"token": "unknown"}],
            "accounts_desk.person": [{"user_id": id_of(accounts.User)}],
            "announcements.show": [{"slug": announcements.latest(limit=1)[0].slug}],
            "announcements_desk.edit": [announcement],
            "announcements_desk.preview_html": [{**announcement, "number": 0}],
            "announcements_desk.show": [announcement],
            "announcements_desk.withdraw": [announcement],
            "calendar.of_district": [],
            "calendar.of_municipality": [],
            "calendar.of_topic": [],
            "calendar.one": [],
            "delivery_desk.send_again": [{"delivery_id": 1}],
            "delivery_desk.send_all_again": [{"group": "issue:1"}],
            "returns_desk.show": [{"mail_id": id_of(delivery.ReturnedMail)}],
            "returns_desk.source": [{"mail_id": id_of(delivery.ReturnedMail)}],
            "events.show": [{"slug": event.slug}],
            "events_desk.cancel": [{"event_id": event.id}],
            "events_desk.edit": [{"event_id": event.id}],
            "events_desk.move": [{"event_id": event.id}],
            "events_desk.show": [{"event_id": event.id}],
            "newsletter.issue": [{"slug": "unknown"}],
            "newsletter_desk.cancel_sending": [issue],
            "newsletter_desk.edit": [issue],
            "newsletter_desk.edit_welcome": [{"slug": newsletter_slug}],
            "newsletter_desk.issue": [issue, {"issue_id": issue["issue_id"] + 1}],
            "newsletter_desk.preview": [issue],
            "newsletter_desk.preview_mail": [issue],
            "newsletter_desk.preview_welcome": [{"slug": newsletter_slug, "code": "de"}],
            "newsletter_desk.report": [issue],
            "participation.service": [{"ozg_id": 10244}],
            "participation_desk.moderate": [{"contribution_id": id_of(participation.Contribution)}],
            "projects_desk.edit": [{"ozg_id": 10244}],
            "subscriptions.confirm": [{"token": token_in_mail(READER, "bestaetigen")}],
            "subscriptions.move": [{"token": token_in_mail(MOVED_TO, "adresse")}],
            "subscriptions.new_address": [{"token": tokens.derive("preferences", *named)}],
            "subscriptions.new_address_sent": [{"token": tokens.derive("preferences", *named)}],
            "subscriptions.keep": [{"token": tokens.derive("preferences", *named)}],
            "subscriptions.leave": [{"token": tokens.derive("unsubscribe", *named)}],
            "subscriptions.my_data": [{"token": token_in_mail(ASKER, "meine-daten")}],
            "subscriptions.my_data_erase": [{"token": token_in_mail(ASKER, "meine-daten")}],
            "subscriptions.my_data_file": [],
            "subscriptions.my_data_request": [{"token": tokens.derive("preferences", *named)}],
            "subscriptions.preferences": [{"token": tokens.derive("preferences", *named)}],
            "subscriptions_desk.erase": [{"subscriber_id": id_of(subscriptions.Subscriber)}],
            "subscriptions_desk.evidence_json": [],
            "subscriptions_desk.evidence_page": [{"subscriber_id": id_of(subscriptions.Subscriber)}],
            "subscriptions_desk.evidence_pdf": [],
            "subscriptions_desk.person": [{"subscriber_id": id_of(subscriptions.Subscriber)}],
            "subscriptions_desk.one_import": [{"import_id": id_of(Import)}],
            "subscriptions_desk.verdicts": [],
            "syndication.partner": [{"token": syndication.acknowledge_token(dispatch.id)}],
            "syndication_desk.edit": [{"channel_id": announcements.channels()[0].id}],
        }
