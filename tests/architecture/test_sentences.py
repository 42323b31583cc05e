"""Every sentence is translated; each rule notices when one is not."""

from pathlib import Path

import pytest

from tests.architecture.sentences import contradictions, leftovers, sentences, untranslated
from tests.architecture.source import ROOT


def test_every_sentence_has_its_english() -> None:
    assert untranslated(ROOT) == []


def test_no_two_catalogues_contradict_each_other() -> None:
    assert contradictions(ROOT) == []


def test_nothing_is_translated_that_nobody_says() -> None:
    assert leftovers(ROOT) == []


@pytest.mark.parametrize(
    ("path", "text", "where"),
    [
        ("app/site/views.py", 'from app.kernel.i18n import _\nx = _("Guten Tag")', "app/site/views.py:2"),
        ("app/site/forms.py", 'x = lazy("Guten Tag")', "app/site/forms.py:1"),
        ("app/site/templates/site/start.html", '<h1>{{ _("Guten Tag") }}</h1>', "app/site/templates/site/start.html:1"),
        (
            "mail_templates/a/b/body.txt",
            "{% trans %}Guten Tag{% endtrans %}",
            "mail_templates/a/b/body.txt:1",
        ),
    ],
)
def test_a_sentence_without_english_is_caught(path: str, text: str, where: str, tmp_path: Path) -> None:
    _write(tmp_path / path, text)
    assert untranslated(tmp_path) == [f"{where} has no English: 'Guten Tag'"]
    _write(tmp_path / "app/translations/en/site.po", 'msgid "Guten Tag"\nmsgstr ""')
    assert untranslated(tmp_path) == [f"{where} has no English: 'Guten Tag'"]
    _write(tmp_path / "app/translations/en/site.po", 'msgid "Guten Tag"\nmsgstr "Hello"')
    assert untranslated(tmp_path) == []


def test_a_lost_placeholder_is_caught(tmp_path: Path) -> None:
    _write(tmp_path / "app/site/views.py", '_("Hallo %(name)s", name=1)')
    _write(tmp_path / "app/translations/en/site.po", 'msgid "Hallo %(name)s"\nmsgstr "Hello"')
    assert untranslated(tmp_path) == ["app/site/views.py:1 has other placeholders in English: 'Hallo %(name)s'"]


def test_a_plural_needs_both_forms(tmp_path: Path) -> None:
    _write(tmp_path / "app/site/views.py", 'ngettext("%(num)d Tag", "%(num)d Tage", 2)')
    _write(tmp_path / "app/translations/en/a.po", 'msgid "%(num)d Tag"\nmsgstr "day"')
    assert untranslated(tmp_path) == ["app/site/views.py:1 has no English: '%(num)d Tag'"]
    plural = 'msgid "%(num)d Tag"\nmsgid_plural "%(num)d Tage"\nmsgstr[0] "%(num)d day"\nmsgstr[1] "%(num)d days"'
    _write(tmp_path / "app/translations/en/a.po", plural)
    assert untranslated(tmp_path) == []


def test_a_translation_of_what_nobody_says_is_caught(tmp_path: Path) -> None:
    _write(tmp_path / "app/site/views.py", '_("Guten Tag")')
    _write(tmp_path / "app/translations/en/site.po", 'msgid "Guten Tag"\nmsgstr "Hello"\n\nmsgid "Hallo"\nmsgstr "Hi"')
    assert leftovers(tmp_path) == ["site.po translates 'Hallo'"]


def test_a_contradiction_is_caught(tmp_path: Path) -> None:
    _write(tmp_path / "app/translations/en/a.po", 'msgid "Termin"\nmsgstr "Date"')
    _write(tmp_path / "app/translations/en/b.po", 'msgid "Termin"\nmsgstr "Event"')
    assert contradictions(tmp_path) == ["b.po says 'Event', a.po says 'Date' for 'Termin'"]


def test_sentences_are_found_at_all() -> None:
    assert len(list(sentences(ROOT))) > 20


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
