"""The tour from its first step to its table."""

from collections.abc import Callable

from app.kernel import clock
from app.operations.demo.mailbox import Mailbox
from app.operations.demo.partners import Inbox
from app.operations.demo.tour.joining import join
from app.operations.demo.tour.report import NotAsPromised, Report
from app.operations.demo.tour.scene import Scene, now_in_berlin


def play(site: str, mailbox: Mailbox, inbox: Inbox, say: Callable[[str], None]) -> Report:
    """Play all chapters; what breaks a promise ends the tour and stands in the table as missing."""
    report = Report(say)
    run = f"{now_in_berlin():%d%H%M%S}"
    scene = Scene(site, mailbox, inbox, report, run, clock.now())
    say(f"The tour plays at {site}, as real clients would: HTTP, SMTP, iCalendar, webhooks.")
    try:
        join(scene)
    except NotAsPromised as broken:
        report.step(f"NOT AS PROMISED: {broken}")
        report.row("the tour", str(broken), "", site, delivered=False)
    return report
