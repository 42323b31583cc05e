"""The Projektlandkarte on the web: the list, its filters, the table to download."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest

from app import projects
from app.kernel import db
from app.projects import ProjectValues
from tests.support.client import Visitor


def _rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_table_has_all_services_with_their_source(catalogue: Any) -> None:
    answer = catalogue.test_client().get("/projekte.csv")
    rows = _rows(answer)
    assert (answer.mimetype, len(rows), answer.data[:3]) == ("text/csv", 557, b"\xef\xbb\xbf")
    assert all(line.endswith(b"\r") for line in answer.data.split(b"\n")[:-1])
    [wohngeld] = [row for row in rows if row["OZG-ID"] == "10092"]
    assert (wohngeld["Leistung"], wohngeld["Umsetzungsstand"], wohngeld["Quelle"]) == (
        "Wohngeld",
        "umgesetzt",
        "https://www.sakd.de/index.php?id=1267",
    )
    assert len(_rows(catalogue.test_client().get("/projekte.csv?thema=umwelt"))) == 48


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1"])
def test_a_cell_is_never_a_formula(catalogue: Any, cell: str) -> None:
    with catalogue.app_context(), db.transaction():
        projects.describe(10160, ProjectValues(state="open", lead=cell, as_of="11/2026"))
    [row] = [row for row in _rows(catalogue.test_client().get("/projekte.csv")) if row["OZG-ID"] == "10160"]
    assert row["Federführung"] == f"'{cell}"


@pytest.fixture
def visitor(catalogue: Any) -> Visitor:
    """Somebody who looks at the map."""
    visitor = catalogue.test_client()
    assert isinstance(visitor, Visitor)
    return visitor


def test_the_list_names_its_number_and_its_sources(visitor: Visitor) -> None:
    page = visitor.get("/projekte").text
    assert '<h2 id="found">557 Leistungen</h2>' in page
    assert "Stand Oktober 2019" in page
    assert page.count('<article class="rb-entry">') == 25


def test_a_filter_is_kept_on_the_page_in_the_pages_and_in_the_table(visitor: Visitor) -> None:
    page = visitor.get("/projekte?q=antrag&thema=bauen-wohnen&art=business&kommunal=1").text
    assert '<option value="bauen-wohnen" selected>' in page
    assert '<option value="business" selected>' in page
    assert 'value="antrag"' in page
    assert 'id="kommunal" name="kommunal" value="1" checked' in page
    assert "/projekte.csv?q=antrag&amp;thema=bauen-wohnen&amp;art=business&amp;kommunal=1" in page


def test_nothing_found_says_what_to_do(visitor: Visitor) -> None:
    page = visitor.get("/projekte?q=gibtesnicht").text
    assert "0 Leistungen" in page
    assert "Bitte nehmen Sie ein kürzeres Suchwort" in page


@pytest.mark.parametrize(
    "query", ["stand=x&art=y", "seite=x", "seite=-1", "seite=99999999999999999999", "q=%25", "thema='--", "lage=%22"]
)
def test_a_strange_address_shows_a_page(visitor: Visitor, query: str) -> None:
    assert visitor.get(f"/projekte?{query}").status_code == 200


def test_what_is_asked_for_is_only_text(visitor: Visitor) -> None:
    page = visitor.get("/projekte?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_evidence_without_a_service_is_shown_with_its_field(visitor: Visitor) -> None:
    assert "Sprengstofferlaubnis" in visitor.get("/projekte?thema=umwelt").text
    assert "Weitere Belege" not in visitor.get("/projekte?thema=gesundheit").text


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    visitor: Visitor, count_queries: Callable[[Visitor, str], int]
) -> None:
    whole = count_queries(visitor, "/projekte")
    assert whole <= 10
    assert count_queries(visitor, "/projekte?q=wohngeld") <= whole
    assert count_queries(visitor, "/projekte?thema=umwelt") == whole + 1
    assert count_queries(visitor, "/projekte.csv") <= 6


def test_the_pages_speak_english_too(visitor: Visitor) -> None:
    page = visitor.get("/projekte?lang=en").text
    assert "557 services" in page
    assert "Building &amp; Housing (58)" in page
