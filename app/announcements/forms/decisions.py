"""Forms of those who decide: approving, giving back, taking back."""

from datetime import datetime
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.announcements.forms.fields import check_future, moment_of, wall_clock
from app.announcements.models import Announcement
from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.forms import Form, LongTextField, Needed
from app.kernel.i18n import lazy
from app.kernel.moments import DayField, WallTimeField

NOW, LATER = "now", "later"


class ApproveForm(Form):
    """The second person's consent to exactly what was shown, and when it is published."""

    content_hash = HiddenField()
    moment = RadioField(
        lazy("Veröffentlichen"),
        choices=[SelectChoice(NOW, lazy("sofort")), SelectChoice(LATER, lazy("zu diesem Zeitpunkt:"))],
        default=NOW,
    )
    publish_on = DayField(lazy("Tag"), [Optional()])
    publish_time = WallTimeField(lazy("Uhrzeit"), [Optional()])

    @classmethod
    def of(cls, announcement: Announcement) -> "ApproveForm":
        """The form with the hash of what is shown, and the time that the authors wished."""
        values: dict[str, Any] = {"content_hash": announcement.content_hash}
        return cls(data=values | wall_clock(announcement.publish_at, "publish") | {"moment": _choice(announcement)})

    def at(self) -> datetime:
        """The moment that was chosen. Raises Invalid if it lies in the past or is missing."""
        if self.moment.data == NOW:
            return clock.now()
        at = moment_of(self.publish_on.data, self.publish_time.data, "publish")
        if at is None:
            raise Invalid(publish_on=lazy("Bitte geben Sie ein Datum ein, zum Beispiel 08.12.2026."))
        check_future(at, "publish_on")
        return at


class RejectForm(Form):
    """What is to be changed."""

    note = LongTextField(
        lazy("Was soll geändert werden?"),
        [Needed(lazy("Bitte schreiben Sie, was geändert werden soll."))],
        render_kw={"rows": 3},
    )


class WithdrawForm(Form):
    """Why it is taken back."""

    reason = LongTextField(
        lazy("Warum wird die Meldung zurückgezogen?"),
        [Needed(lazy("Bitte schreiben Sie, warum die Meldung zurückgezogen wird."))],
        most=1000,
        description=lazy("Leserinnen, Leser und Verbände sehen diesen Satz."),
        render_kw={"rows": 3},
    )
    sure = BooleanField(
        lazy("Die Meldung soll auf allen Kanälen zurückgezogen werden."),
        [Needed(lazy("Bitte bestätigen Sie, dass die Meldung zurückgezogen werden soll."))],
    )


def _choice(announcement: Announcement) -> str:
    return LATER if announcement.publish_at and announcement.publish_at > clock.now() else NOW
