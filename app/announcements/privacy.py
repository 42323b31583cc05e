"""Contact persons in what is published, and the people behind the channels."""

from typing import Final

from sqlalchemy import Text, cast, select

from app.announcements.models import Announcement, Channel
from app.kernel.db import session
from app.kernel.i18n import lazy
from app.kernel.privacy import Period, PersonalData, Record, fact


def _contacts(address: str) -> list[Record]:
    found = session.scalars(
        select(Announcement)
        .where(cast(Announcement.content_json, Text).icontains(address, autoescape=True))
        .order_by(Announcement.id)
    )
    return [
        Record(
            lazy("Meldung: %(title)s", title=one.content.title),
            (fact("contact", lazy("Ansprechperson"), one.content.contact),),
        )
        for one in found
    ]


def _channels(address: str) -> list[Record]:
    found = session.scalars(select(Channel).order_by(Channel.id))
    return [
        Record(lazy("Infokanal: %(name)s", name=one.name), (fact("address", lazy("E-Mail-Adresse"), address),))
        for one in found
        if str(one.config.get("address", "")).lower() == address
    ]


PERSONAL_DATA: Final = [
    PersonalData(
        lazy("Ansprechpersonen, die in Meldungen und Terminen genannt sind"),
        lazy("Rückfragen zu dem, was veröffentlicht ist"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO"),
        Period(lazy("Solange die Meldung oder der Termin veröffentlicht ist")),
        name="announcements.contacts",
        remains=lazy("Sind Sie in einer Meldung als Ansprechperson genannt, ändert die Redaktion das auf Wunsch."),
        columns=("announcements.content", "announcement_revisions.content", "announcements.reason"),
        disclose=_contacts,
    ),
    PersonalData(
        lazy("Infokanäle: Adresse der Stelle, die Meldungen übernimmt, und was sie dazu geantwortet hat"),
        lazy("Meldungen übergeben und nachverfolgen"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO"),
        Period(lazy("Solange der Infokanal besteht")),
        name="announcements.channels",
        remains=lazy("Die Adresse eines Infokanals ändert die Redaktion auf Wunsch der Stelle."),
        columns=("channels.config", "channels.name", "dispatches.evidence", "dispatches.last_error"),
        disclose=_channels,
    ),
]
