"""What is kept about visitors: their session, and reports of barriers."""

from typing import Final

from app import delivery
from app.kernel.i18n import lazy
from app.kernel.privacy import Period, PersonalData, Record, fact

NOTICE: Final = "site/texts/privacy.{lang}.html"


def _disclose(address: str) -> list[Record]:
    reports = delivery.naming(address, "barrier")
    return [
        Record(
            lazy("Gemeldete Barriere"),
            (fact("at", lazy("Wann"), one.created_at), fact("text", lazy("Text"), one.text)),
        )
        for one in reports
    ]


def _erase(address: str) -> int:
    return delivery.blank([one.id for one in delivery.naming(address, "barrier")])


PERSONAL_DATA: Final = [
    PersonalData(
        lazy("Sitzung und gewählte Sprache (zwei Cookies)"),
        lazy("Schutz der Formulare vor Missbrauch; Anzeige in Ihrer Sprache"),
        lazy("§ 25 Abs. 2 Nr. 2 TDDDG, Art. 6 Abs. 1 Buchst. e DSGVO"),
        Period(lazy("Sitzung: bis Sie den Browser schließen; Sprache: ein Jahr")),
        name="site.cookies",
        remains=lazy("Die Cookies liegen nur in Ihrem Browser; löschen können Sie sie dort."),
    ),
    PersonalData(
        lazy("Meldung einer Barriere, auf Wunsch mit Name und E-Mail-Adresse"),
        lazy("Barriere beseitigen und Ihnen antworten"),
        lazy("Art. 6 Abs. 1 Buchst. c DSGVO (Pflicht zur Rückmeldung)"),
        Period(
            lazy(
                "Bei uns %(days)d Tage, nachdem die Meldung an die Redaktion ging; in ihrem Postfach, "
                "bis sie erledigt ist",
                days=delivery.TEXT_KEPT.days,
            ),
            delivery.TEXT_KEPT,
        ),
        name="site.barriers",
        ended_by="delivery.blank_single_mails",
        remains=lazy("Eine Meldung, die schon im Postfach der Redaktion liegt, löscht die Redaktion auf Ihren Wunsch."),
        columns=("messages.text", "messages.html"),
        disclose=_disclose,
        erase=_erase,
    ),
]
