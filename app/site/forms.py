"""The form that reports a barrier."""

from wtforms import TextAreaField
from wtforms.validators import Length

from app.kernel.forms import EmailField, Form, LineField, Needed
from app.kernel.i18n import lazy


class BarrierForm(Form):
    """What does not work, where, and how we can answer (optional: nobody needs to say who they are)."""

    where = LineField(
        lazy("Auf welcher Seite?"),
        description=lazy("Adresse oder Name der Seite, oder „Newsletter vom …“."),
        most=500,
    )
    what = TextAreaField(
        lazy("Was funktioniert nicht?"),
        [
            Needed(lazy("Bitte beschreiben Sie kurz, was nicht funktioniert.")),
            Length(max=4000, message=lazy("Bitte kürzen Sie auf höchstens %(max)d Zeichen.")),
        ],
        description=lazy("Zum Beispiel: welches Gerät, welches Programm, was Sie tun wollten."),
        render_kw={"rows": 7},
    )
    name = LineField(lazy("Ihr Name"), render_kw={"autocomplete": "name"})
    address = EmailField(
        lazy("Ihre E-Mail-Adresse"),
        description=lazy("Nur wenn Sie eine Antwort möchten. Wir nutzen sie für nichts anderes."),
    )
