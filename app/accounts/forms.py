"""Forms for signing in, for passwords and for the accounts."""

from typing import Any

from wtforms import HiddenField, PasswordField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.models import ROLES
from app.accounts.rules import PASSWORD_LENGTH
from app.kernel.forms import EmailField, Form, LineField, Needed
from app.kernel.i18n import lazy

PASSWORD_AT_MOST = 200


class SignInForm(Form):
    """Address and password; ``next`` is where the person wanted to go."""

    email = EmailField(
        lazy("E-Mail-Adresse"),
        [Needed(lazy("Bitte geben Sie Ihre E-Mail-Adresse ein."))],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        lazy("Passwort"),
        [Needed(lazy("Bitte geben Sie Ihr Passwort ein.")), Length(max=PASSWORD_AT_MOST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class PasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(
        lazy("Neues Passwort"),
        [
            Needed(lazy("Bitte wählen Sie ein Passwort.")),
            Length(
                min=PASSWORD_LENGTH,
                max=PASSWORD_AT_MOST,
                message=lazy("Bitte wählen Sie ein Passwort mit %(min)d bis %(max)d Zeichen."),
            ),
        ],
        description=lazy("Mindestens 12 Zeichen. Ein eigener Satz ist leicht zu merken und schwer zu raten."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        lazy("Passwort wiederholen"),
        [
            Needed(lazy("Bitte geben Sie das Passwort noch einmal ein.")),
            EqualTo(
                "password",
                message=lazy("Bitte geben Sie zweimal dasselbe Passwort ein."),
            ),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class ForgottenForm(Form):
    """The address of somebody who does not remember the password."""

    email = EmailField(
        lazy("E-Mail-Adresse"),
        [Needed(lazy("Bitte geben Sie Ihre E-Mail-Adresse ein."))],
        render_kw={"autocomplete": "username"},
    )


class RolesField(SelectMultipleField):  # type: ignore[misc]
    """The roles, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        needed = [Needed(lazy("Bitte wählen Sie mindestens eine der Rollen."))]
        choices = [SelectChoice(name, role) for name, role in ROLES.items()]
        super().__init__(label, needed, choices=choices, **kwargs)


class PersonForm(Form):
    """Name and roles of a person."""

    name = LineField(lazy("Name"), [Needed(lazy("Bitte geben Sie den Namen ein."))], render_kw={"autocomplete": "off"})
    roles = RolesField(
        lazy("Rollen"),
        description=lazy(
            "Redaktion schreibt, Freigabe gibt frei, was andere schrieben, Administration verwaltet Konten."
        ),
    )


class InvitationForm(PersonForm):
    """Somebody new."""

    email = EmailField(
        lazy("E-Mail-Adresse"),
        [Needed(lazy("Bitte geben Sie die E-Mail-Adresse ein."))],
        render_kw={"autocomplete": "off"},
    )
