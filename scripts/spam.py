"""What SpamAssassin thinks of the demo's issue and of every other mail of the product, offline: at most 1.0 points.

Wants the program: `apt-get install spamassassin`. It looks at the words and the build of a mail, not at the network.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import select  # noqa: E402  (the script runs from any folder)

from app import announcements, newsletter, subscriptions, wiring  # noqa: E402
from app.delivery.letter import Stencil  # noqa: E402
from app.delivery.models import Delivery, Message  # noqa: E402
from app.factory import create_app  # noqa: E402
from app.kernel import clock  # noqa: E402
from app.kernel.config import Settings  # noqa: E402
from app.kernel.db import session, transaction  # noqa: E402
from app.operations.demo import seed  # noqa: E402
from app.operations.demo.seed.dates import team  # noqa: E402
from app.operations.demo.tour.issues import GREETING, PREHEADER  # noqa: E402
from tests.delivery.letter.golden_mails import golden_mails  # noqa: E402
from tests.delivery.letter.letters import DATE, Person, arrived, message  # noqa: E402
from tests.newsletter import story  # noqa: E402
from tests.support import house  # noqa: E402

AT_MOST = 1.0
GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
PUBLIC = {"PUBLIC_URL": "https://rundbrief.example.org", "MAIL_FROM": "Redaktion <redaktion@rundbrief.example.org>"}
SCORE = re.compile(r"^Content analysis details:\s+\((-?[\d.]+) points", re.MULTILINE)


def main() -> int:
    program = shutil.which("spamassassin")
    if program is None:
        print("spam: SpamAssassin is missing: apt-get install spamassassin")
        return 1
    if not judges(program):
        print("spam: SpamAssassin does not recognise its own test mail; are its rules installed?")
        return 1
    too_bad = []
    for name, mail in mails().items():
        report = judged(program, mail)
        found = SCORE.search(report)
        assert found is not None, report
        if float(found[1]) > AT_MOST:
            too_bad.append(name)
            print(report[found.start() :])
        print(f"spam: {float(found[1]):5.1f}  {name}")
    print(f"spam: more than {AT_MOST}: {', '.join(too_bad) or 'none'}")
    return 1 if too_bad else 0


def judges(program: str) -> bool:
    """Whether it finds what every spam filter has to find."""
    found = SCORE.search(judged(program, b"Subject: Test\r\n\r\n" + GTUBE + b"\r\n"))
    return found is not None and float(found[1]) > AT_MOST


def mails() -> dict[str, bytes]:
    """The demo's issue as it arrives, then every mail as it was read and agreed."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/spam.sqlite"
        house.build_empty(url)
        settings = house.settings(url, "smtp://127.0.0.1:9", Path(folder), **PUBLIC)
        app = create_app(settings)
        with app.app_context():
            made = {"the demo's issue": demo_issue(settings)}
            for name, mail in golden_mails().items():
                text, html = (
                    part.replace("http://rundbrief.example", PUBLIC["PUBLIC_URL"]) for part in (mail.text, mail.html)
                )
                kind = "issue" if name.startswith("newsletter/") else "single"
                headers = (
                    {} if kind == "single" else {"List-Id": "OZG-Newsletter <ozg-newsletter.rundbrief.example.org>"}
                )
                frozen = message(
                    mail, text=text, html=html, kind=kind, from_=settings.mail_from, headers=headers, reply_to=""
                )
                made[name] = arrived(Stencil(frozen, settings).fill(Person(), DATE))
        house.close(app)
    return made


def demo_issue(settings: Settings) -> bytes:
    """The demo is loaded, an issue composed as the tour does it, and taken from the ledger as it would leave."""
    with transaction():
        seed.found_house()
    with transaction():
        seed.plan_news(*team())
        seed.plan_dates(*team())
    announcements.publish_due(wiring.ON_PUBLISH)
    newsletter_id = subscriptions.newsletters()[0].id
    story.add_reader(newsletter_id, "anna@amt.example", "Anna Beispiel")
    with transaction():
        issue_id = newsletter.draft(newsletter_id, story.AUTHOR, title="Termine und Neues", preheader=PREHEADER).id
        blocks = newsletter.get(issue_id).blocks
        newsletter.edit(issue_id, {"blocks": [story.words(GREETING), *blocks[1:]]}, story.AUTHOR)
    story.send_now(issue_id)
    with transaction():
        newsletter.start(issue_id)
        frozen = session.scalars(select(Message).where(Message.group == f"issue:{issue_id}")).one()
        delivery = session.scalars(select(Delivery).where(Delivery.message_id == frozen.id)).one()
        return arrived(Stencil(frozen, settings).fill(delivery, clock.now() - timedelta(minutes=1)))


def judged(program: str, mail: bytes) -> str:
    """SpamAssassin's report, with its own settings and nobody's."""
    with tempfile.TemporaryDirectory() as home:
        command = [program, "--local", "--test-mode", f"--prefspath={home}/none", "--nocreate-prefs"]
        done = subprocess.run(
            command,
            input=mail.replace(b"\r\n", b"\n"),
            capture_output=True,
            env={"HOME": home, "PATH": "/usr/bin:/bin"},
        )
    return done.stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main())
