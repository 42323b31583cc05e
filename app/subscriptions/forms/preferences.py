"""The forms behind the link in each mail."""

from typing import Final

from wtforms import DateField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.kernel.forms import EmailField, Form, Needed
from app.kernel.i18n import LANGUAGES, lazy
from app.subscriptions.forms.choice import ChoiceForm, NewslettersField
from app.subscriptions.models import How
from app.subscriptions.words import FORMATS, LEAVE_REASONS

NEEDS_ADDRESS: Final = lazy("Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein.")


class PreferencesForm(ChoiceForm):
    """What a person gets, when, and in which form. No newsletter at all means to leave."""

    newsletters = NewslettersField(lazy("Newsletter"))
    how = RadioField(
        lazy("Wann möchten Sie von uns hören?"),
        choices=[
            SelectChoice(How.WITH_ISSUE.value, lazy("Mit den Ausgaben")),
            SelectChoice(How.DATES_AT_ONCE.value, lazy("Mit den Ausgaben, dazu neue und geänderte Termine sofort")),
            SelectChoice(How.ALL_AT_ONCE.value, lazy("Mit den Ausgaben, dazu jede Meldung sofort")),
        ],
    )
    lang = RadioField(lazy("Sprache der E-Mails"), choices=[SelectChoice(*pair) for pair in LANGUAGES.items()])
    format = RadioField(
        lazy("Form der E-Mails"), choices=[SelectChoice(form.value, label) for form, label in FORMATS.items()]
    )
    paused_until = DateField(
        lazy("Pause bis"),
        [Optional()],
        format=["%Y-%m-%d", "%d.%m.%Y"],
        description=lazy("An diesem Tag geht es von selbst weiter. Ohne Tag machen Sie keine Pause."),
    )


class AddressForm(Form):
    """An address to which something is sent."""

    email = EmailField(lazy("E-Mail-Adresse"), [Needed(NEEDS_ADDRESS)])


class NewAddressForm(Form):
    """The address to which the mails shall go from now on."""

    email = EmailField(lazy("Neue E-Mail-Adresse"), [Needed(NEEDS_ADDRESS)])


class WhyForm(Form):
    """Why somebody left. The token in the address is the proof; no cookie is needed, so no CSRF token either."""

    class Meta:
        csrf = False

    reason = RadioField(
        lazy("Möchten Sie uns sagen, warum?"),
        [Optional()],
        choices=[SelectChoice(reason.value, label) for reason, label in LEAVE_REASONS.items()],
    )
