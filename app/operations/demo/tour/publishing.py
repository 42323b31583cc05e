"""What two people do at the desk with an announcement, and what partners must then have received."""

import re
from dataclasses import dataclass

import httpx2

from app.operations.demo.mailbox import StoredMail
from app.operations.demo.partners import Arrival
from app.operations.demo.seed.house import APPROVER, EDITOR
from app.operations.demo.tour.browser import Browser
from app.operations.demo.tour.report import NotAsPromised, wait_for
from app.operations.demo.tour.scene import Scene

SSG_ADDRESS = "infokanal@ssg.example"


@dataclass(frozen=True, slots=True)
class Received:
    """What the two partners received of one revision."""

    mail: StoredMail
    arrival: Arrival


def approve(scene: Scene, announcement: str) -> None:
    """The editor lays the announcement (a path of the desk) before the other person, who approves it at once."""
    with scene.at_the_desk(EDITOR) as editor:
        editor.submit(announcement, action="/vorlegen")
        refused = editor.post(f"{announcement}/freigeben", {}).status_code
        if refused < httpx2.codes.BAD_REQUEST:
            raise NotAsPromised(f"The editor's own approval was answered with {refused}.")
    with scene.at_the_desk(APPROVER) as approver:
        approver.submit(announcement, action="/freigeben")
    scene.report.step(f"{EDITOR.name} laid it before a second person and could not approve; {APPROVER.name} approved")


def received_by_partners(scene: Scene, title: str, *, correction: bool) -> Received:
    """Wait for SSG's mail and SLKT's webhook about the same revision; both enter the table. Raises NotAsPromised."""
    kind = "announcement.corrected" if correction else "announcement.published"
    arrival = scene.arrival(kind, title)
    if not arrival.verified:
        raise NotAsPromised(f"The signature of {kind} could not be verified.")
    identifier, revision = str(arrival.payload["id"]), str(arrival.payload["revision"])
    mail = wait_for(
        f"The mail to SSG about {identifier}, revision {revision}", lambda: _mail(scene, identifier, revision)
    )
    what = f"{'correction' if correction else 'announcement'} {identifier}, revision {revision}"
    scene.report.step(f"SSG (mail) and SLKT (webhook, signature verified) received {what}")
    scene.report.row("SSG", what, "mail in fixed format", scene.where(mail))
    scene.report.row("SLKT", what, "signed webhook", f"{scene.site}/dev/partners")
    return Received(mail, arrival)


def link(page: httpx2.Response | str, pattern: str) -> str:
    """The first address on a page that fits the pattern. Raises NotAsPromised."""
    text = page if isinstance(page, str) else page.text
    found = re.search(rf'href="({pattern})"', text)
    if found is None:
        raise NotAsPromised(f"There is no link like {pattern} on the page.")
    return found[1]


def wait_for_link(browser: Browser, page: str, pattern: str) -> str:
    """Reload a page until it has such a link. Raises NotAsPromised."""

    def look() -> str | None:
        found = re.search(rf'href="({pattern})"', browser.open(page).text)
        return found[1] if found else None

    return wait_for(f"A link like {pattern} on {page}", look)


def _mail(scene: Scene, identifier: str, revision: str) -> StoredMail | None:
    def fits(mail: StoredMail) -> bool:
        return mail.raw_header("X-OZG-Meldung-ID") == identifier and mail.raw_header("X-OZG-Fassung") == revision

    return next((mail for mail in scene.new_mails(SSG_ADDRESS) if fits(mail)), None)
