"""What an installation starts with: identity, team, newsletters, partners."""

from dataclasses import dataclass
from typing import Final

from app import accounts, projects, subscriptions, syndication, taxonomy
from app.kernel import identity
from app.operations.demo import partners, places


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo's team; the password is printed, and worth nothing."""

    email: str
    name: str
    roles: tuple[str, ...]
    password: str


EDITOR: Final = DemoPerson("redaktion@rundbrief.example", "Edda Beispiel", (accounts.EDITOR,), "demo-redaktion")
APPROVER: Final = DemoPerson("freigabe@rundbrief.example", "Falk Beispiel", (accounts.APPROVER,), "demo-freigabe-2")
ADMIN: Final = DemoPerson("verwaltung@rundbrief.example", "Ada Beispiel", (accounts.ADMIN,), "demo-verwaltung")
PEOPLE: Final = (EDITOR, APPROVER, ADMIN)

IDENTITY: Final = {
    "site_name": "Rundbrief OZG Sachsen",
    "publisher": "OZG-Redaktion Sachsen (Demo)",
    "publisher_address": "Musterstraße 1, 01877 Bischofswerda",
    "contact_email": "redaktion@rundbrief.example",
    "contact_phone": "03594 000000",
    "team_name": "OZG-Redaktion Sachsen",
    "behalf": "SAKD und KISA im Auftrag des Freistaates Sachsen",
    "responsible": "Edda Beispiel",
    "controller": "OZG-Redaktion Sachsen (Demo), Musterstraße 1, 01877 Bischofswerda",
    "data_protection_officer": "Dana Beispiel, datenschutz@rundbrief.example",
    "processor": "Musterrechenzentrum (Demo), Musterallee 2, 04109 Leipzig",
    "supervisory_authority": "Sächsische Datenschutz- und Transparenzbeauftragte, Devrientstraße 5, 01067 Dresden",
    "enforcement_body": "Durchsetzungsstelle Barrierefreiheit bei der Sächsischen Staatskanzlei, "
    "Archivstraße 1, 01097 Dresden",
    "participation_portal": "https://buergerbeteiligung.sachsen.de",
}

NEWSLETTERS: Final = (
    (
        "ozg-newsletter",
        "OZG-Newsletter",
        "Neues zur Umsetzung des Onlinezugangsgesetzes in Sachsen: Leistungen, Termine und Unterstützung für Kommunen.",
    ),
    (
        "sakd-aktuell",
        "SAKD-aktuell",
        "Kurze Hinweise zur kommunalen Datenverarbeitung: Verfahren, Standards und Fristen.",
    ),
)


def is_founded() -> bool:
    """Whether somebody already publishes here: then the demo is not loaded again."""
    return bool(identity.current().publisher)


def found_house() -> None:
    """Identity, regions and topics, the catalogue of services, the team, and two newsletters."""
    identity.set_values(**IDENTITY)
    taxonomy.load()
    projects.import_catalogue()
    for person in PEOPLE:
        accounts.create(person.email, person.name, person.roles, person.password)
    for slug, title, description in NEWSLETTERS:
        subscriptions.create_newsletter(slug, title, description=description, list_id=f"{slug}.rundbrief.example")


def found_partners() -> None:
    """The info channels of the two municipal associations: SSG by mail, SLKT by signed webhook."""
    mail = {"address": "infokanal@ssg.example", "prefix": "OZG-Sachsen"}
    webhook = {"url": places.webhook_url(), "secret": partners.SECRET}
    syndication.add_channel("SSG-Infokanal", "mail_format", mail)
    syndication.add_channel("SLKT-Infokanal", "webhook", webhook)
