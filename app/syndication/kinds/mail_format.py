"""Mail to a partner's editorial office in a fixed format that people read and machines can take apart.

Subject ``[prefix] kind: title (reference)``, text and HTML, ``meldung.json`` and, for dates, ``termin.ics`` attached.
"""

from collections.abc import Callable
from typing import Any

from app import announcements, delivery
from app.announcements import Channel, DispatchState, Preview, Revision
from app.kernel import clock
from app.kernel.i18n import lazy
from app.kernel.mail import Attachment, Mail
from app.syndication import mails
from app.syndication.kinds import payload
from app.syndication.kinds.base import Form, Package, Parcel
from app.syndication.rules import preview_parcel

RENDER: dict[Form, Callable[[Parcel], Mail]] = {
    Form.PUBLISHED: mails.published,
    Form.CORRECTED: mails.corrected,
    Form.WITHDRAWN: mails.withdrawn,
}


class MailFormat:
    """One mail per revision. ``event_file`` makes the calendar file of an event from its UID, or None."""

    name = "mail_format"
    label = lazy("E-Mail in festem Format")

    def __init__(self, event_file: Callable[[str], bytes | None]) -> None:
        self._event_file = event_file

    def preview(self, revision: Revision) -> list[Preview]:
        """The mail to each active channel."""
        return [self._shown(channel, revision) for channel in announcements.channels(active=True) if _is_mine(channel)]

    def _shown(self, channel: Channel, revision: Revision) -> Preview:
        parcel = preview_parcel(channel, revision)
        mail = RENDER[parcel.form](parcel)
        return Preview(f"{channel.name} ({self.label})", mail.subject, mail.text, mail.html)

    def pack(self, parcel: Parcel) -> Package:
        """The rendered mail with its attachments and headers."""
        revision = parcel.revision
        body = payload.as_bytes(payload.document(parcel))
        attachments = [Attachment("meldung.json", "application/json", body)]
        event = self._event_file(revision.content.event_uid) if revision.content.event_uid else None
        if event is not None:
            attachments.append(Attachment("termin.ics", "text/calendar", event))
        return Package(
            key=parcel.key,
            to=parcel.channel.config["address"],
            attempt=parcel.attempt,
            mail=RENDER[parcel.form](parcel),
            headers={"X-OZG-Meldung-ID": revision.identifier, "X-OZG-Fassung": str(revision.number)},
            attachments=attachments,
        )

    def trial(self, channel: Channel) -> Package:
        """A mail that says that the channel is being tested."""
        stamp = f"{clock.now():%Y%m%d%H%M%S}"
        return Package(key=f"test-{channel.id}-{stamp}", to=channel.config["address"], mail=mails.trial(channel))

    def carry(self, package: Package) -> dict[str, Any]:
        """Nothing leaves yet: the mail is owed in the same transaction as the evidence."""
        return {"to": package.to, "group": _group(package)}

    def settle(self, package: Package) -> DispatchState:
        """Hand it to the mail delivery; the dispatch is sent when its ledger says so."""
        assert package.mail is not None
        delivery.queue_one(
            "partner",
            package.mail,
            package.to,
            group=_group(package),
            headers=package.headers,
            attachments=package.attachments,
            subject_kind="channel",
        )
        return DispatchState.HANDED


def _group(package: Package) -> str:
    return f"partner:{package.key}:{package.attempt}"


def _is_mine(channel: Channel) -> bool:
    return channel.kind == MailFormat.name
