"""What participation keeps about people, shows them, and forgets."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select

from app import delivery, projects
from app.kernel import audit
from app.kernel.db import session
from app.kernel.i18n import lazy, short_date
from app.kernel.privacy import Period, PersonalData, Record, fact, without
from app.participation.models import Contribution, State
from app.participation.services import KEPT_AFTER_DECISION

ADDRESS: Final = Period(
    lazy("%(days)d Tage nach der Entscheidung über den Beitrag", days=KEPT_AFTER_DECISION.days), KEPT_AFTER_DECISION
)
PUBLISHED: Final = Period(
    lazy(
        "Veröffentlichte, solange die Leistung gezeigt wird; nicht veröffentlichte %(days)d Tage nach der Entscheidung",
        days=KEPT_AFTER_DECISION.days,
    ),
    KEPT_AFTER_DECISION,
)


def _of(address: str) -> Sequence[Contribution]:
    """What was written under this address, while we know it."""
    known = session.scalars(select(Contribution).where(Contribution.email != "").order_by(Contribution.id))
    return [one for one in known if delivery.address_key(one.email) == address]


def _disclose(address: str) -> list[Record]:
    return [
        Record(
            lazy("Beitrag vom %(day)s", day=short_date(one.created_at)),
            (
                fact("service", lazy("Leistung"), projects.get_service(one.ozg_id).name),
                fact("kind", lazy("Art"), one.kind_label),
                fact("state", lazy("Stand"), one.state_label),
                fact("body", lazy("Text"), one.body),
                fact("name", lazy("Name"), one.name),
                fact("organisation", lazy("Organisation"), one.organisation),
                fact("email", lazy("E-Mail-Adresse"), one.email),
                fact("answer", lazy("Antwort der Redaktion"), one.answer),
            ),
        )
        for one in _of(address)
    ]


def _erase(address: str) -> int:
    """Published ones stay without who wrote them, named in the text or in the answer or not; the others go."""
    found = _of(address)
    for one in found:
        words = [address, one.email, one.name, one.organisation]
        audit.forget_words(f"contribution:{one.id}", words)
        if one.state == State.PUBLISHED:
            one.body, one.answer = without(one.body, words), without(one.answer, words)
            one.name = one.organisation = one.email = ""
        else:
            session.delete(one)
    session.flush()
    return len(found)


def _holders() -> Iterable[str]:
    known = session.scalars(select(Contribution.email).where(Contribution.email != "").distinct())
    return [delivery.address_key(email) for email in known]


PERSONAL_DATA: Final = [
    PersonalData(
        lazy("Beiträge zu Leistungen, auf Wunsch mit Name und Organisation"),
        lazy("Veröffentlichung und Antwort der Redaktion"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO; die Angaben sind freiwillig"),
        PUBLISHED,
        name="participation.contributions",
        ended_by="participation.forget_writers",
        remains=lazy(
            "Der Text veröffentlichter Beiträge bleibt ohne Ihren Namen stehen, weil andere darauf Bezug nehmen; Ihr "
            "Name wird auch im Text unkenntlich. Soll der Text ganz entfallen, schreiben Sie uns."
        ),
        columns=tuple(f"contributions.{name}" for name in ("body", "name", "organisation", "answer")),
        disclose=_disclose,
        erase=_erase,
        holders=_holders,
    ),
    PersonalData(
        lazy("E-Mail-Adresse für Rückfragen zu einem Beitrag"),
        lazy("Rückfragen der Redaktion"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO; die Angaben sind freiwillig"),
        ADDRESS,
        name="participation.address",
        ended_by="participation.forget_writers",
        columns=("contributions.email",),
    ),
]
