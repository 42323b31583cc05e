"""Chapter one: people sign up, a scanner opens their links, they confirm, they are welcomed; one never confirms."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from app.operations.demo.mailbox import StoredMail
from app.operations.demo.tour.browser import Browser
from app.operations.demo.tour.report import NotAsPromised
from app.operations.demo.tour.scene import Scene

READING_SECONDS: Final = 3.2
NEWSLETTER: Final = "ozg-newsletter"
ASKED, WELCOME = "estätig", "illkommen"  # in the subjects of the two mails
CONFIRM_PATH: Final = "/newsletter/bestaetigen/"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs up; ``region`` is the key of a Kreis."""

    name: str
    organisation: str
    region: str


PEOPLE: Final = (
    Person("Anna Muster", "Musterstadt an der Spree", "14625"),
    Person("Bernd Muster", "Mustergemeinde im Gebirge", "14521"),
    Person("Carla Muster", "Landratsamt Musterkreis", "14730"),
)
HESITANT: Final = Person("Doris Muster", "Mustergemeinde am See", "14729")


def join(scene: Scene) -> list[str]:
    """Three people sign up and confirm, one signs up only. Returns the addresses that confirmed."""
    _sign_up(scene, (*PEOPLE, HESITANT))
    confirmed = [_confirm(scene, person) for person in PEOPLE]
    hesitant = _address(scene, HESITANT)
    _scan(scene, scene.link_in(scene.mail_to(hesitant, ASKED), CONFIRM_PATH))
    for address in confirmed:
        welcome = scene.mail_to(address, WELCOME)
        check_list_headers(welcome)
        scene.report.row(address, welcome.subject, "SMTP", scene.where(welcome))
    scene.report.step(f"{len(confirmed)} welcome mails arrived, each with a link to leave by one click")
    if len(scene.new_mails(hesitant)) != 1:
        raise NotAsPromised(f"{hesitant} never confirmed and got more than the mail that asks.")
    scene.report.step(f"{hesitant} signed up and never confirmed; a scanner opened the link; nothing more was sent")
    return confirmed


def _sign_up(scene: Scene, people: tuple[Person, ...]) -> None:
    """All at the same time, each in a browser of their own, as slowly as people read."""
    with ExitStack() as stack:
        browsers = [stack.enter_context(Browser(scene.site)) for _ in people]
        forms = [browser.open("/newsletter/anmelden") for browser in browsers]
        time.sleep(READING_SECONDS)
        for person, browser, form in zip(people, browsers, forms, strict=True):
            values: dict[str, str | list[str]] = {
                "email": _address(scene, person),
                "newsletters": [NEWSLETTER],
                "name": person.name,
                "organisation": person.organisation,
                "regions": [person.region],
            }
            browser.submit(form, values, has="email")


def _confirm(scene: Scene, person: Person) -> str:
    """A scanner opens the link, which changes nothing; then the person presses the button on the page behind it."""
    address = _address(scene, person)
    asked = scene.mail_to(address, ASKED)
    link = scene.link_in(asked, CONFIRM_PATH)
    _scan(scene, link)
    with Browser(scene.site) as browser:
        browser.submit(link)
    scene.report.step(f"{address} signed up, and confirmed by POST on the page behind the link")
    scene.report.row(address, "confirmation link, confirmed by POST", "SMTP, website", scene.where(asked))
    return address


def _scan(scene: Scene, link: str) -> None:
    with Browser(scene.site) as scanner:
        scanner.peek(link)


def check_list_headers(mail: StoredMail) -> None:
    """Raises NotAsPromised unless one whole web address stands there raw, with the POST header beside it (RFC 8058)."""
    unsubscribe, post = mail.raw_header("List-Unsubscribe"), mail.raw_header("List-Unsubscribe-Post")
    web = [part.strip() for part in unsubscribe.split(",") if part.strip().startswith("<http")]
    if len(web) != 1 or not web[0].endswith(">") or any(c.isspace() for c in web[0]) or "=?" in unsubscribe:
        raise NotAsPromised(f"List-Unsubscribe of „{mail.subject}“ is not raw: {unsubscribe!r}")
    if post != "List-Unsubscribe=One-Click":
        raise NotAsPromised(f"List-Unsubscribe-Post of „{mail.subject}“ is {post!r}")


def _address(scene: Scene, person: Person) -> str:
    return f"{person.name.lower().replace(' ', '.')}.{scene.run}@kommune.example"
