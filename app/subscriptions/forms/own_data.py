"""The forms around one's own data."""

from app.kernel.forms import EmailField, Form, Needed, TickField
from app.kernel.i18n import lazy


class AskForm(Form):
    """Asks for the link to one's own data."""

    email = EmailField(
        lazy("E-Mail-Adresse"), [Needed(lazy("Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."))]
    )


class EraseForm(Form):
    """The button that erases."""

    never_again = TickField(
        lazy("Schreiben Sie mir nie wieder, auch wenn jemand meine Adresse einträgt"),
        description=lazy(
            "Dafür bleibt eine Prüfsumme Ihrer Adresse gespeichert, aus der sie sich nicht ablesen lässt."
        ),
    )
