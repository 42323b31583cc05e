"""Tables of the two ways in which everything is sorted: where, and about what."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.i18n import language


class RegionKind(StrEnum):
    """The levels, from the top: each region lies in one of a level above."""

    STATE = "state"
    DIRECTION = "direction"
    DISTRICT = "district"
    ASSOCIATION = "association"
    MUNICIPALITY = "municipality"


class TopicKind(StrEnum):
    """The fields of the Online Access Act's catalogue, and the subjects of the editorial team."""

    FIELD = "themenfeld"
    EDITORIAL = "editorial"


class Region(Base):
    """An area by its official key (AGS), which is never reused: 14, 145, 14625, 14625020; associations by theirs.

    ``valid_from`` and ``valid_to`` are days, both inclusive; empty where they are older than our sources, or open.
    """

    __tablename__ = "regions"

    ags: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[RegionKind] = mapped_column(
        Enum(RegionKind, native_enum=False, length=20, values_callable=lambda kinds: [k.value for k in kinds]),
        index=True,
    )
    name: Mapped[str]
    name_hsb: Mapped[str] = mapped_column(default="")
    form: Mapped[str] = mapped_column(default="")  # in law: Landkreis, Große Kreisstadt, Stadt …
    label: Mapped[str]  # not to be confused with another region: the municipality with its Kreis
    folded: Mapped[str]  # what a search finds it by
    parent_ags: Mapped[str | None] = mapped_column(ForeignKey("regions.ags"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_ags: Mapped[str | None] = mapped_column(ForeignKey("regions.ags"))
    lat: Mapped[float | None]
    lon: Mapped[float | None]

    @property
    def listed(self) -> str:
        """What it is called where it stands in a list by name: ``Bautzen (Landkreis)``."""
        own_kind = self.kind is RegionKind.DISTRICT and self.label != self.name
        return f"{self.name} ({self.form})" if own_kind else self.label

    @property
    def is_current(self) -> bool:
        """Whether the region exists today."""
        return self.successor_ags is None


class Topic(Base):
    """A subject. ``position`` is its place among those of its kind."""

    __tablename__ = "topics"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[TopicKind] = mapped_column(
        Enum(TopicKind, native_enum=False, length=20, values_callable=lambda kinds: [k.value for k in kinds])
    )
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    position: Mapped[int]

    @property
    def label(self) -> str:
        """Its name in the language of the reader; a hyphen that stands for a word stays with what follows."""
        name = self.name_en if language() == "en" and self.name_en else self.name
        return name.replace(" -", " \N{NON-BREAKING HYPHEN}")
