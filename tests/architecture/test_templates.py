"""Templates compile, and every mail is whole."""

from pathlib import Path
from typing import Any

import pytest

from app import wiring
from app.kernel.mail.render import environment
from tests.architecture.source import ROOT
from tests.architecture.templates import GOLDEN, MAIL_FILES, broken, golden_leftovers, mail_gaps
from tests.support.golden import Golden
from tests.support.house import HeldClock

NAMES = [sample.name for sample in wiring.MAILS]


def test_every_template_of_the_site_compiles(app: Any) -> None:
    folders = [path for path in (ROOT / "app").rglob("templates") if path.is_dir()]
    assert [line for folder in folders for line in broken(folder, app.jinja_env)] == []


def test_every_template_of_the_mails_compiles() -> None:
    assert broken(ROOT / "mail_templates", environment()) == []


def test_a_template_that_does_not_compile_is_caught(tmp_path: Path, app: Any) -> None:
    (tmp_path / "page.html").write_text("<p>\n{% if %}</p>")
    [line] = broken(tmp_path, app.jinja_env)
    assert line.startswith("page.html:2 ")


def test_every_mail_is_a_directory_a_function_a_sample_and_golden_files() -> None:
    assert mail_gaps(ROOT, NAMES) == []
    assert golden_leftovers(ROOT, NAMES) == []


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_mail_reads_as_agreed(lang: str, golden: Golden, saxony_on_sqlite: Any, clock: HeldClock) -> None:
    for sample in wiring.MAILS:
        with saxony_on_sqlite.test_request_context():
            made = sample.make(lang)
        golden.check(f"mails/{sample.name}.{lang}.subject.txt", made.subject + "\n")
        golden.check(f"mails/{sample.name}.{lang}.txt", made.text)
        golden.check(f"mails/{sample.name}.{lang}.html", made.html)


def test_a_whole_mail_has_no_gaps(tmp_path: Path) -> None:
    assert mail_gaps(_house_with_mail(tmp_path), ["site/hello"]) == []


def test_a_missing_sample_is_caught(tmp_path: Path) -> None:
    assert mail_gaps(_house_with_mail(tmp_path), []) == ["site/hello has no sample in MAILS"]


def test_a_missing_function_is_caught(tmp_path: Path) -> None:
    house = _house_with_mail(tmp_path)
    (house / "app/site/mails.py").write_text("")
    assert mail_gaps(house, ["site/hello"]) == ["site/hello is rendered by no mails.py of its feature"]


@pytest.mark.parametrize("file", MAIL_FILES)
def test_a_missing_part_is_caught(file: str, tmp_path: Path) -> None:
    house = _house_with_mail(tmp_path)
    (house / "mail_templates/site/hello" / file).unlink()
    assert mail_gaps(house, ["site/hello"]) == [f"site/hello lacks {file}"]


def test_a_missing_golden_file_is_caught(tmp_path: Path) -> None:
    house = _house_with_mail(tmp_path)
    (house / "tests/golden/mails/site/hello.en.html").unlink()
    assert mail_gaps(house, ["site/hello"]) == ["site/hello lacks its golden file en.html"]


def test_a_golden_file_of_a_mail_that_is_gone_is_caught(tmp_path: Path) -> None:
    assert "site/hello.de.txt" in golden_leftovers(_house_with_mail(tmp_path), [])


def _house_with_mail(root: Path) -> Path:
    for folder in ("mail_templates/site/hello", "tests/golden/mails/site", "app/site"):
        (root / folder).mkdir(parents=True)
    for file in MAIL_FILES:
        (root / "mail_templates/site/hello" / file).write_text("x")
    for lang in ("de", "en"):
        for ending in GOLDEN:
            (root / f"tests/golden/mails/site/hello.{lang}{ending}").write_text("x")
    (root / "app/site/mails.py").write_text('def hello(lang):\n    return mail.render("site/hello", lang)\n')
    return root
