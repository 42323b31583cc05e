"""The form behind the link in each mail."""

from wtforms import RadioField

from app.kernel.i18n import LANGUAGES, lazy
from app.subscriptions.forms.choice import ChoiceForm, NewslettersField


class PreferencesForm(ChoiceForm):
    """What a person gets. No newsletter at all means to leave."""

    newsletters = NewslettersField(lazy("Newsletter"))
    lang = RadioField(lazy("Sprache der E-Mails"), choices=dict(LANGUAGES))
