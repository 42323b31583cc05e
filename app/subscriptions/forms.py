"""Forms of the people who listen."""

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from app import taxonomy
from app.kernel import clock, tokens
from app.kernel.forms import ActionForm, BoxesField, EmailField, Form, LineField, Needed
from app.kernel.i18n import LANGUAGES, lazy
from app.subscriptions import queries
from app.subscriptions.models import State
from app.subscriptions.rules import FASTEST_PERSON

STARTED = "signup-started"


class NewslettersField(BoxesField):
    """The newsletters, by slug."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.choices = [(newsletter.slug, newsletter.title) for newsletter in queries.newsletters()]


class ChoiceForm(Form):
    """Which newsletters, and what they are narrowed to."""

    newsletters = NewslettersField(
        lazy("Newsletter"), [Needed(lazy("Bitte wählen Sie mindestens einen Newsletter aus."))]
    )
    regions = taxonomy.DistrictsField(lazy("Landkreise und Kreisfreie Städte"))
    municipality = taxonomy.MunicipalityField(
        lazy("Stadt oder Gemeinde"),
        description=lazy("Name eintippen und aus der Liste wählen, auf Deutsch oder Sorbisch."),
    )
    topics = taxonomy.TopicsField(lazy("Themen"))

    def chosen_regions(self) -> tuple[str, ...]:
        """The regions (AGS) that were ticked or typed."""
        typed = [self.municipality.ags] if self.municipality.ags else []
        return tuple(dict.fromkeys([*(self.regions.data or ()), *typed]))


class SignUpForm(ChoiceForm):
    """The sign-up. Only the address is needed.

    ``website`` is a trap that people do not see; ``started`` says when the page was opened; ``sure`` is the button that
    is added where either speaks for a machine.
    """

    email = EmailField(
        lazy("E-Mail-Adresse"), [Needed(lazy("Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."))]
    )
    name = LineField(lazy("Name"), most=200, render_kw={"autocomplete": "name"})
    organisation = LineField(
        lazy("Organisation"),
        most=200,
        description=lazy("Zum Beispiel Ihre Verwaltung oder Ihr Verband."),
        render_kw={"autocomplete": "organization"},
    )
    website = StringField(lazy("Bitte lassen Sie dieses Feld leer."))
    started = HiddenField(default=lambda: tokens.derive(STARTED, int(clock.now().timestamp())))
    sure = HiddenField()

    def looks_automatic(self) -> bool:
        """Whether the trap was filled, or the form was sent faster than a person can; then one more button is shown."""
        if self.sure.data:
            return False
        return bool(self.website.data) or self._was_too_fast()

    def _was_too_fast(self) -> bool:
        try:
            opened = tokens.read(STARTED, self.started.data or "").id
        except tokens.BadToken:
            return True
        return clock.now().timestamp() - opened < FASTEST_PERSON.total_seconds()


class PreferencesForm(ChoiceForm):
    """What a person gets. No newsletter at all means to leave."""

    newsletters = NewslettersField(lazy("Newsletter"))
    lang = RadioField(lazy("Sprache der E-Mails"), choices=dict(LANGUAGES))


class RenewForm(ActionForm):
    """Asks for a new link."""

    renew = HiddenField(default="1")


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
