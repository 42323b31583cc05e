"""Form fields for regions and topics; other features take them from the face."""

from collections.abc import Sequence
from typing import Any

from wtforms import ValidationError

from app.kernel.forms import BoxesField, LineField
from app.kernel.i18n import lazy
from app.taxonomy import queries
from app.taxonomy.models import Region, RegionKind, TopicKind
from app.taxonomy.rules import fold

SUGGESTIONS = 5


class DistrictsField(BoxesField):
    """The Landkreise and Kreisfreie Städte; ``data`` is the list of their keys (AGS)."""

    def __init__(self, label: Any, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        ordered = sorted(queries.districts(), key=lambda region: (fold(region.name), region.ags))
        self.choices = [(region.ags, region.listed) for region in ordered]

    def offer(self, keys: Sequence[str]) -> None:
        """Offer these regions too, whatever their kind: those that somebody has chosen before."""
        offered = {ags for ags, _ in self.choices}
        known = [region for ags in keys if ags not in offered and (region := queries.find_region(ags))]
        self.choices += [(region.ags, region.label) for region in known]


class TopicsField(BoxesField):
    """Topics, all or those of one kind; ``data`` is the list of their slugs."""

    def __init__(self, label: Any, validators: Any = (), *, kind: TopicKind | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.choices = [(topic.slug, topic.label) for topic in queries.topics(kind)]


class MunicipalityField(LineField):
    """One municipality, typed or chosen from a list (``<datalist>``); ``ags`` is its key, empty if none was named.

    German or Sorbian, with or without umlauts, with or without its Kreis where there is only one of that name.
    """

    ags = ""

    def options(self) -> Sequence[str]:
        """The labels to choose from."""
        return [region.label for region in queries.municipalities()]

    def process_data(self, value: Any) -> None:
        """Take the key and show the label."""
        region = queries.find_region(value) if value else None
        self.ags = region.ags if region else ""
        self.data = region.label if region else ""

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError with suggestions if it is not clear which municipality is meant."""
        typed = (self.data or "").strip()
        self.ags = ""
        if not typed:
            return
        found = _municipalities_like(typed)
        if len(found) == 1:
            self.ags, self.data = found[0].ags, found[0].label
        elif found:
            names = "; ".join(region.label for region in found[:SUGGESTIONS])
            raise ValidationError(lazy("Bitte wählen Sie genauer, zum Beispiel: %(names)s.", names=names))
        else:
            raise ValidationError(lazy("Diese Gemeinde kennen wir nicht. Bitte wählen Sie eine aus der Liste."))


def _municipalities_like(typed: str) -> list[Region]:
    wanted = fold(typed)
    found = [r for r in queries.search_regions(_name(typed), 500) if r.kind is RegionKind.MUNICIPALITY]
    exact = [region for region in found if fold(region.label) == wanted]
    same_name = [region for region in found if wanted in (*region.folded.split(" | "), region.ags)]
    return exact or same_name or found


def _name(typed: str) -> str:
    """The name without the Kreis in brackets and without the Sorbian half of a label."""
    return typed.partition(" (")[0].partition("/")[0] if " (" in typed else typed
