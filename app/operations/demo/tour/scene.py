"""What every chapter of the tour works with: the site, the mailbox, the partner, the report, and people at browsers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.kernel import clock
from app.operations.demo.mailbox import Mailbox, StoredMail
from app.operations.demo.partners import Arrival, Inbox
from app.operations.demo.seed.house import DemoPerson
from app.operations.demo.tour.browser import Browser
from app.operations.demo.tour.report import NotAsPromised, Report, wait_for


@dataclass(frozen=True, slots=True)
class Scene:
    """One playing of the tour. ``run`` makes its names and addresses its own, so that it can be played again."""

    site: str
    mailbox: Mailbox
    inbox: Inbox
    report: Report
    run: str
    began: datetime

    def new_mails(self, to: str = "") -> list[StoredMail]:
        """The mails since the tour began, the oldest first; to one address, or to all."""
        mails = [mail for mail in reversed(self.mailbox.mails()) if mail.received_at >= self.began]
        return [mail for mail in mails if not to or to in mail.recipients]

    def mail_to(self, address: str, subject: str) -> StoredMail:
        """Wait for a mail to this address whose subject contains this. Raises NotAsPromised."""
        return wait_for(
            f"A mail „{subject}“ to {address}",
            lambda: next((mail for mail in self.new_mails(address) if subject in mail.subject), None),
        )

    def arrival(self, kind: str, title: str) -> Arrival:
        """Wait for a webhook of this type that names this title. Raises NotAsPromised."""

        def look() -> Arrival | None:
            arrived = (each for each in self.inbox.arrivals() if each.payload.get("type") == kind)
            return next((each for each in arrived if title in each.body), None)

        return wait_for(f"The webhook {kind} about „{title}“", look)

    def where(self, mail: StoredMail) -> str:
        """Where this mail can be looked at."""
        return f"{self.site}/dev/mail/{mail.key}"

    def link_in(self, mail: StoredMail, path: str) -> str:
        """The first address of ours in the text of a mail that begins with this path. Raises NotAsPromised."""
        found = re.search(rf"{re.escape(self.site)}({re.escape(path)}[^\s)>]+)", mail.body("plain"))
        if found is None:
            raise NotAsPromised(f"„{mail.subject}“ contains no link to {path}.")
        return found[1]

    @contextmanager
    def at_the_desk(self, person: DemoPerson) -> Iterator[Browser]:
        """This person of the team, signed in."""
        with Browser(self.site) as browser:
            page = "/redaktion/anmelden?next=/redaktion/meldungen"
            browser.submit(page, {"email": person.email, "password": person.password}, has="password")
            yield browser


def now_in_berlin() -> datetime:
    """The wall clock, as forms of the desk want it."""
    return clock.local(clock.now())
