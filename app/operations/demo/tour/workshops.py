"""Chapters two and four: a workshop is announced everywhere, and when it moves, everything moves."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from app.kernel import clock
from app.operations.demo.seed.dates import outside_the_holidays
from app.operations.demo.seed.house import EDITOR
from app.operations.demo.tour.browser import Browser
from app.operations.demo.tour.calendar_reader import Entry, entries
from app.operations.demo.tour.publishing import approve, link, received_by_partners, wait_for_link
from app.operations.demo.tour.report import NotAsPromised
from app.operations.demo.tour.scene import Scene

FEED: Final = "/termine/kalender.ics"
BEGINS, ENDS = time(10), time(12, 30)
TIME_TAG: Final = re.compile(r'<time[^>]*datetime="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Workshop:
    """The tour's workshop: where the desk and the public find it, and the day it was announced for."""

    title: str
    desk: str
    announcement: str
    public: str
    day: date


def announce(scene: Scene) -> Workshop:
    """A workshop is drafted, approved by a second person, and then stands in every channel."""
    title = f"Regionalworkshop Amt24 in Kamenz ({scene.run})"
    day = outside_the_holidays(clock.today() + timedelta(days=30 + (1 - clock.today().weekday()) % 7))
    with scene.at_the_desk(EDITOR) as editor:
        drafted = editor.submit("/redaktion/termine/neu", {**_said(title), **_when(day)}, has="title")
        desk = drafted.url.path
        announcement = link(drafted, r"/redaktion/meldungen/\d+")
        scene.report.step(f"{EDITOR.name} drafted „{title}“, and with it the announcement that says it once")
    approve(scene, announcement)
    with scene.at_the_desk(EDITOR) as editor:
        public = wait_for_link(editor, desk, r"/termine/[a-z0-9-]+")
    workshop = Workshop(title, desk, announcement, public, day)
    _check_website(scene, workshop, day)
    received_by_partners(scene, title, correction=False)
    _check_feed(scene)
    entry = _entry(scene, workshop)
    if entry.start != clock.at_local(day, BEGINS):
        raise NotAsPromised(f"The feed says {entry.start}, not {clock.at_local(day, BEGINS)}.")
    scene.report.row("everybody", f"{title}, {day:%d.%m.%Y}", "website, feeds", f"{scene.site}{public}")
    scene.report.row(
        "subscribed calendars", f"SEQUENCE {entry.sequence}, {day:%d.%m.%Y}", "iCalendar", scene.site + FEED
    )
    return workshop


def move(scene: Scene, workshop: Workshop) -> None:
    """The workshop moves by a week; every channel follows, nobody has to remember any."""
    before = _entry(scene, workshop)
    day = workshop.day + timedelta(weeks=1)
    with scene.at_the_desk(EDITOR) as editor:
        values = {**_when(day), "words": "Der Raum steht am bisherigen Tag nicht zur Verfügung."}
        editor.submit(f"{workshop.desk}/verschieben", values, has="day")
        scene.report.step(f"{EDITOR.name} moved it to {day:%d.%m.%Y}; nothing public changed yet")
    if _entry(scene, workshop) != before:
        raise NotAsPromised("The calendar changed before anybody had approved the move.")
    approve(scene, workshop.announcement)
    received_by_partners(scene, workshop.title, correction=True)
    _check_website(scene, workshop, day)
    after = _entry(scene, workshop)
    if after.sequence <= before.sequence or after.start != clock.at_local(day, BEGINS) or after.uid != before.uid:
        raise NotAsPromised(f"The feed did not follow the move: {before} became {after}.")
    scene.report.step(f"the feed says {day:%d.%m.%Y} with SEQUENCE {after.sequence}, as the website does")
    scene.report.row("everybody", f"the new date, {day:%d.%m.%Y}", "website, feeds", f"{scene.site}{workshop.public}")
    scene.report.row(
        "subscribed calendars", f"SEQUENCE {after.sequence}, {day:%d.%m.%Y}", "iCalendar", scene.site + FEED
    )


def _said(title: str) -> dict[str, str | list[str]]:
    return {
        "title": title,
        "kind": "workshop",
        "state": "confirmed",
        "place": "Kamenz, Rathaus",
        "lead": "Wie Leistungen in Amt24 gefunden, beschrieben und eingebunden werden.",
        "body": "Mit Übungen am eigenen Rechner.\n\n- Überblick\n- Übung\n- Fragen",
        "regions": ["14625"],
        "topics": ["amt24"],
    }


def _when(day: date) -> dict[str, str | list[str]]:
    return {
        "day": day.isoformat(),
        "time_mode": "timed",
        "start_time": f"{BEGINS:%H:%M}",
        "end_time": f"{ENDS:%H:%M}",
    }


def _check_website(scene: Scene, workshop: Workshop, day: date) -> None:
    with Browser(scene.site) as reader:
        shown = _instant(reader, workshop.public)
    if shown != clock.at_local(day, BEGINS):
        raise NotAsPromised(f"{workshop.public} shows {shown}, not {clock.at_local(day, BEGINS)}.")
    scene.report.step(f"the website shows {day:%d.%m.%Y} at {workshop.public}")


def _check_feed(scene: Scene) -> None:
    """Every date of the feed that is still to come has the same instant on its page of the website."""
    with Browser(scene.site) as reader:
        found = entries(reader.open(FEED).content)
        coming = [each for each in found if isinstance(each.start, datetime) and each.start > clock.now()]
        for each in coming:
            shown = _instant(reader, each.url)
            if shown != each.start:
                raise NotAsPromised(f"{each.url} shows {shown}, the feed says {each.start}.")
    scene.report.step(f"{FEED} read by another reader: {len(coming)} dates, each at the same instant as on its page")


def _entry(scene: Scene, workshop: Workshop) -> Entry:
    with Browser(scene.site) as reader:
        found = [each for each in entries(reader.open(FEED).content) if each.url.endswith(workshop.public)]
    if len(found) != 1:
        raise NotAsPromised(f"The feed has {len(found)} entries for {workshop.public}.")
    return found[0]


def _instant(reader: Browser, page: str) -> datetime:
    found = TIME_TAG.search(reader.open(page).text)
    if found is None:
        raise NotAsPromised(f"{page} shows no date.")
    return datetime.fromisoformat(found[1]).astimezone(UTC)
