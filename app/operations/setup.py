"""An empty real instance: the tables' reference data, who publishes here, the first person, the first newsletter."""

from dataclasses import dataclass
from typing import Final

from app import accounts, projects, subscriptions, taxonomy
from app.kernel import identity

QUESTIONS: Final = {
    "site_name": "Name of the site",
    "publisher": "Publisher (Herausgeber)",
    "publisher_address": "Address of the publisher, for the imprint",
    "contact_email": "Contact address",
    "responsible": "Responsible for the content, for the imprint",
    "controller": "Controller (Verantwortlicher, Art. 4 no. 7 GDPR)",
    "data_protection_officer": "Data protection officer, with how to reach them",
    "processor": "Processor who runs this instance (Auftragsverarbeiter; none: the publisher itself)",
}


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """The first person of the team; they invite the others."""

    email: str
    name: str
    password: str


def known() -> dict[str, str]:
    """What was answered before, by question."""
    current = identity.current()
    return {name: getattr(current, name) for name in QUESTIONS}


def has_admin() -> bool:
    """Whether somebody can already sign in as administrator."""
    return bool(accounts.people_with(accounts.ADMIN))


def has_newsletter() -> bool:
    """Whether there is a newsletter to subscribe to."""
    return bool(subscriptions.newsletters())


def load_reference_data() -> None:
    """Regions, topics and the catalogue of services; what is there already stays."""
    taxonomy.load()
    projects.import_catalogue()


def found(answers: dict[str, str], admin: FirstAdmin | None, newsletter: tuple[str, str] | None) -> list[str]:
    """Store the answers, create the first admin and the first newsletter (slug, title) where they are missing.

    Returns what is still missing before mails may leave. Raises Invalid for an address or a password that is refused.
    """
    load_reference_data()
    identity.set_values(**answers)
    if admin is not None and not has_admin():
        accounts.create(admin.email, admin.name, [accounts.ADMIN], admin.password)
    if newsletter is not None and not has_newsletter():
        subscriptions.create_newsletter(*newsletter)
    return identity.missing()
