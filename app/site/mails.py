"""Mails of the public front."""

from dataclasses import dataclass

from app.kernel import mail
from app.kernel.mail import Mail, MailSample


@dataclass(frozen=True, slots=True)
class BarrierReport:
    """What somebody told us about a barrier; ``reference`` names it in the answer."""

    reference: str
    where: str
    what: str
    name: str
    address: str


def barrier_reported(report: BarrierReport) -> Mail:
    """The report, to the contact address of the team; always in German, the language of the desk."""
    return mail.render("site/barrier_reported", "de", report=report)


def _sample(lang: str) -> Mail:
    report = BarrierReport(
        reference="B-7K2M9Q",
        where="/termine",
        what="Die Filter lassen sich mit der Tastatur nicht erreichen.\nIch nutze Firefox und NVDA.",
        name="Cora Muster",
        address="cora.muster@gemeinde.example",
    )
    return mail.render("site/barrier_reported", lang, report=report)


SAMPLES = [MailSample("site/barrier_reported", _sample)]
