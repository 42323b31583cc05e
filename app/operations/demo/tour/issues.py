"""Chapter three: an issue is composed, approved by a second person, scheduled, and reaches exactly the confirmed."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from app.operations.demo.mailbox import StoredMail
from app.operations.demo.seed.house import APPROVER, EDITOR
from app.operations.demo.tour.browser import Browser
from app.operations.demo.tour.joining import check_list_headers
from app.operations.demo.tour.publishing import wait_for_link
from app.operations.demo.tour.report import NotAsPromised, wait_for
from app.operations.demo.tour.scene import Scene, now_in_berlin

START_SECONDS: Final = 100.0
PREHEADER: Final = "Was kommt, was neu ist, was sich ändert."
GREETING: Final = "In dieser Ausgabe: die nächsten Termine in den Regionen und was seit der letzten neu ist."


def send_issue(scene: Scene, joined: list[str], confirmed: Callable[[], set[str]]) -> None:
    """Compose, approve, schedule for the next minute, and see who got it. ``confirmed`` says who should."""
    title = f"Termine und Neues ({scene.run})"
    with scene.at_the_desk(EDITOR) as editor:
        issue = _compose(editor, title)
        editor.submit(issue, action="/vorlegen")
        scene.report.step(f"{EDITOR.name} composed the issue „{title}“ from blocks and laid it before a second person")
        with scene.at_the_desk(APPROVER) as approver:
            approver.submit(issue, action="/freigeben")
        at = (now_in_berlin() + timedelta(seconds=65)).replace(second=0, microsecond=0)
        editor.submit(issue, {"day": f"{at:%Y-%m-%d}", "at": f"{at:%H:%M}"}, action="/terminieren")
        scene.report.step(
            f"{APPROVER.name} approved exactly what was shown; it is scheduled for {at:%H:%M}, Berlin time"
        )
        expected = confirmed()
        mails = wait_for("The issue", lambda: _everybody(scene, title, expected), START_SECONDS)
        web = wait_for_link(editor, issue, r"/newsletter/ausgaben/[a-z0-9-]+")
    _check(mails, expected, joined)
    with Browser(scene.site) as reader:
        reader.open(web)
    scene.report.step(f"the worker sent it to exactly the {len(expected)} confirmed addresses, each once")
    for mail in mails:
        if mail.recipients[0] in joined:
            scene.report.row(mail.recipients[0], mail.subject, "SMTP", scene.where(mail))
    scene.report.row("everybody", title, "web archive", f"{scene.site}{web}")


def _compose(editor: Browser, title: str) -> str:
    """Begin an issue of the first newsletter and fill in its title; returns its page at the desk."""
    begun = editor.submit("/redaktion/ausgaben", has="newsletter")
    values: dict[str, str | list[str]] = {"title": title, "preheader": PREHEADER, "b1-body": GREETING}
    return str(editor.submit(begun, values, has="preheader", button=("do", "check")).url.path)


def _everybody(scene: Scene, title: str, expected: set[str]) -> list[StoredMail] | None:
    """The mails of the issue, once all who should have it do."""
    mails = [mail for mail in scene.new_mails() if title in mail.subject and mail.raw_header("List-Unsubscribe")]
    return mails if {address for mail in mails for address in mail.recipients} >= expected else None


def _check(mails: list[StoredMail], expected: set[str], joined: list[str]) -> None:
    """Raises NotAsPromised unless each expected address got it once, nobody else, and all can leave by one click."""
    got = Counter(address for mail in mails for address in mail.recipients)
    if set(got) != expected or max(got.values()) > 1:
        raise NotAsPromised(f"The issue went to {sorted(got.elements())}, not once to each of {sorted(expected)}.")
    if not set(joined) <= set(got):
        raise NotAsPromised(f"{sorted(set(joined) - set(got))} confirmed and did not get the issue.")
    for mail in mails:
        check_list_headers(mail)
