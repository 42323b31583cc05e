"""What is kept about people, apart from what features name themselves in their ``privacy.py``."""

from typing import Final

from app.kernel.i18n import lazy
from app.kernel.privacy import PersonalData

PERSONAL_DATA: Final = [
    PersonalData(
        lazy("Zustellung: an welche Adresse welche Nachricht wann ging, mit der Antwort des Mailservers"),
        lazy("Nichts doppelt oder vergeblich senden; Fehler finden"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO"),
        lazy("Solange die Ausgabe im Archiv steht"),
    ),
    PersonalData(
        lazy("Konten der Redaktion: Name, E-Mail-Adresse, Rolle, und wer was freigegeben hat"),
        lazy("Anmeldung, Vier-Augen-Prinzip, Nachvollziehbarkeit"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO"),
        lazy("Solange das Konto besteht; Freigaben, solange es die Inhalte gibt"),
    ),
    PersonalData(
        lazy("Sitzung und gewählte Sprache (zwei Cookies)"),
        lazy("Schutz der Formulare vor Missbrauch; Anzeige in Ihrer Sprache"),
        lazy("§ 25 Abs. 2 Nr. 2 TDDDG, Art. 6 Abs. 1 Buchst. e DSGVO"),
        lazy("Sitzung: bis Sie den Browser schließen; Sprache: ein Jahr"),
    ),
    PersonalData(
        lazy("Meldung einer Barriere, auf Wunsch mit Name und E-Mail-Adresse"),
        lazy("Barriere beseitigen und Ihnen antworten"),
        lazy("Art. 6 Abs. 1 Buchst. c DSGVO (Pflicht zur Rückmeldung)"),
        lazy("Bis die Meldung erledigt ist"),
    ),
]
