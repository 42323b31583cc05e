"""Who publishes here; and the form on the page of components, with one field of each kind."""

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
    TimeField,
)
from wtforms.fields import SelectChoice

from app.kernel.forms import BoxesField, EmailField, Form, IsWebAddress, LineField, LongTextField, Needed, RichTextField
from app.kernel.i18n import lazy


class IdentityForm(Form):
    """Everything the imprint and the foot of mails say. What is required before sending may be filled in bit by bit."""

    site_name = LineField(lazy("Name der Website"), [Needed(lazy("Bitte geben Sie der Website einen Namen."))])
    publisher = LineField(lazy("Herausgeber"))
    publisher_address = LongTextField(lazy("Anschrift des Herausgebers"), most=500)
    contact_email = EmailField(lazy("Kontaktadresse"))
    contact_phone = LineField(lazy("Telefon"), render_kw={"autocomplete": "tel"})
    team_name = LineField(lazy("Name der Redaktion"))
    behalf = LineField(lazy("Getragen von"), description=lazy("Mit Auftrag, zum Beispiel: A und B im Auftrag von C."))
    responsible = LineField(lazy("Verantwortlich für den Inhalt"))
    controller = LongTextField(lazy("Verantwortlicher im Sinne der DSGVO"), most=500)
    data_protection_officer = LongTextField(lazy("Datenschutzbeauftragte Person"), most=500)
    processor = LongTextField(lazy("Auftragsverarbeiter"), most=500)
    supervisory_authority = LongTextField(lazy("Aufsichtsbehörde für den Datenschutz"), most=500)
    enforcement_body = LongTextField(lazy("Durchsetzungsstelle für Barrierefreiheit"), most=500)
    participation_portal = LineField(lazy("Adresse des Beteiligungsportals"), [IsWebAddress()], most=500)

    def values(self) -> dict[str, str]:
        """What was filled in, by field."""
        return {name: field.data or "" for name, field in self._fields.items() if name != "csrf_token"}


KINDS = [SelectChoice("workshop", "Regionalworkshop"), SelectChoice("deadline", "Frist")]
WAYS = [SelectChoice("html", "Gestaltet"), SelectChoice("text", "Nur Text")]


class ComponentsForm(Form):
    """Shows each kind of field; stores nothing."""

    address = EmailField(
        "E-Mail-Adresse",
        [Needed("Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein.")],
        description="An diese Adresse senden wir den Bestätigungslink.",
    )
    name = LineField("Name", render_kw={"autocomplete": "name"})
    kind = SelectField(
        "Art des Termins", choices=[SelectChoice("workshop", "Regionalworkshop"), SelectChoice("deadline", "Frist")]
    )
    day = DateField("Tag")
    at = TimeField("Beginn")
    places = IntegerField("Plätze")
    way = RadioField("Form der E-Mail", choices=WAYS, default="html")
    topics = BoxesField(
        "Themen",
        choices=[
            SelectChoice("amt24", "Amt24"),
            SelectChoice("servicekonto", "Servicekonto"),
            SelectChoice("gremien", "Gremien"),
        ],
    )
    remark = TextAreaField("Anmerkung", description="Was sollen wir noch wissen?")
    body = RichTextField("Text der Meldung")
    consent = BooleanField(
        "Ich möchte den Newsletter per E-Mail erhalten.",
        [Needed("Bitte stimmen Sie zu, damit wir Ihnen schreiben dürfen.")],
    )
