"""The tour from its first step to its table."""

from collections.abc import Callable

from app.kernel import clock
from app.operations.demo.mailbox import Mailbox
from app.operations.demo.partners import Inbox
from app.operations.demo.tour.issues import send_issue
from app.operations.demo.tour.joining import join
from app.operations.demo.tour.report import NotAsPromised, Report
from app.operations.demo.tour.scene import Scene, now_in_berlin
from app.operations.demo.tour.workshops import announce, move

Confirmed = Callable[[], set[str]]
"""Asks who has confirmed the tour's newsletter: those, and nobody else, must get the issue."""


def play(site: str, mailbox: Mailbox, inbox: Inbox, confirmed: Confirmed, say: Callable[[str], None]) -> Report:
    """Play all chapters; what breaks a promise ends the tour and stands in the table as missing."""
    report = Report(say)
    scene = Scene(site, mailbox, inbox, report, f"{now_in_berlin():%d%H%M%S}", clock.now())
    say(f"The tour plays at {site}, as real clients would: HTTP, SMTP, iCalendar, webhooks.")
    try:
        joined = join(scene)
        workshop = announce(scene)
        send_issue(scene, joined, confirmed)
        move(scene, workshop)
    except NotAsPromised as broken:
        report.step(f"NOT AS PROMISED: {broken}")
        report.row("the tour", str(broken), "", site, delivered=False)
    return report
