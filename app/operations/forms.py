"""The form on the page of components: one field of each kind."""

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    TimeField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.forms import EmailField, Form, LineField, Needed, RichTextField


class ComponentsForm(Form):
    """Shows each kind of field; stores nothing."""

    address = EmailField(
        "E-Mail-Adresse",
        [Needed("Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein.")],
        description="An diese Adresse senden wir den Bestätigungslink.",
    )
    name = LineField("Name", render_kw={"autocomplete": "name"})
    kind = SelectField("Art des Termins", choices=[("workshop", "Regionalworkshop"), ("deadline", "Frist")])
    day = DateField("Tag")
    at = TimeField("Beginn")
    places = IntegerField("Plätze")
    way = RadioField("Form der E-Mail", choices=[("html", "Gestaltet"), ("text", "Nur Text")], default="html")
    topics = SelectMultipleField(
        "Themen",
        choices=[("amt24", "Amt24"), ("servicekonto", "Servicekonto"), ("gremien", "Gremien")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    remark = TextAreaField("Anmerkung", description="Was sollen wir noch wissen?")
    body = RichTextField("Text der Meldung")
    consent = BooleanField(
        "Ich möchte den Newsletter per E-Mail erhalten.",
        [Needed("Bitte stimmen Sie zu, damit wir Ihnen schreiben dürfen.")],
    )
