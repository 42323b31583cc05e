"""The forms of the desk: wall time in Berlin goes in, moments come out."""

from dataclasses import replace
from datetime import date, datetime

from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import URL, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import taxonomy
from app.events import rules
from app.events.values import EventKind, EventState, EventValues
from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.forms import Form, LineField, Needed, RichTextField
from app.kernel.i18n import lazy
from app.kernel.moments import DayField, WallTimeField, moment

TIMED, ALL_DAY, TIME_OPEN = "timed", "all_day", "open"
TIMES = [
    SelectChoice(TIMED, lazy("mit Uhrzeit")),
    SelectChoice(ALL_DAY, lazy("ganztägig")),
    SelectChoice(TIME_OPEN, lazy("Uhrzeit folgt")),
]


class ChoicesField(SelectMultipleField):  # type: ignore[misc]
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WhenForm(Form):
    """When it is. ``last_day`` is, and the first if empty."""

    day = DayField(lazy("Tag"))
    last_day = DayField(lazy("Letzter Tag"), description=lazy("Nur bei mehreren Tagen."))
    time_mode = RadioField(lazy("Uhrzeit"), choices=TIMES, default=TIMED)
    start_time = WallTimeField(lazy("Beginn"))
    end_time = WallTimeField(lazy("Ende"))
    words = RichTextField(
        lazy("Zusätzliche Worte"),
        description=lazy("Stehen in der Meldung vor der Beschreibung, zum Beispiel der Grund einer Änderung."),
    )

    def fill_when(self, values: EventValues) -> None:
        """Show when these values are."""
        if values.starts_at is None or values.ends_at is None:
            return
        start, end = clock.local(values.starts_at), clock.local(values.ends_at)
        last = rules.last_day(values)
        self.day.data, self.last_day.data = start.date(), last if last != start.date() else None
        self.time_mode.data = TIME_OPEN if values.time_open else ALL_DAY if values.all_day else TIMED
        if not values.all_day:
            self.start_time.data, self.end_time.data = start.time(), end.time()

    def moved(self, values: EventValues) -> EventValues:
        """These values at the time that was filled in. Raises Invalid with the fields that are missing."""
        if self.day.data is None:
            raise Invalid(day=lazy("Bitte geben Sie den Tag an, oder wählen Sie „in Abstimmung“."))
        last = self.last_day.data or self.day.data
        if last < self.day.data:
            raise Invalid(last_day=lazy("Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie beide."))
        whole = self.time_mode.data != TIMED
        start, end = rules.whole_days(self.day.data, last) if whole else self._hours(self.day.data, last)
        return replace(
            values, starts_at=start, ends_at=end, all_day=whole, time_open=self.time_mode.data == TIME_OPEN, planned=""
        )

    def _hours(self, first: date, last: date) -> tuple[datetime, datetime]:
        if self.start_time.data is None:
            raise Invalid(start_time=lazy("Bitte geben Sie den Beginn an, oder wählen Sie „Uhrzeit folgt“."))
        if self.end_time.data is None:
            raise Invalid(end_time=lazy("Bitte geben Sie das Ende an: Kalender brauchen es."))
        return moment(first, self.start_time.data, "start_time"), moment(last, self.end_time.data, "end_time")


class EventForm(WhenForm):
    """All that is said of an event, and its private room."""

    title = LineField(lazy("Titel"), [Needed(lazy("Bitte geben Sie an, wie der Termin heißt."))], most=140)
    kind = SelectField(lazy("Art"), choices=[])
    state = RadioField(lazy("Wie fest steht der Termin?"), choices=[], default=EventState.CONFIRMED)
    planned = LineField(
        lazy("Ungefährer Zeitraum"),
        most=80,
        description=lazy("Nur solange der Tag offen ist, zum Beispiel „2. Quartal 2027“."),
    )
    place = LineField(lazy("Ort"), most=200, description=lazy("Name, Straße, Postleitzahl und Ort in einer Zeile."))
    online_url = LineField(
        lazy("Link zur Online-Teilnahme"),
        [Optional(), URL(message=lazy("Bitte geben Sie die Adresse vollständig an, mit https:// davor."))],
        most=500,
        description=lazy("Wird nirgends veröffentlicht."),
    )
    lead = TextAreaField(
        lazy("Kurzbeschreibung"),
        [Length(max=300, message=lazy("Bitte kürzen Sie auf höchstens %(max)d Zeichen."))],
        description=lazy("Ein oder zwei Sätze; sie stehen in jedem Kanal."),
    )
    body = RichTextField(lazy("Beschreibung"))
    regions = ChoicesField(lazy("Für wen?"))
    municipalities = ChoicesField(lazy("Einzelne Gemeinden"))
    topics = ChoicesField(lazy("Themen"))

    def offer(self) -> "EventForm":
        """Put in what can be chosen now."""
        offered = (EventState.PROPOSED, EventState.TENTATIVE, EventState.CONFIRMED)
        self.kind.choices = [SelectChoice(kind.value, kind.label) for kind in EventKind]
        self.state.choices = [SelectChoice(state.value, state.label) for state in offered]
        top = [taxonomy.get_region("14")] if taxonomy.find_region("14") else []
        self.regions.choices = [SelectChoice(r.ags, r.label) for r in [*top, *taxonomy.districts()]]
        self.municipalities.choices = [SelectChoice(r.ags, r.label) for r in taxonomy.municipalities()]
        self.topics.choices = [SelectChoice(topic.slug, topic.label) for topic in taxonomy.topics()]
        return self

    def fill(self, values: EventValues, online_url: str) -> None:
        """Show these values."""
        self.fill_when(values)
        for name in ("title", "kind", "planned", "place", "lead"):
            self[name].data = getattr(values, name)
        called_off = values.state == EventState.CANCELLED
        self.state.data = EventState.CONFIRMED.value if called_off else str(values.state)
        self.body.process_data(values.body)
        self.online_url.data = online_url
        large = {choice.value for choice in self.regions.choices}
        self.regions.data = [ags for ags in values.regions if ags in large]
        self.municipalities.data = [ags for ags in values.regions if ags not in large]
        self.topics.data = list(values.topics)

    def values(self) -> EventValues:
        """What was filled in. Raises Invalid with the fields that do not fit together."""
        said = EventValues(
            title=self.title.data,
            kind=EventKind(self.kind.data),
            state=EventState(self.state.data),
            lead=" ".join((self.lead.data or "").split()),
            body=self.body.document,
            planned=self.planned.data or "",
            place=self.place.data or "",
            regions=[*(self.regions.data or []), *(self.municipalities.data or [])],
            topics=list(self.topics.data or []),
        )
        if said.state == EventState.PROPOSED:
            if self.day.data is not None:
                raise Invalid(day=rules.NO_DAY_YET)
            return said
        return self.moved(said)


class MoveForm(WhenForm):
    """A new time, firm or not yet."""

    state = RadioField(lazy("Wie fest steht der neue Termin?"), choices=[], default=EventState.CONFIRMED)

    def offer(self) -> "MoveForm":
        """Put in what can be chosen now."""
        self.state.choices = [SelectChoice(s.value, s.label) for s in (EventState.CONFIRMED, EventState.TENTATIVE)]
        return self


class CancelForm(Form):
    """Why it does not take place."""

    words = RichTextField(lazy("Begründung"), description=lazy("Steht in der Meldung über die Absage."))
