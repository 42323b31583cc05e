"""What the subscriptions keep about people."""

from typing import Final

from app.kernel.i18n import lazy
from app.kernel.privacy import PersonalData

PERSONAL_DATA: Final = [
    PersonalData(
        lazy("Schutz der Anmeldung vor Missbrauch: Prüfsummen der E-Mail-Adresse und des Netzes, aus dem sie kommt"),
        lazy("Verhindern, dass jemand Ihr Postfach mit Bestätigungsmails füllt"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO (Sicherheit des Angebots, Art. 32 DSGVO)"),
        lazy("Die Prüfsumme der Adresse 24 Stunden, die des Netzes höchstens eine Stunde; die IP-Adresse selbst nie"),
    ),
    PersonalData(
        lazy("Anmeldung zum Newsletter, die noch nicht bestätigt ist"),
        lazy("Ihnen den Bestätigungslink schicken"),
        lazy("Art. 6 Abs. 1 Buchst. b DSGVO (auf Ihre Anfrage)"),
        lazy("Bis sieben Tage, nachdem der Bestätigungslink abgelaufen ist"),
    ),
    PersonalData(
        lazy("Abonnement: E-Mail-Adresse, auf Wunsch Name und Organisation, gewählte Regionen und Themen"),
        lazy("Ihnen die Newsletter schicken, die Sie bestellt haben"),
        lazy("Art. 6 Abs. 1 Buchst. a DSGVO (Einwilligung)"),
        lazy("Bis zum Ende des dritten Jahres nach Ihrer Abmeldung, auf Ihren Wunsch früher"),
    ),
    PersonalData(
        lazy("Wunsch, mit einem Abonnement an eine andere E-Mail-Adresse umzuziehen: alte und neue Adresse"),
        lazy("Beide Postfächer fragen, damit niemand Ihre Newsletter umleiten kann"),
        lazy("Art. 6 Abs. 1 Buchst. b DSGVO (auf Ihre Anfrage)"),
        lazy("72 Stunden"),
    ),
    PersonalData(
        lazy("Nachweis der Einwilligung: Zeitpunkt und Wortlaut"),
        lazy("Nachweispflicht nach Art. 7 Abs. 1 DSGVO"),
        lazy("Art. 6 Abs. 1 Buchst. c DSGVO"),
        lazy("Wie das Abonnement; danach bleiben nur Zeitpunkte und Prüfsummen ohne Bezug zu Ihnen"),
    ),
    PersonalData(
        lazy("Liste mit Adressen, die übernommen werden soll, und das Ergebnis ihrer Prüfung"),
        lazy("Bestehende Verteiler weiterführen"),
        lazy("Art. 6 Abs. 1 Buchst. a oder e DSGVO, je Liste"),
        lazy("Bis die Liste übernommen ist, höchstens 7 Tage"),
    ),
    PersonalData(
        lazy("Funktionspostfach, das einen Newsletter für eine öffentliche Aufgabe erhält"),
        lazy("Verwaltungen über Neuerungen und Termine informieren, die ihre Aufgaben betreffen"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO (öffentliche Aufgabe); Sie können jederzeit widersprechen"),
        lazy("Wie das Abonnement"),
    ),
]
