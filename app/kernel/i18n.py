"""German and English. The German sentence in the code is the message id; ``translations/en/*.po`` hold the English.

The catalogues are read at start, one file per feature, and need no compile step.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import LazyProxy, NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_babel, get_locale

from app.kernel import clock

LANGUAGES: Final = {"de": "Deutsch", "en": "English"}
CATALOGUES: Final = Path(__file__).parent.parent / "translations"

PATTERNS: Final = {
    "de": {"long": "d. MMMM y", "weekday": "EEEE, d. MMMM y", "short": "dd.MM.y"},
    "en": {"long": "d MMMM y", "weekday": "EEEE, d MMMM y", "short": "d MMM y"},
}


class _Catalogues(Domain):  # type: ignore[misc]
    """Our catalogues instead of compiled files: German is the source, English is read from the .po files."""

    def __init__(self) -> None:
        super().__init__()
        self._english = _read_catalogues(CATALOGUES / "en")

    def get_translations(self) -> NullTranslations:
        return self._english if language() == "en" else NullTranslations()


def _read_catalogues(folder: Path) -> NullTranslations:
    merged = Translations()
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale="en")
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return merged


_domain = _Catalogues()


def install(app: Flask) -> None:
    """Make the app speak German, and English to those who chose it."""
    app.config["BABEL_DEFAULT_LOCALE"] = "de"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Berlin"
    Babel(app, configure_jinja=False, locale_selector=_chosen_language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["language"] = language


def _chosen_language() -> str:
    if not has_request_context():
        return "de"
    wished = (request.args.get("lang"), request.cookies.get("lang"))
    return next((lang for lang in wished if lang in LANGUAGES), "de")


def language() -> str:
    """The language of whoever reads now: ``de`` or ``en``; German outside of any request."""
    locale = get_locale()
    return locale.language if locale and locale.language in LANGUAGES else "de"


@contextmanager
def force(lang: str) -> Iterator[None]:
    """Speak this language inside the block, for mails and previews."""
    with force_locale(lang):
        yield


def _(message: str, **values: Any) -> str:
    """The sentence in the reader's language, with ``%(name)s`` filled in."""
    text: str = _domain.gettext(message, **values)
    return text


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """The sentence for this number; ``%(num)s`` is the number itself."""
    text: str = _domain.ngettext(singular, plural, n, **values)
    return text


def lazy(message: str, **values: Any) -> LazyProxy:
    """A sentence that is translated when it is shown, for constants."""
    return LazyProxy(_, message, enable_cache=False, **values)


def long_date(moment: date | datetime) -> str:
    """``8. Dezember 2026`` or ``8 December 2026``, on the Berlin calendar (DIN 5008)."""
    return _written(moment, "long")


def weekday_date(moment: date | datetime) -> str:
    """``Dienstag, 8. Dezember 2026`` or ``Tuesday, 8 December 2026``."""
    return _written(moment, "weekday")


def short_date(moment: date | datetime) -> str:
    """``08.12.2026`` (DIN 5008) or ``8 Dec 2026``, for tables."""
    return _written(moment, "short")


def wall_time(moment: datetime) -> str:
    """``10:00 Uhr`` or ``10:00``, Berlin time."""
    return f"{clock.local(moment):%H:%M}" + (" Uhr" if language() == "de" else "")


def clock_time(moment: datetime) -> str:
    """``10:00:07 Uhr`` or ``10:00:07``, Berlin time."""
    return f"{clock.local(moment):%H:%M:%S}" + (" Uhr" if language() == "de" else "")


def moment_text(moment: datetime) -> str:
    """``8. Dezember 2026, 10:00 Uhr``."""
    return f"{long_date(moment)}, {wall_time(moment)}"


def when(start: datetime, end: datetime | None = None, *, all_day: bool = False) -> str:
    """``Dienstag, 8. Dezember 2026, 10:00 bis 12:30 Uhr``; several days with both dates; whole days without time.

    For whole days ``end`` is exclusive, as in RFC 5545.
    """
    to = "bis" if language() == "de" else "to"
    clock_word = " Uhr" if language() == "de" else ""
    first = clock.local(start)
    if all_day:
        last = clock.local(end) if end else first
        last_day = last.date() if last.date() == first.date() else date.fromordinal(last.date().toordinal() - 1)
        if last_day == first.date():
            return weekday_date(first)
        return f"{weekday_date(first)} {to} {weekday_date(last_day)}"
    if end is None:
        return f"{weekday_date(first)}, {wall_time(first)}"
    last = clock.local(end)
    if last.date() == first.date():
        return f"{weekday_date(first)}, {first:%H:%M} {to} {last:%H:%M}{clock_word}"
    return f"{weekday_date(first)}, {first:%H:%M}{clock_word} {to} {weekday_date(last)}, {last:%H:%M}{clock_word}"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A day as a calendar's leaf shows it: ``Di``, ``8``, ``Dez.``."""

    weekday: str
    day: str
    month: str


def leaf(moment: date | datetime) -> Leaf:
    """The day on the Berlin calendar, in parts."""
    day = clock.local(moment).date() if isinstance(moment, datetime) else moment
    weekday, month = (format_date(day, pattern, locale=language()) for pattern in ("ccc", "MMM"))
    return Leaf(weekday.rstrip("."), str(day.day), month)


def number(value: float) -> str:
    """``12.345`` or ``12,345``; a fraction with one digit."""
    text: str = format_decimal(value, format="#,##0.#", locale=language())
    return text


def percent(value: int) -> str:
    """``62 %`` or ``62%``."""
    text: str = format_percent(value / 100, locale=language())
    return text


def _written(moment: date | datetime, pattern: str) -> str:
    day = clock.local(moment).date() if isinstance(moment, datetime) else moment
    text: str = format_date(day, PATTERNS[language()][pattern], locale=language())
    return text


FILTERS: Final = {
    "date": long_date,
    "weekday_date": weekday_date,
    "short_date": short_date,
    "time": wall_time,
    "clock_time": clock_time,
    "moment": moment_text,
    "when": when,
    "leaf": leaf,
    "number": number,
    "percent": percent,
}

__all__ = ["FILTERS", "LANGUAGES", "_", "force", "get_babel", "install", "language", "lazy", "ngettext", "when"]
