"""What the columns of a list mean: guessed by their headings, decided by a person."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from app.kernel.i18n import lazy
from app.taxonomy import fold


class Meaning(StrEnum):
    """What a column says about a person."""

    EMAIL = "email"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    ORGANISATION = "organisation"
    REGION = "region"
    LANG = "lang"
    CONSENT_AT = "consent_at"
    CONSENT_HOW = "consent_how"
    CONSENT_WORDING = "consent_wording"


LABELS: Final[dict[Meaning, Any]] = {
    Meaning.EMAIL: lazy("E-Mail-Adresse"),
    Meaning.NAME: lazy("Name"),
    Meaning.FIRST_NAME: lazy("Vorname"),
    Meaning.LAST_NAME: lazy("Nachname"),
    Meaning.ORGANISATION: lazy("Organisation"),
    Meaning.REGION: lazy("Gemeinde oder Landkreis"),
    Meaning.LANG: lazy("Sprache der E-Mails"),
    Meaning.CONSENT_AT: lazy("Einwilligung: wann"),
    Meaning.CONSENT_HOW: lazy("Einwilligung: wie"),
    Meaning.CONSENT_WORDING: lazy("Einwilligung: Wortlaut"),
}

# Folded headings as they are met, German and English. A heading that only begins with one of them counts too.
_HEADINGS: Final[dict[Meaning, tuple[str, ...]]] = {
    Meaning.EMAIL: ("e-mail", "email", "mail", "e mail"),
    Meaning.FIRST_NAME: ("vorname", "first name", "firstname", "given name"),
    Meaning.LAST_NAME: ("nachname", "familienname", "last name", "lastname", "surname", "family name"),
    Meaning.NAME: ("name", "ansprechpartner", "ansprechperson", "kontaktperson", "full name", "contact"),
    Meaning.ORGANISATION: ("organisation", "organization", "behorde", "behoerde", "dienststelle", "verwaltung", "firma",
                           "institution", "einrichtung", "company", "authority"),
    Meaning.REGION: ("ags", "gemeinde", "kommune", "stadt", "ort", "landkreis", "kreis", "region", "municipality",
                     "city", "town", "district"),
    Meaning.LANG: ("sprache", "language", "lang"),
    Meaning.CONSENT_AT: ("einwilligung am", "eingewilligt am", "datum der einwilligung", "einwilligungsdatum",
                         "bestatigt am", "bestaetigt am", "anmeldedatum", "angemeldet am", "datum", "consent date",
                         "consented at", "confirmed at", "date of consent", "opt-in date", "opt in date", "date"),
    Meaning.CONSENT_HOW: ("einwilligung uber", "einwilligung ueber", "weg der einwilligung", "wie eingewilligt", "weg",
                          "quelle", "herkunft", "how", "source", "consent source", "consent method"),
    Meaning.CONSENT_WORDING: ("wortlaut", "einwilligungstext", "text der einwilligung", "wording", "consent text"),
}  # fmt: skip

Columns = Mapping[str, str]
"""Which meaning each column has, by its number written as text (JSON has no other keys)."""


def guess(headings: Sequence[str], sample: Sequence[Sequence[str]] = ()) -> dict[str, str]:
    """What the columns seem to mean; each meaning once. Without a heading, the column with addresses is found."""
    found: dict[str, str] = {}
    for exact in (True, False):
        for number, heading in enumerate(headings):
            meaning = _meaning(fold(heading), exact)
            if meaning and str(number) not in found and meaning not in found.values():
                found[str(number)] = meaning.value
    if Meaning.EMAIL not in found.values():
        for number in range(len(headings)):
            if any("@" in row[number] for row in sample if number < len(row)):
                found[str(number)] = Meaning.EMAIL.value
                break
    return found


def _meaning(heading: str, exact: bool) -> Meaning | None:
    for meaning, names in _HEADINGS.items():
        if heading in names or (not exact and heading.startswith(names)):
            return meaning
    return None


class Row(NamedTuple):
    """One row of a list, by what its cells mean; empty where the list has no such column."""

    number: int
    email: str = ""
    name: str = ""
    organisation: str = ""
    region: str = ""
    lang: str = ""
    consent_at: str = ""
    consent_how: str = ""
    consent_wording: str = ""


class Reader:
    """Makes rows of cells. ``columns`` is read once, for lists are long."""

    def __init__(self, columns: Columns) -> None:
        self._places = {Meaning(meaning): int(number) for number, meaning in columns.items()}

    def read(self, number: int, cells: Sequence[str]) -> Row:
        """The row with this number, counted from 1 as a spreadsheet does."""
        said = {meaning: cells[place] for meaning, place in self._places.items() if place < len(cells)}
        parts = (said.get(Meaning.FIRST_NAME, ""), said.get(Meaning.LAST_NAME, ""))
        return Row(
            number,
            said.get(Meaning.EMAIL, ""),
            (said.get(Meaning.NAME, "") or " ".join(part for part in parts if part))[:200],
            said.get(Meaning.ORGANISATION, "")[:200],
            said.get(Meaning.REGION, ""),
            said.get(Meaning.LANG, ""),
            said.get(Meaning.CONSENT_AT, ""),
            said.get(Meaning.CONSENT_HOW, "")[:200],
            said.get(Meaning.CONSENT_WORDING, ""),
        )
