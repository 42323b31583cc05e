"""The catalogue of services, the evidence of reuse, and what Saxony does about a service."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.projects.values import MATURITY, Priority, ProjectState, SituationKind, Way
from app.taxonomy.models import Topic


class Service(Base):
    """A service of the Online Access Act's catalogue, by its official number.

    ``items`` are its LeiKa services: ``{"key": "9910…", "name": …, "type": "2/3"}``; the counts are of them.
    ``situation_kind`` was derived from the catalogue, not read in it.
    """

    __tablename__ = "services"

    ozg_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    field_slug: Mapped[str] = mapped_column(ForeignKey("topics.slug"), index=True)
    situation: Mapped[str]
    situation_slug: Mapped[str] = mapped_column(String(80), index=True)
    situation_kind: Mapped[str] = mapped_column(String(20))
    folded: Mapped[str] = mapped_column(deferred=True)  # what a search finds it by: its own name, and its items'
    items: Mapped[list[Any]] = mapped_column(deferred=True)
    item_count: Mapped[int]
    federal_count: Mapped[int]
    delegated_count: Mapped[int]
    state_count: Mapped[int]
    municipal_count: Mapped[int]
    catalogue_as_of: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)

    field: Mapped[Topic] = relationship(lazy="raise")
    project: Mapped["Project | None"] = relationship(lazy="raise", back_populates="service")
    reuses: Mapped[list["Reuse"]] = relationship(lazy="raise", order_by="Reuse.id")

    @property
    def situation_label(self) -> str:
        """The situation, with a place to break the line after each stroke."""
        return self.situation.replace("/", "/\u200b")

    @property
    def situation_kind_label(self) -> str:
        """Lebenslage or Geschäftslage, in the reader's language."""
        return SituationKind(self.situation_kind).label


class Reuse(Base):
    """One piece of evidence that a service exists elsewhere and may be reused, with its source."""

    __tablename__ = "reuses"

    id: Mapped[int] = mapped_column(primary_key=True)
    ozg_id: Mapped[int | None] = mapped_column(ForeignKey("services.ozg_id"), index=True)
    field_slug: Mapped[str] = mapped_column(ForeignKey("topics.slug"), index=True)
    title: Mapped[str]
    land: Mapped[str]
    evidence: Mapped[str]
    as_of: Mapped[str]
    source: Mapped[str]

    @property
    def source_host(self) -> str:
        """Where the source is, short enough to read."""
        return _host(self.source)


class Project(Base):
    """What Saxony does about one service; at most one per service. ``as_of`` and ``source`` say how we know."""

    __tablename__ = "projects"

    ozg_id: Mapped[int] = mapped_column(ForeignKey("services.ozg_id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(20), index=True)
    way: Mapped[str] = mapped_column(String(20))
    lead: Mapped[str]
    priority: Mapped[str] = mapped_column(String(20))
    maturity: Mapped[int | None]
    note: Mapped[str]
    as_of: Mapped[str]
    source: Mapped[str]
    updated_at: Mapped[datetime]

    service: Mapped[Service] = relationship(lazy="raise", back_populates="project")

    @property
    def state_label(self) -> str:
        """How far it is, in the reader's language."""
        return ProjectState(self.state).label

    @property
    def way_label(self) -> str:
        """How it comes to Saxony, in the reader's language; empty where our sources do not say."""
        return Way(self.way).label if self.way else ""

    @property
    def priority_label(self) -> str:
        """How urgent it is, in the reader's language; empty where nobody decided."""
        return Priority(self.priority).label if self.priority else ""

    @property
    def maturity_label(self) -> str:
        """How mature it is, in the reader's language; empty where nobody knows."""
        return str(MATURITY[self.maturity]) if self.maturity is not None else ""

    @property
    def source_url(self) -> str:
        """The address of the source, if it is one."""
        return self.source if _host(self.source) else ""

    @property
    def source_host(self) -> str:
        """Where the source is, short enough to read."""
        return _host(self.source)


def _host(source: str) -> str:
    try:
        parts = urlsplit(source)
        return (parts.hostname or "").removeprefix("www.") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""
