"""The form in which an announcement is written. It is turned into a Content; what that may say, the content decides."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from wtforms import (
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import taxonomy
from app.announcements import queries
from app.announcements.content import MAX_LEAD, MAX_TITLE, Content, Link, When
from app.announcements.forms.fields import check_future, moment_of, wall_clock
from app.announcements.models import KIND_LABELS, Announcement
from app.announcements.services import Plan
from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.forms import Form, LineField, LongTextField, Needed, Part, RichTextField
from app.kernel.i18n import lazy
from app.kernel.moments import DayField, WallTimeField, moment

MOST_PARTS = 50  # links, or dates, of one announcement


class Boxes(SelectMultipleField):  # type: ignore[misc]
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LinkPart(Part):
    """One further link."""

    label = LineField(lazy("Bezeichnung"), most=160)
    url = LineField(lazy("Adresse"), most=1000, render_kw={"inputmode": "url", "placeholder": "https://"})


class DatePart(Part):
    """One date that is announced."""

    day = DayField(lazy("Tag"), [Optional()])
    start = WallTimeField(lazy("Beginn"), [Optional()])
    end = WallTimeField(lazy("Ende"), [Optional()])
    label = LineField(lazy("Bezeichnung"), most=160)


class AnnouncementForm(Form):
    """All of one announcement."""

    kind = SelectField(lazy("Art"), choices=[SelectChoice(*pair) for pair in KIND_LABELS.items()])
    title = LineField(lazy("Titel"), [Needed(lazy("Bitte geben Sie einen Titel ein."))], most=MAX_TITLE)
    lead = TextAreaField(
        lazy("Kurzfassung"),
        [Optional(), Length(max=MAX_LEAD, message=lazy("Bitte kürzen Sie auf höchstens %(max)d Zeichen."))],
        description=lazy("Sie steht in jedem Kanal. Höchstens 600 Zeichen."),
        render_kw={"rows": 4},
    )
    body = RichTextField(lazy("Ausführlicher Text"))
    links = FieldList(FormField(LinkPart), lazy("Weitere Links"), max_entries=MOST_PARTS)
    dates = FieldList(FormField(DatePart), lazy("Termine in dieser Meldung"), max_entries=MOST_PARTS)
    place = LineField(lazy("Ort"))
    regions = Boxes(lazy("Regionen"), description=lazy("Wen betrifft es? Ganz Sachsen schließt alle anderen ein."))
    municipalities = LongTextField(
        lazy("Einzelne Gemeinden"), description=lazy("Eine je Zeile, zum Beispiel „Görlitz“."), render_kw={"rows": 2}
    )
    topics = Boxes(lazy("Themen"))
    contact = LineField(
        lazy("Ansprechperson"), description=lazy("Wen Kommunen und Verbände fragen können: Name, Telefon oder E-Mail.")
    )
    channels = Boxes(lazy("Infokanäle"), description=lazy("Website und Feeds zeigen die Meldung immer."), coerce=int)
    publish_on = DayField(lazy("Veröffentlichen am"), [Optional()])
    publish_time = WallTimeField(lazy("um"), [Optional()])
    embargo_on = DayField(lazy("Sperrfrist bis"), [Optional()])
    embargo_time = WallTimeField(lazy("Uhrzeit"), [Optional()])
    expires_on = DayField(
        lazy("Ablaufdatum"), [Optional()], description=lazy("Danach steht die Meldung nicht mehr in den Listen.")
    )
    slug = LineField(lazy("Adresse auf der Website"), description=lazy("Leer lassen: Sie entsteht aus dem Titel."))
    reason = LineField(lazy("Was hat sich geändert?"), description=lazy("Leserinnen, Leser und Verbände sehen es."))

    @classmethod
    def of(cls, announcement: Announcement | None) -> "AnnouncementForm":
        """The form filled with this announcement, or empty; what was sent takes precedence."""
        form = cls(data=_values(announcement) if announcement else _empty())
        form.regions.choices = [(r.ags, r.label) for r in _wide_regions()]
        form.topics.choices = [(topic.slug, topic.label) for topic in taxonomy.topics()]
        form.channels.choices = [(channel.id, channel.name) for channel in queries.channels(active=True)]
        if not form.is_submitted():
            for parts in (form.links, form.links, form.dates):
                parts.append_entry()
        return form

    def content(self, former: Content | None = None) -> Content:
        """What was written. Raises Invalid with advice at the fields.

        Where the ``former`` content speaks of an event, when, where and for whom it is stays as the event says.
        """
        said = Content(
            title=self.title.data,
            lead=self.lead.data or "",
            body=self.body.document,
            links=tuple(Link(p["label"] or "", p["url"] or "") for p in self.links.data if p["label"] or p["url"]),
            dates=tuple(_when(p) for p in self.dates.data if p["day"]),
            place=self.place.data or "",
            topics=tuple(self.topics.data or ()),
            regions=(*(self.regions.data or ()), *_municipalities(self.municipalities.data or "")),
            contact=self.contact.data or "",
            embargo=moment_of(self.embargo_on.data, self.embargo_time.data, "embargo"),
            expires_on=self.expires_on.data,
        )
        if former is not None and former.event_uid:
            said = said.about_the_event_of(former)
        return Content.from_json(said.to_json())

    def plan(self) -> Plan:
        """When and where it is to be published. Raises Invalid for a moment in the past."""
        at = moment_of(self.publish_on.data, self.publish_time.data, "publish")
        check_future(at, "publish_on")
        return Plan(
            kind=self.kind.data,
            slug=self.slug.data or "",
            reason=self.reason.data or "",
            channels=tuple(self.channels.data or ()),
            publish_at=at,
        )


def _when(part: dict[str, Any]) -> When:
    start = moment(part["day"], part["start"] or time(0), "dates")
    end = moment(part["day"], part["end"], "dates") if part["end"] else None
    if end is not None and end <= start:
        raise Invalid(dates=lazy("Das Ende liegt vor dem Beginn. Bitte prüfen Sie die Uhrzeiten."))
    return When(start, end, all_day=part["start"] is None, label=part["label"] or "")


def _wide_regions() -> Sequence[taxonomy.Region]:
    state = taxonomy.find_region("14")
    return [*([state] if state else []), *taxonomy.directions(), *taxonomy.districts()]


def _municipalities(typed: str) -> list[str]:
    found = []
    for line in filter(None, (line.strip() for line in typed.splitlines())):
        fitting = _fitting(line)
        if len(fitting) != 1:
            names = "; ".join(region.label for region in fitting[:5])
            known = lazy("„%(line)s“ ist mehrdeutig. Bitte wählen Sie genauer: %(names)s.", line=line, names=names)
            unknown = lazy("„%(line)s“ kennen wir nicht. Bitte prüfen Sie die Schreibweise.", line=line)
            raise Invalid(municipalities=known if fitting else unknown)
        found.append(fitting[0].ags)
    return found


def _fitting(line: str) -> list[taxonomy.Region]:
    wanted = taxonomy.fold(line)
    name = line.partition(" (")[0].partition("/")[0]
    near = [r for r in taxonomy.search_regions(name, 50) if r.kind == taxonomy.RegionKind.MUNICIPALITY]
    exact = [region for region in near if wanted in (taxonomy.fold(region.label), region.ags)]
    return exact or [region for region in near if wanted in region.folded.split(" | ")]


def _empty() -> dict[str, Any]:
    return {"channels": [channel.id for channel in queries.channels(active=True)]}


def _values(announcement: Announcement) -> dict[str, Any]:
    said = announcement.content
    wide = {region.ags for region in _wide_regions()}
    chosen = announcement.channels
    return {
        "kind": announcement.kind,
        "title": said.title,
        "lead": said.lead,
        "body": said.body,
        "links": [{"label": link.label, "url": link.url} for link in said.links],
        "dates": [_date_values(when) for when in said.dates],
        "place": said.place,
        "regions": [ags for ags in said.regions if ags in wide],
        "municipalities": "\n".join(taxonomy.region_labels([ags for ags in said.regions if ags not in wide])),
        "topics": list(said.topics),
        "contact": said.contact,
        "channels": chosen if chosen is not None else _empty()["channels"],
        "expires_on": said.expires_on,
        "slug": announcement.slug,
        "reason": announcement.reason,
        **wall_clock(_still_to_come(announcement.publish_at), "publish"),
        **wall_clock(said.embargo, "embargo"),
    }


def _still_to_come(moment: datetime | None) -> datetime | None:
    """A wish for what is past is none any more: it would keep a correction from being saved."""
    return moment if moment is not None and moment >= clock.now() else None


def _date_values(when: When) -> dict[str, Any]:
    start, end = clock.local(when.start), clock.local(when.end) if when.end else None
    timed = not when.all_day
    return {
        "day": start.date(),
        "start": start.time() if timed else None,
        "end": end.time() if timed and end and end.date() == start.date() else None,
        "label": when.label,
    }
