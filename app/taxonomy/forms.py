"""Form fields for regions and topics; other features take them from the face."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape
from wtforms import SelectMultipleField, ValidationError
from wtforms.widgets import html_params

from app.kernel.forms import CHOOSE, BoxesField
from app.taxonomy import queries
from app.taxonomy.models import TopicKind
from app.taxonomy.rules import fold


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


class PlacesWidget:
    """A ``<select multiple>`` in groups, written at once: WTForms takes longer for 500 options than all else does."""

    validation_attrs = ("required", "disabled")

    def __call__(self, field: "PlacesField", **kwargs: Any) -> Markup:
        chosen = set(field.data or ())
        groups = [
            f'<optgroup label="{escape(district)}">{"".join(_option(*place, chosen) for place in places)}</optgroup>'
            for district, places in queries.places_by_district()
        ]
        attributes = html_params(id=field.id, name=field.name, multiple=True, **kwargs)
        return Markup(f"<select {attributes}>{''.join(groups)}</select>")  # noqa: S704  (all parts are escaped)


def _option(ags: str, label: str, chosen: set[str]) -> str:
    return f'<option{" selected" if ags in chosen else ""} value="{escape(ags)}">{escape(label)}</option>'


class PlacesField(SelectMultipleField):  # type: ignore[misc]
    """Municipalities and their associations, several, in groups by Kreis; ``data`` is the list of their keys (AGS).

    A plain list to choose from; ``<place-picker>`` makes it a search where there is JavaScript. The nearly 500 places
    are read when they are shown; what was sent is looked up by its keys.
    """

    widget = PlacesWidget()

    def __init__(self, label: Any, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, choices=[], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """What is chosen, each once, however often it was sent."""
        super().process_formdata(list(dict.fromkeys(valuelist)))

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError if something was sent that is no place of today."""
        if set(self.data or ()) - queries.places_among(self.data or ()):
            raise ValidationError(CHOOSE)
