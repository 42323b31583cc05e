"""How fast an issue leaves: prepared, claimed and sent to a real SMTP server on loopback, on SQLite."""

import tempfile
import time
from pathlib import Path

from app import create_app, delivery
from app.kernel import clock
from app.kernel.db import session, transaction
from app.subscriptions import State, Subscriber, Subscription
from tests.newsletter import story
from tests.support import house
from tests.support.smtp import RunningSink

RECIPIENTS = 500


def main() -> None:
    server = RunningSink()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        house.build_saxony(url)
        app = create_app(house.settings(url, server.sink.url, Path(folder), SEND_RATE="1000000"))
        with app.app_context():
            newsletter_id = story.found_newsletter()
            add_readers(newsletter_id)
            issue_id = story.draft(newsletter_id)
            story.send_now(issue_id)
        begun = time.perf_counter()
        house.work(app)
        seconds = time.perf_counter() - begun
        with app.app_context():
            done = delivery.progress(f"issue:{issue_id}")
        house.close(app)
    sent = sum(len(mail.recipients) for mail in server.sink.received)
    server.stop()
    assert (done.accepted, sent) == (RECIPIENTS, RECIPIENTS)
    print(f"sending: {RECIPIENTS} mails in {seconds:.1f} s, {RECIPIENTS / seconds:.0f} per second")


def add_readers(newsletter_id: int) -> None:
    now = clock.now()
    with transaction():
        for number in range(RECIPIENTS):
            address = f"reader{number}@kommune.example"
            person = Subscriber(
                address=address, normalised=address, name=f"Leserin {number}", chain=f"{number:032d}", created_at=now
            )
            session.add(person)
            person.subscriptions.append(
                Subscription(
                    newsletter_id=newsletter_id,
                    state=State.ACTIVE,
                    regions=[],
                    topics=[],
                    requested_at=now,
                    confirmed_at=now,
                    welcomed_at=now,
                )
            )


if __name__ == "__main__":
    main()
