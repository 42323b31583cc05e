"""What participation keeps about people."""

from typing import Final

from app.kernel.i18n import lazy
from app.kernel.privacy import PersonalData

PERSONAL_DATA: Final = [
    PersonalData(
        lazy("Beiträge zu Leistungen, auf Wunsch mit Name und Organisation"),
        lazy("Veröffentlichung und Antwort der Redaktion"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO; die Angaben sind freiwillig"),
        lazy("Veröffentlichte, solange die Leistung gezeigt wird; nicht veröffentlichte 30 Tage nach der Entscheidung"),
    ),
    PersonalData(
        lazy("E-Mail-Adresse für Rückfragen zu einem Beitrag"),
        lazy("Rückfragen der Redaktion"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO; die Angaben sind freiwillig"),
        lazy("30 Tage nach der Entscheidung über den Beitrag"),
    ),
]
