"""Forms of the Projektlandkarte."""

from wtforms import SelectField

from app.kernel import forms
from app.kernel.i18n import lazy
from app.projects.values import MATURITY, Priority, ProjectState, ProjectValues, Way


class ProjectForm(forms.Form):
    """What Saxony does about one service."""

    state = SelectField(
        lazy("Umsetzungsstand"),
        choices=lambda: [(state.value, state.label) for state in ProjectState],
        description=lazy("Nur eintragen, was belegt ist."),
    )
    way = SelectField(lazy("Umsetzungsweg"), choices=lambda: [(way.value, way.label) for way in Way])
    maturity = SelectField(
        lazy("Reifegrad"),
        choices=lambda: [("", lazy("nicht bekannt")), *((str(key), str(label)) for key, label in MATURITY.items())],
    )
    priority = SelectField(lazy("Priorität"), choices=lambda: [(level.value, level.label) for level in Priority])
    lead = forms.LineField(lazy("Federführung"))
    note = forms.LongTextField(lazy("Hinweis"), most=1000)
    as_of = forms.LineField(
        lazy("Stand der Angabe"),
        [forms.Needed(lazy("Bitte geben Sie an, von wann die Angabe ist, zum Beispiel 11/2026."))],
        most=40,
    )
    source = forms.LineField(
        lazy("Quelle"), most=500, description=lazy("Adresse einer Seite oder Name eines Dokuments.")
    )

    def values(self) -> ProjectValues:
        """What was filled in."""
        return ProjectValues(
            state=self.state.data,
            way=self.way.data,
            lead=self.lead.data or "",
            priority=self.priority.data,
            maturity=int(self.maturity.data) if self.maturity.data else None,
            note=self.note.data or "",
            as_of=self.as_of.data or "",
            source=self.source.data or "",
        )
