"""What the tests of this feature share: newsletters, a visitor who signs up as a person does, links out of mails."""

import re
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app import delivery, subscriptions, wiring
from app.kernel.db import session, transaction
from app.operations.demo.forms_in_html import find_form
from app.subscriptions import Subscriber, Subscription
from tests.support.client import Visitor
from tests.support.house import PUBLIC_URL, HeldClock

OZG, SAKD = "ozg-newsletter", "sakd-aktuell"
SIGN_UP = "/newsletter/anmelden"


def found_newsletters(app: Any) -> None:
    """The two newsletters of the demo."""
    with app.app_context(), transaction():
        subscriptions.create_newsletter(OZG, "OZG-Newsletter", description="Neues zum Onlinezugangsgesetz")
        subscriptions.create_newsletter(SAKD, "SAKD-aktuell")


def sign_up(client: Visitor, clock: HeldClock, address: str, **values: Any) -> Any:
    """Open the form, take ten seconds to fill it in, send it."""
    page = client.get(SIGN_UP)
    clock.tick(seconds=10)
    return send(client, page.text, SIGN_UP, {"newsletters": [OZG], "email": address, **values})


def send(client: Visitor, page: str, path: str, values: dict[str, Any] | None = None) -> Any:
    """Fill in and send the form of a page that was opened before; sign-ups are answered by mail at once."""
    form = find_form(page, path)
    answer = client.post(form.action, data=MultiDict(form.filled(values or {})))
    answer_sign_ups(client.application)
    return answer


def answer_sign_ups(app: Any) -> int:
    """What a job does every second: answer by mail what was asked for in forms; how many."""
    [job] = [job for job in wiring.JOBS if job.name == "subscriptions.answer_sign_ups"]
    with app.app_context():
        return job.run()


def mails_to(app: Any, address: str) -> list[tuple[str, str]]:
    """Subject and text of all that is owed to this address, oldest first."""
    with app.app_context():
        return [(d.message.subject, d.message.text) for d in delivery.of_address(address)]


def link_in(text: str, what: str) -> str:
    """The path of the link of this kind (``bestaetigen``, ``einstellungen``) in a mail."""
    found = re.search(rf"{re.escape(PUBLIC_URL)}(/newsletter/{what}/\S+)", text)
    assert found, text
    return found.group(1)


def subscribe(app: Any, client: Visitor, clock: HeldClock, address: str, **values: Any) -> None:
    """Sign up and press the button behind the link."""
    sign_up(client, clock, address, **values)
    answer = client.submit(link_in(mails_to(app, address)[-1][1], "bestaetigen"), follow=True)
    assert answer.status_code == 200


def states(app: Any, address: str) -> dict[str, str]:
    """The state of each subscription of this address, by the newsletter's slug."""
    with app.app_context():
        rows = session.scalars(
            select(Subscription).join(Subscription.subscriber).where(Subscriber.normalised == address.lower())
        )
        return {row.newsletter.slug: str(row.state) for row in rows}


def links_of(app: Any, address: str) -> tuple[str, str]:
    """The paths to leave and to change preferences of the first subscription of this address."""
    with app.app_context():
        row = session.scalars(
            select(Subscription).join(Subscription.subscriber).where(Subscriber.normalised == address.lower())
        ).first()
        assert row is not None
        urls = subscriptions.unsubscribe_url(row), subscriptions.preferences_url(row)
        return urls[0].removeprefix(PUBLIC_URL), urls[1].removeprefix(PUBLIC_URL)
