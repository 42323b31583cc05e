"""German first, English for those who choose it; dates as DIN 5008 writes them, on the Berlin calendar."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.kernel import i18n
from app.kernel.i18n import _, lazy

START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
END = datetime(2026, 12, 8, 11, 30, tzinfo=UTC)
SENTENCE = "Bitte schreiben Sie alles in eine Zeile."


@pytest.mark.parametrize(
    ("lang", "values", "written"),
    [
        ("de", {"end": END}, "Dienstag, 8. Dezember 2026, 10:00 bis 12:30 Uhr"),
        ("en", {"end": END}, "Tuesday, 8 December 2026, 10:00 to 12:30"),
        ("de", {}, "Dienstag, 8. Dezember 2026, 10:00 Uhr"),
        (
            "de",
            {"end": datetime(2026, 12, 9, 11, 0, tzinfo=UTC)},
            "Dienstag, 8. Dezember 2026, 10:00 Uhr bis Mittwoch, 9. Dezember 2026, 12:00 Uhr",
        ),
        ("de", {"all_day": True}, "Dienstag, 8. Dezember 2026"),
        ("de", {"end": datetime(2026, 12, 8, 23, tzinfo=UTC), "all_day": True}, "Dienstag, 8. Dezember 2026"),
        (
            "en",
            {"end": datetime(2026, 12, 9, 23, tzinfo=UTC), "all_day": True},
            "Tuesday, 8 December 2026 to Wednesday, 9 December 2026",
        ),
    ],
)
def test_a_period_is_written_as_people_read_it(app: Any, lang: str, values: dict[str, Any], written: str) -> None:
    with app.app_context(), i18n.force(lang):
        assert i18n.when(START, **values) == written


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("de", ["8. Juli 2026", "Mittwoch, 8. Juli 2026", "08.07.2026", "01:30 Uhr", "8. Juli 2026, 01:30 Uhr"]),
        ("en", ["8 July 2026", "Wednesday, 8 July 2026", "8 Jul 2026", "01:30", "8 July 2026, 01:30"]),
    ],
)
def test_a_moment_is_written_on_the_berlin_calendar(app: Any, lang: str, written: list[str]) -> None:
    moment = datetime(2026, 7, 7, 23, 30, tzinfo=UTC)
    names = ("date", "weekday_date", "short_date", "time", "moment")
    with app.app_context(), i18n.force(lang):
        assert [i18n.FILTERS[name](moment) for name in names] == written  # type: ignore[operator]


def test_a_day_needs_no_time(app: Any) -> None:
    with app.app_context():
        assert i18n.long_date(date(2026, 12, 1)) == "1. Dezember 2026"


def test_a_sentence_is_translated_when_it_is_shown(app: Any) -> None:
    later = lazy(SENTENCE)
    with app.app_context():
        assert (_(SENTENCE), str(later)) == (SENTENCE, SENTENCE)
        with i18n.force("en"):
            assert _(SENTENCE) == str(later) == "Please write everything on one line."


def test_outside_of_a_request_we_speak_german() -> None:
    assert i18n.language() == "de"
