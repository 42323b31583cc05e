"""What a region means, and what matches what: the one table."""

from typing import Any

import pytest

from app import taxonomy
from app.taxonomy import Scope

AM_KLOSTERWASSER = "146255501"
CROSTWITZ, BAUTZEN, GOERLITZ = "14625080", "14625020", "14626110"
OSTRAU, ZSCHAITZ_OTTEWIG, JAHNATAL = "14522450", "14522620", "14522275"

NOTHING = Scope.of()

# asked for, offered, belongs to it, why
MEANINGS = [
    (NOTHING, NOTHING, True, "nothing chosen is everything"),
    (NOTHING, Scope.of([BAUTZEN], ["umwelt"]), True, "nothing chosen is everything"),
    (Scope.of([BAUTZEN], ["umwelt"]), NOTHING, True, "what names no region and no topic concerns everybody"),
    (Scope.of([BAUTZEN]), Scope.of([BAUTZEN]), True, "its own"),
    (Scope.of([BAUTZEN]), Scope.of([GOERLITZ]), False, "another municipality"),
    (Scope.of([BAUTZEN]), Scope.of(["14625"]), True, "a municipality gets its Kreis"),
    (Scope.of([BAUTZEN]), Scope.of(["14626"]), False, "but not the neighbouring Kreis"),
    (Scope.of([BAUTZEN]), Scope.of(["146"]), True, "a municipality gets its part of the state"),
    (Scope.of([BAUTZEN]), Scope.of(["145"]), False, "but not another part"),
    (Scope.of([BAUTZEN]), Scope.of(["14"]), True, "a municipality gets what is for all of Saxony"),
    (Scope.of([CROSTWITZ]), Scope.of([AM_KLOSTERWASSER]), True, "a municipality gets its association"),
    (Scope.of([BAUTZEN]), Scope.of([AM_KLOSTERWASSER]), False, "a municipality outside of it does not"),
    (Scope.of([AM_KLOSTERWASSER]), Scope.of([CROSTWITZ]), True, "an association gets its members"),
    (Scope.of([AM_KLOSTERWASSER]), Scope.of(["14625"]), True, "and its Kreis"),
    (Scope.of(["14625"]), Scope.of([CROSTWITZ]), True, "a Kreis gets what lies inside, through the association"),
    (Scope.of(["146"]), Scope.of([CROSTWITZ]), True, "a part of the state gets what lies inside"),
    (Scope.of(["145"]), Scope.of([CROSTWITZ]), False, "another part does not"),
    (Scope.of(["14"]), Scope.of([CROSTWITZ]), True, "all of Saxony gets everything in it"),
    (Scope.of(["14713"]), Scope.of(["14713000"]), True, "a Kreisfreie Stadt is Kreis and municipality"),
    (Scope.of(["14713"]), Scope.of(["14729"]), False, "Leipzig the city is not Leipzig the Landkreis"),
    (Scope.of(["14626", BAUTZEN]), Scope.of([GOERLITZ]), True, "several regions are alternatives"),
    (Scope.of([BAUTZEN]), Scope.of([GOERLITZ, "14625"]), True, "also several offered ones"),
    (Scope.of(topics=["umwelt", "bildung"]), Scope.of(topics=["bildung"]), True, "several topics are alternatives"),
    (Scope.of(topics=["umwelt"]), Scope.of(topics=["bildung"]), False, "another topic"),
    (Scope.of([BAUTZEN], ["umwelt"]), Scope.of(["14625"], ["umwelt"]), True, "region and topic both fit"),
    (Scope.of([BAUTZEN], ["umwelt"]), Scope.of(["14625"], ["bildung"]), False, "the region alone is not enough"),
    (Scope.of([BAUTZEN], ["umwelt"]), Scope.of(["14626"], ["umwelt"]), False, "the topic alone is not enough"),
    (Scope.of([OSTRAU]), Scope.of([JAHNATAL]), True, "the successor takes over who asked for the old one"),
    (Scope.of([JAHNATAL]), Scope.of([OSTRAU]), True, "and what was offered to the old one"),
    (Scope.of([OSTRAU]), Scope.of([ZSCHAITZ_OTTEWIG]), True, "two that became one are one"),
    (Scope.of([OSTRAU]), Scope.of(["14522"]), True, "the old one still lies in its Kreis"),
    (Scope.of(["14522"]), Scope.of([OSTRAU]), True, "and the Kreis still gets what was offered to it"),
    (Scope.of([OSTRAU]), Scope.of([BAUTZEN]), False, "the old one is not just anything"),
    (Scope.of(["99999999"]), Scope.of([BAUTZEN]), False, "a key that nobody knows matches nothing else"),
    (Scope.of(["99999999", BAUTZEN]), Scope.of([BAUTZEN]), True, "and does not stand in the way"),
]


@pytest.mark.parametrize(("asked", "offered", "belongs", "why"), MEANINGS)
def test_a_region_means_what_the_table_says(saxony: Any, asked: Scope, offered: Scope, belongs: bool, why: str) -> None:
    with saxony.app_context():
        assert taxonomy.matches(asked, offered) is belongs, why


def test_what_concerns_a_municipality_is_its_own_and_what_lies_above(saxony: Any) -> None:
    with saxony.app_context():
        assert taxonomy.concerns(CROSTWITZ) == {CROSTWITZ, AM_KLOSTERWASSER, "14625", "146", "14"}


def test_what_concerns_saxony_is_every_region_there_is(saxony: Any) -> None:
    with saxony.app_context():
        assert len(taxonomy.concerns("14")) == 1 + 3 + 13 + 70 + 418 + 2


def test_the_old_and_the_new_key_concern_the_same(saxony: Any) -> None:
    with saxony.app_context():
        assert taxonomy.concerns(OSTRAU) == taxonomy.concerns(JAHNATAL)
        assert taxonomy.concerns(JAHNATAL) == {JAHNATAL, OSTRAU, ZSCHAITZ_OTTEWIG, "14522", "145", "14"}
        assert [taxonomy.current_ags(ags) for ags in (OSTRAU, JAHNATAL, BAUTZEN)] == [JAHNATAL, JAHNATAL, BAUTZEN]
