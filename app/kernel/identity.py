"""Who publishes here: data, not code. The imprint and the foot of every mail show it, and sending waits for it."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, session
from app.kernel.i18n import lazy


class Identity(Base):
    """The one row that says who stands behind this instance."""

    __tablename__ = "identity"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    site_name: Mapped[str] = mapped_column(default="Rundbrief")
    publisher: Mapped[str] = mapped_column(default="")
    publisher_address: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    team_name: Mapped[str] = mapped_column(default="")
    behalf: Mapped[str] = mapped_column(default="")
    responsible: Mapped[str] = mapped_column(default="")
    controller: Mapped[str] = mapped_column(default="")
    data_protection_officer: Mapped[str] = mapped_column(default="")
    processor: Mapped[str] = mapped_column(default="")
    supervisory_authority: Mapped[str] = mapped_column(default="")
    enforcement_body: Mapped[str] = mapped_column(default="")
    participation_portal: Mapped[str] = mapped_column(default="")


REQUIRED: Final = {
    "publisher": lazy("Herausgeber"),
    "publisher_address": lazy("Anschrift des Herausgebers"),
    "contact_email": lazy("Kontaktadresse"),
    "responsible": lazy("Verantwortlich für den Inhalt"),
    "controller": lazy("Verantwortlicher im Sinne der DSGVO"),
    "data_protection_officer": lazy("Datenschutzbeauftragte Person"),
    "processor": lazy("Auftragsverarbeiter"),
}


_EMPTY: Final = {column.name: "" for column in Identity.__table__.columns if column.name not in ("id", "site_name")} | {
    "site_name": "Rundbrief"
}


def current() -> Identity:
    """The identity of this instance; an empty one (not stored) before ``setup``."""
    return session.get(Identity, 1) or Identity(id=1, **_EMPTY)


def set_values(**values: str) -> Identity:
    """Store these fields; the others stay as they are."""
    identity = session.scalar(select(Identity))
    if identity is None:
        identity = Identity(id=1)
        session.add(identity)
    for name, value in values.items():
        setattr(identity, name, value.strip())
    session.flush()
    return identity


def missing() -> list[str]:
    """What has to be filled in before the first mail may leave, by its label; empty when sending is unlocked."""
    identity = current()
    return [str(label) for name, label in REQUIRED.items() if not getattr(identity, name)]
