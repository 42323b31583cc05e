"""The forms about lists that exist already, and about exports."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from app.kernel.forms import Form, LineField, LongTextField
from app.kernel.i18n import LANGUAGES, lazy
from app.subscriptions import importing, queries
from app.subscriptions.forms.desk import FilterForm
from app.subscriptions.models import Basis


class ImportForm(Form):
    """Hands in a list and says on which ground it may be used."""

    file = FileField(
        lazy("Datei"),
        [FileRequired(lazy("Bitte wählen Sie eine Datei aus."))],
        description=lazy("CSV oder XLSX, höchstens 12 MB. In der ersten Zeile stehen am besten die Namen der Spalten."),
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx"},
    )
    newsletter = SelectField(lazy("Newsletter"), coerce=int)
    basis = RadioField(
        lazy("Rechtsgrundlage"),
        choices=[
            SelectChoice(Basis.CONSENT.value, lazy("Einwilligung: Für jede Adresse ist belegt, wann, wie und wozu.")),
            SelectChoice(
                Basis.PUBLIC_TASK.value, lazy("Öffentliche Aufgabe: nur Funktionspostfächer von Verwaltungen.")
            ),
        ],
    )
    how = LineField(
        lazy("Wie wurde eingewilligt?"),
        description=lazy("Gilt, wo die Datei es nicht selbst sagt, zum Beispiel: Formular auf der Website."),
    )
    wording = LongTextField(
        lazy("Wortlaut der Einwilligung"), description=lazy("Gilt, wo die Datei keinen eigenen Wortlaut hat.")
    )
    justification = LongTextField(
        lazy("Begründung der öffentlichen Aufgabe"),
        description=lazy("Ein Satz, den die Stellen in der ersten E-Mail lesen: wofür sie den Newsletter brauchen."),
        most=1000,
    )
    lang = SelectField(
        lazy("Sprache der E-Mails"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        description=lazy("Gilt, wo die Datei es nicht selbst sagt."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newsletter.choices = [SelectChoice(n.id, n.title) for n in queries.newsletters()]

    def grounds(self) -> importing.Grounds:
        """What the form says about the ground."""
        texts = (field.data or "" for field in (self.how, self.wording, self.justification))
        return importing.Grounds(Basis(self.basis.data), *texts)


class MappingForm(Form):
    """What each column means; its fields are made for the columns of one list."""

    def meanings(self) -> dict[str, str]:
        """The chosen meaning of each column that has one, by the column's number."""
        fields = {name.removeprefix("column"): field.data for name, field in self._fields.items()}
        return {number: meaning for number, meaning in fields.items() if number.isdigit() and meaning}


def mapping_form(columns: Sequence[str], mapping: dict[str, str]) -> MappingForm:
    """The form for these columns, with the meanings they have now."""
    choices = [SelectChoice("", lazy("nicht übernehmen"))]
    choices += [SelectChoice(meaning.value, label) for meaning, label in importing.MEANINGS.items()]
    fields = {
        f"column{number}": SelectField(name or lazy("Spalte %(number)s", number=number + 1), choices=choices)
        for number, name in enumerate(columns)
    }
    made: MappingForm = type("ListMappingForm", (MappingForm,), fields)(
        data={f"column{number}": meaning for number, meaning in mapping.items()}
    )
    return made


class ExportForm(FilterForm):
    """What to export, and in which form."""

    class Meta(FilterForm.Meta):
        csrf = True

    format = RadioField(
        lazy("Format"),
        default="csv",
        choices=[
            SelectChoice("csv", lazy("CSV, auch für Excel")),
            SelectChoice("xlsx", lazy("Excel-Datei (XLSX)")),
            SelectChoice("json", lazy("JSON für Programme")),
        ],
    )
