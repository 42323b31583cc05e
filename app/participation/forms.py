"""Forms of participation."""

from wtforms import RadioField, StringField

from app.kernel import forms
from app.kernel.i18n import lazy
from app.participation.models import Kind
from app.participation.services import Words


class ContributionForm(forms.Form):
    """A contribution on a service. ``website`` is a trap: people do not see it, machines fill it in."""

    kind = RadioField(
        lazy("Was möchten Sie uns sagen?"),
        choices=lambda: [
            (Kind.COMMENT.value, lazy("Kommentar: Was uns zu dieser Leistung auffällt")),
            (Kind.PRIORITY.value, lazy("Vorrang: Warum diese Leistung bei uns zuerst kommen sollte")),
            (Kind.SOLUTION.value, lazy("Gute Lösung: Was es schon gibt und sich lohnt anzusehen")),
            (Kind.EXPERTISE.value, lazy("Fachliche Mitwirkung: Was wir beitragen können")),
        ],
        default=Kind.COMMENT.value,
    )
    body = forms.LongTextField(
        lazy("Ihr Beitrag"),
        [forms.Needed(lazy("Bitte schreiben Sie, was Sie uns sagen möchten."))],
        most=3000,
        description=lazy("Bitte nennen Sie keine Personen ohne deren Einverständnis. Höchstens 3000 Zeichen."),
    )
    name = forms.LineField(
        lazy("Name"),
        most=100,
        description=lazy("Freiwillig. Wird mit dem Beitrag veröffentlicht."),
        render_kw={"autocomplete": "name"},
    )
    organisation = forms.LineField(
        lazy("Kommune oder Organisation"),
        most=150,
        description=lazy("Freiwillig. Wird mit dem Beitrag veröffentlicht."),
        render_kw={"autocomplete": "organization"},
    )
    email = forms.EmailField(
        lazy("E-Mail-Adresse für Rückfragen"),
        description=lazy(
            "Freiwillig. Wird nicht veröffentlicht und 30 Tage nach der Entscheidung über den Beitrag gelöscht."
        ),
    )
    website = StringField(lazy("Bitte leer lassen"), render_kw={"autocomplete": "off", "tabindex": "-1"})

    @property
    def is_trapped(self) -> bool:
        """Whether a machine filled in what people do not see."""
        return bool(self.website.data)

    def words(self) -> Words:
        """What was written."""
        return Words(
            kind=self.kind.data,
            body=self.body.data or "",
            name=self.name.data or "",
            organisation=self.organisation.data or "",
            email=self.email.data or "",
        )


class ModerationForm(forms.Form):
    """What the team says to a contribution; the button says whether it is published."""

    answer = forms.LongTextField(
        lazy("Antwort der Redaktion"),
        most=3000,
        description=lazy("Freiwillig. Steht öffentlich unter dem Beitrag."),
    )
    decision = StringField()
