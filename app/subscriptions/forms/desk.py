"""The forms of the desk's pages."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice

from app import taxonomy
from app.kernel import clock
from app.kernel.forms import Form, LineField, Needed
from app.kernel.i18n import lazy
from app.kernel.moments import DayField
from app.subscriptions import queries
from app.subscriptions.models import State
from app.subscriptions.words import CHANNELS


class FilterForm(Form):
    """What the desk's list shows."""

    class Meta:
        csrf = False

    text = LineField(lazy("Adresse oder Name"))
    newsletter = SelectField(lazy("Newsletter"))
    state = SelectField(
        lazy("Status"),
        choices=[
            SelectChoice("", lazy("Alle")),
            SelectChoice(State.ACTIVE.value, lazy("aktiv")),
            SelectChoice(State.REQUESTED.value, lazy("noch nicht bestätigt")),
            SelectChoice(State.WITHDRAWN.value, lazy("abgemeldet")),
        ],
    )
    region = SelectField(lazy("Region"))
    topic = SelectField(lazy("Thema"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = SelectChoice("", lazy("Alle"))
        districts = sorted(taxonomy.districts(), key=lambda region: taxonomy.fold(region.name))
        self.newsletter.choices = [every, *(SelectChoice(n.slug, n.title) for n in queries.newsletters())]
        self.region.choices = [every, *(SelectChoice(region.ags, region.listed) for region in districts)]
        self.topic.choices = [every, *(SelectChoice(topic.slug, topic.label) for topic in taxonomy.topics())]

    def wanted(self) -> queries.Filter:
        """What the form asks for; what is on no list asks for nothing."""
        fields = (self.newsletter, self.state, self.region, self.topic)
        chosen = [
            field.data if field.data in {choice[0] for choice in field.iter_choices()} else "" for field in fields
        ]
        return queries.Filter(self.text.data or "", *chosen)


class WithdrawForm(Form):
    """How somebody asked the team to end a subscription."""

    channel = RadioField(
        lazy("Wie hat die Person darum gebeten?"),
        choices=[SelectChoice(channel.value, label) for channel, label in CHANNELS.items()],
    )
    note = LineField(
        lazy("Vermerk"), description=lazy("Zum Beispiel Tag des Anrufs oder Aktenzeichen; keine weiteren Angaben.")
    )


class BulkForm(WithdrawForm):
    """The subscriptions of a selection that are to end; ``chosen`` are their numbers."""

    chosen = SelectMultipleField(lazy("Abonnements"), coerce=int, validate_choice=False)


class ReconfirmForm(Form):
    """Whom to ask whether they still want a newsletter; ``sure`` comes with the second button."""

    newsletter = SelectField(lazy("Newsletter"), coerce=int)
    before = DayField(
        lazy("Zuletzt bestätigt vor dem"), [Needed(lazy("Bitte geben Sie ein Datum ein, zum Beispiel 08.12.2026."))]
    )
    sure = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newsletter.choices = [SelectChoice(n.id, n.title) for n in queries.newsletters()]

    def validate_before(self, field: Any) -> None:
        """Raises ValidationError for a day that is no plausible one."""
        if not field.errors and field.data > clock.today():
            raise ValidationError(str(lazy("Das Datum liegt in der Zukunft. Bitte wählen Sie ein früheres.")))
