"""The forms of the desk's pages."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.kernel.forms import Form, LineField
from app.kernel.i18n import lazy
from app.subscriptions.models import State


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
