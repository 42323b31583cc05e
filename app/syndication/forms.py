"""Forms of partners and of those who keep the channels."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from app.announcements import Channel, Dispatch
from app.kernel.forms import WHOLE_ADDRESS, EmailField, Form, IsWebAddress, LineField, Needed
from app.kernel.i18n import lazy
from app.syndication.kinds.mail_format import MailFormat
from app.syndication.kinds.webhook import Webhook
from app.syndication.mails import DEFAULT_PREFIX


class NeededFor:
    """The field must be filled for channels of this kind."""

    def __init__(self, kind: str, advice: Any) -> None:
        self._kind = kind
        self._advice = advice

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError with the advice."""
        if form.kind.data == self._kind and not field.data:
            raise ValidationError(self._advice)


class AcknowledgeForm(Form):
    """What became of an announcement at a partner's."""

    outcome = RadioField(
        lazy("Was ist daraus geworden?"),
        [Needed(lazy("Bitte wählen Sie aus, ob Sie die Meldung übernommen haben."))],
        choices=[
            SelectChoice("taken", lazy("Wir haben sie übernommen.")),
            SelectChoice("not_taken", lazy("Wir übernehmen sie nicht.")),
        ],
    )
    link = LineField(
        lazy("Wo ist sie zu lesen?"),
        [IsWebAddress()],
        most=1000,
        description=lazy("Freiwillig: die Adresse Ihrer Veröffentlichung."),
        render_kw={"inputmode": "url", "placeholder": "https://"},
    )

    @classmethod
    def of(cls, dispatch: Dispatch, *, sent: bool = True) -> "AcknowledgeForm":
        """The form with what was said before; with ``sent`` what comes with the request takes precedence."""
        said = dispatch.evidence.get("taken")
        data = {"outcome": None if said is None else "taken" if said else "not_taken"}
        data["link"] = dispatch.evidence.get("link")
        form = cls(data=data) if sent else cls(formdata=None, data=data)
        if dispatch.revision.is_withdrawal:
            form.outcome.choices = [
                SelectChoice("taken", lazy("Wir haben sie entfernt.")),
                SelectChoice("not_taken", lazy("Sie stand nicht bei uns.")),
            ]
        return form


class ChannelForm(Form):
    """A channel: what is asked depends on its kind."""

    name = LineField(lazy("Name"), [Needed(lazy("Bitte geben Sie dem Kanal einen Namen, zum Beispiel SSG."))], most=60)
    kind = SelectField(lazy("Art"), choices=[SelectChoice(kind.name, kind.label) for kind in (MailFormat, Webhook)])
    address = EmailField(
        lazy("E-Mail-Adresse"),
        [NeededFor(MailFormat.name, lazy("Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."))],
        description=lazy("Für E-Mail: das Postfach der Redaktion."),
    )
    prefix = LineField(
        lazy("Kennwort im Betreff"), most=40, description=lazy("Für E-Mail: steht in eckigen Klammern am Anfang.")
    )
    url = LineField(
        lazy("Adresse des Webhooks"),
        [NeededFor(Webhook.name, WHOLE_ADDRESS), IsWebAddress()],
        most=1000,
        description=lazy("Für Webhooks: https://…"),
    )
    active = BooleanField(lazy("Der Kanal erhält Meldungen."))

    @classmethod
    def of(cls, channel: Channel | None) -> "ChannelForm":
        """The form of this channel, or of a new one."""
        if channel is None:
            return cls(data={"active": True, "prefix": DEFAULT_PREFIX})
        shown = {name: channel.config.get(name, "") for name in ("address", "prefix", "url")}
        return cls(data={"name": channel.name, "kind": channel.kind, "active": channel.active, **shown})

    def config(self) -> dict[str, str]:
        """The settings of the chosen kind."""
        if self.kind.data == MailFormat.name:
            return {"address": self.address.data, "prefix": self.prefix.data or DEFAULT_PREFIX}
        return {"url": self.url.data}
