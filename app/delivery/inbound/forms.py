"""Forms of the desk about who gets nothing any more."""

from wtforms import HiddenField

from app.kernel import forms
from app.kernel.i18n import lazy


class LiftForm(forms.Form):
    """Let an address get mails again: whose, and why."""

    address = forms.EmailField(
        lazy("E-Mail-Adresse"),
        [forms.Needed(lazy("Bitte geben Sie die Adresse ein, deren Sperre Sie aufheben möchten."))],
    )
    reason = forms.LineField(
        lazy("Warum heben Sie die Sperre auf?"),
        [forms.Needed(lazy("Bitte schreiben Sie, warum Sie die Sperre aufheben, zum Beispiel: Anruf vom 3. Mai."))],
        most=200,
        description=lazy("Steht im Protokoll."),
    )
    page = HiddenField()
