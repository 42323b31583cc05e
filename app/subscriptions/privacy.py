"""What the subscriptions keep about people."""

from typing import Final

from app.kernel.i18n import lazy
from app.kernel.privacy import PersonalData

PERSONAL_DATA: Final = [
    PersonalData(
        lazy("E-Mail-Adresse, gewählte Newsletter, Regionen und Themen, auf Wunsch Name und Organisation"),
        lazy("Versand der Newsletter, die Sie bestellt haben"),
        lazy("Art. 6 Abs. 1 Buchst. a DSGVO (Einwilligung)"),
        lazy("Bis zum Ende des dritten Jahres nach Ihrer Abmeldung; ohne Bestätigung 10 Tage"),
    ),
    PersonalData(
        lazy("Wann Sie welchem Wortlaut zugestimmt, was Sie geändert und wann Sie sich abgemeldet haben"),
        lazy("Nachweis der Einwilligung"),
        lazy("Art. 7 Abs. 1 DSGVO"),
        lazy("Wie die E-Mail-Adresse; danach nur noch Zeitpunkte und Prüfsummen ohne Bezug zu Ihnen"),
    ),
]
