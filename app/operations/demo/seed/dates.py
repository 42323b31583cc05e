"""The demo's dates: workshops all over the regions, in every state from "in Abstimmung" to confirmed."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from app import accounts, announcements, events
from app.events import EventKind, EventState, EventValues
from app.kernel import clock, text


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """One date of the demo: so many weeks from now, on this weekday (Monday is 0); no week means: still open."""

    title: str
    lead: str
    region: str
    topics: tuple[str, ...]
    weeks: int | None
    weekday: int = 1
    begins: time = time(10)
    ends: time = time(12, 30)
    kind: EventKind = EventKind.WORKSHOP
    state: EventState = EventState.CONFIRMED
    place: str = ""
    planned: str = ""


AMT24: Final = "Wie Leistungen in Amt24 gefunden, beschrieben und eingebunden werden: mit Übungen am eigenen Rechner."
FORMS: Final = "Vom Papierformular zum Onlineantrag: Vorlagen, Prüfregeln und die Anbindung an das Fachverfahren."
LAW: Final = "Was das Onlinezugangsgesetz von Kommunen verlangt, welche Fristen gelten und wer wofür zuständig ist."
FINDER: Final = "Texte und Zuständigkeiten pflegen, damit Bürgerinnen und Bürger die richtige Stelle finden."

BODY: Final = (
    "Der Termin richtet sich an alle, die in Städten, Gemeinden und Landkreisen Onlinedienste einführen. "
    "Vorkenntnisse sind nicht nötig.\n\n"
    "- Überblick und Beispiele\n- Übung in kleinen Gruppen\n- Fragen und nächste Schritte"
)

DATES: Final = (
    PlannedDate("Regionalworkshop Amt24 in Bautzen", AMT24, "14625", ("amt24",), 2, place="Bautzen, Landratsamt"),
    PlannedDate("Regionalworkshop Amt24 in Görlitz", AMT24, "14626", ("amt24",), 3, 2, place="Görlitz, Landratsamt"),
    PlannedDate(
        "Regionalworkshop Formulare in Freiberg",
        FORMS,
        "14522",
        ("formular-verfahrensmanagement",),
        4,
        3,
        state=EventState.TENTATIVE,
        place="Freiberg, Landratsamt",
    ),
    PlannedDate(
        "Regionalworkshop Formulare in Plauen", FORMS, "14523", ("formular-verfahrensmanagement",), 5, 1, place="Plauen"
    ),
    PlannedDate(
        "Regionalworkshop Zuständigkeitsfinder in Zwickau",
        FINDER,
        "14524",
        ("zustaendigkeitsfinder",),
        6,
        2,
        place="Zwickau",
    ),
    PlannedDate(
        "Regionalworkshop Zuständigkeitsfinder in Torgau",
        FINDER,
        "14730",
        ("zustaendigkeitsfinder",),
        None,
        state=EventState.PROPOSED,
        planned="Anfang 2027",
    ),
    PlannedDate(
        "Regionalworkshop Servicekonto in Pirna",
        "Anmelden, nachweisen, bezahlen: das Servicekonto in den eigenen Anträgen.",
        "14628",
        ("servicekonto",),
        None,
        state=EventState.PROPOSED,
    ),
    PlannedDate(
        "Regionalworkshop Servicekonto in Meißen",
        "Anmelden, nachweisen, bezahlen: das Servicekonto.",
        "14627",
        ("servicekonto",),
        8,
        1,
        place="Meißen",
    ),
    PlannedDate(
        "Regionalworkshop Amt24 in Annaberg-Buchholz", AMT24, "14521", ("amt24",), 9, 3, place="Annaberg-Buchholz"
    ),
    PlannedDate(
        "Regionalworkshop Amt24 in Borna", AMT24, "14729", ("amt24",), 10, 2, state=EventState.TENTATIVE, place="Borna"
    ),
    PlannedDate(
        "Online-Sprechstunde: Rechtsgrundlagen des OZG",
        LAW,
        "14",
        ("rechtsgrundlagen", "unterstuetzung-kommunen"),
        1,
        4,
        time(9),
        time(10, 30),
        EventKind.ONLINE,
    ),
    PlannedDate(
        "Informationsveranstaltung: Nachnutzung von Onlinediensten",
        "Welche Dienste anderer Länder bereitstehen und wie eine Kommune sie nachnutzt.",
        "14",
        ("unterstuetzung-kommunen",),
        7,
        2,
        time(13),
        time(16),
        EventKind.INFORMATION,
        place="Dresden",
    ),
)


def plan_dates(editor_id: int, approver_id: int) -> list[events.Event]:
    """Draft the demo's dates and have their announcements approved; they are published when publication next runs."""
    return [_plan(planned, editor_id, approver_id) for planned in DATES]


def values_of(planned: PlannedDate) -> EventValues:
    """What the date says."""
    starts_at = ends_at = None
    if planned.weeks is not None:
        monday = clock.today() - timedelta(days=clock.today().weekday())
        day = outside_the_holidays(monday + timedelta(weeks=planned.weeks, days=planned.weekday))
        starts_at, ends_at = clock.at_local(day, planned.begins), clock.at_local(day, planned.ends)
    return EventValues(
        title=planned.title,
        lead=planned.lead,
        body=text.from_markdown(BODY),
        kind=planned.kind,
        state=planned.state,
        planned=planned.planned,
        starts_at=starts_at,
        ends_at=ends_at,
        place=planned.place,
        regions=[planned.region],
        topics=list(planned.topics),
    )


def outside_the_holidays(day: date) -> date:
    """The same weekday after the turn of the year, if the day lies around it."""
    around = (day.month == 12 and day.day > 18) or (day.month == 1 and day.day < 7)
    return day + timedelta(weeks=8) if around else day


def _plan(planned: PlannedDate, editor_id: int, approver_id: int) -> events.Event:
    event = events.draft(values_of(planned), editor_id)
    approve(events.announcement_of(event), editor_id, approver_id)
    return event


def approve(announcement: announcements.Announcement, editor_id: int, approver_id: int) -> None:
    """What two people do at the desk: lay it before the other, approve what was shown, publish it now."""
    announcements.submit(announcement, editor_id)
    announcements.approve(announcement, announcement.content_hash, approver_id, clock.now())


def team() -> tuple[int, int]:
    """The ids of the demo's editor and approver."""
    return accounts.people_with(accounts.EDITOR)[0].id, accounts.people_with(accounts.APPROVER)[0].id
