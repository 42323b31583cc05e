"""The form to sign up."""

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from app.kernel import clock, identity, tokens
from app.kernel.forms import ActionForm, EmailField, LineField, Needed
from app.kernel.i18n import lazy
from app.subscriptions.addresses import Question, question
from app.subscriptions.forms.choice import ChoiceForm
from app.subscriptions.roles import ROLES
from app.subscriptions.rules import FASTEST_PERSON

STARTED = "signup-started"
ROLE_CHOICES = [SelectChoice(key, label) for key, label in ROLES.items()]


class SignUpForm(ChoiceForm):
    """The sign-up. Only the address is needed.

    ``website`` is a trap that people do not see; ``started`` says when the page was opened; ``sure`` is the button that
    is added where either speaks for a machine. ``meant`` says that the address was asked about and is right as it is,
    ``change`` that it is to be changed.
    """

    email = EmailField(
        lazy("E-Mail-Adresse"), [Needed(lazy("Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."))]
    )
    name = LineField(lazy("Name"), most=200, render_kw={"autocomplete": "name"})
    organisation = LineField(
        lazy("Organisation"),
        most=200,
        description=lazy(
            "Ihre Verwaltung oder eine andere Organisation, zum Beispiel ein Landratsamt, ein Zweckverband oder eine "
            "Kammer."
        ),
        render_kw={"autocomplete": "organization"},
    )
    role = SelectField(lazy("Ihr Aufgabenbereich"), choices=[SelectChoice("", lazy("Keine Angabe")), *ROLE_CHOICES])
    website = StringField(lazy("Bitte lassen Sie dieses Feld leer."))
    started = HiddenField(default=lambda: tokens.derive(STARTED, int(clock.now().timestamp())))
    sure = HiddenField()
    meant = HiddenField()
    change = HiddenField()

    def question(self) -> Question | None:
        """What to ask back about the address; nothing once it was said to be right."""
        own = identity.current().contact_email.rpartition("@")[2].lower()
        return None if self.meant.data else question(self.email.data, [own] if own else [])

    def looks_automatic(self) -> bool:
        """Whether the trap was filled, or the form was sent faster than a person can; then one more button is shown."""
        if self.sure.data:
            return False
        return bool(self.website.data) or self._was_too_fast()

    def _was_too_fast(self) -> bool:
        try:
            opened = tokens.read(STARTED, self.started.data or "").id
        except tokens.BadToken:
            return True
        return clock.now().timestamp() - opened < FASTEST_PERSON.total_seconds()


class RenewForm(ActionForm):
    """Asks for a new link."""

    renew = HiddenField(default="1")
