"""The regions and topics of Saxony: complete, named without doubt, and found however they are written."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from app import taxonomy
from app.kernel import i18n
from app.kernel.db import db, session, transaction
from app.kernel.errors import NotFound
from app.taxonomy import Region, RegionKind
from tests.support.dump import differences, dump


def test_saxony_is_complete(saxony: Any) -> None:
    with saxony.app_context():
        kinds = Counter(region.kind for region in session.query(Region).filter(Region.successor_ags.is_(None)))
        assert kinds == {"state": 1, "direction": 3, "district": 13, "association": 70, "municipality": 418}
        assert Counter(district.form for district in taxonomy.districts()) == {"Landkreis": 10, "Kreisfreie Stadt": 3}
        assert len(taxonomy.municipalities("14521")) == 59
        assert len(taxonomy.topics("themenfeld")) == 14
        assert [topic.slug for topic in taxonomy.topics("editorial")] == [
            "amt24",
            "rechtsgrundlagen",
            "gremien",
            "zustaendigkeitsfinder",
            "servicekonto",
            "formular-verfahrensmanagement",
            "unterstuetzung-kommunen",
        ]


def test_loading_again_changes_nothing(saxony: Any) -> None:
    with saxony.app_context():
        before = dump(db.engine)
        with transaction():
            assert taxonomy.load() == (507, 21)
        assert differences(before, dump(db.engine)) == []


def test_loading_again_mends_what_was_changed(saxony: Any) -> None:
    with saxony.app_context():
        with transaction():
            taxonomy.get_region("14625").label = "Irgendwo"
        with transaction():
            taxonomy.load()
        assert taxonomy.get_region("14625").label == "Landkreis Bautzen"


def test_every_current_region_has_a_label_of_its_own(saxony: Any) -> None:
    with saxony.app_context():
        labels = Counter(region.label for region in session.query(Region))
        assert [label for label, count in labels.items() if count > 1] == []


@pytest.mark.parametrize(
    ("ags", "label"),
    [
        ("14", "Freistaat Sachsen"),
        ("146", "Region Dresden"),
        ("14625", "Landkreis Bautzen"),
        ("14521", "Erzgebirgskreis"),
        ("14713", "Stadt Leipzig"),
        ("14713000", "Leipzig (Kreisfreie Stadt)"),
        ("14729", "Landkreis Leipzig"),
        ("14524010", "Bernsdorf (Landkreis Zwickau)"),
        ("14625030", "Bernsdorf (Landkreis Bautzen)"),
        ("14625020", "Bautzen/Budyšin (Landkreis Bautzen)"),
        ("146255501", "Verwaltungsverband Am Klosterwasser (Landkreis Bautzen)"),
        ("14522450", "Ostrau (Landkreis Mittelsachsen)"),
    ],
)
def test_a_label_leaves_no_doubt_which_region_is_meant(saxony: Any, ags: str, label: str) -> None:
    with saxony.app_context():
        assert taxonomy.get_region(ags).label == label
        assert taxonomy.region_labels(["none", ags]) == [label]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("görlitz", "14626110"),
        ("Goerlitz", "14626110"),
        ("gorlitz", "14626110"),
        ("GÖRLITZ", "14626110"),
        ("Gorlitz", "14626110"),
        ("Budysin", "14625020"),
        ("Budyšin", "14625020"),
        ("chroscicy", "14625080"),
        ("laz", "14625330"),
        ("mucka", "14626320"),
        ("Grosspostwitz", "14625190"),
        ("klosterwasser", "146255501"),
        ("14626110", "14626110"),
        ("  Bad   Muskau ", "14626010"),
        ("Aue", "14521035"),
        ("ostrau", "14522275"),
    ],
)
def test_a_region_is_found_however_it_is_written(saxony: Any, typed: str, first: str) -> None:
    with saxony.app_context():
        assert [region.ags for region in taxonomy.search_regions(typed, 1)] == [first]


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "Hamburg", "\\"])
def test_a_search_for_nothing_known_finds_nothing(saxony: Any, typed: str) -> None:
    with saxony.app_context():
        assert taxonomy.search_regions(typed) == []


def test_both_places_of_one_name_are_found(saxony: Any) -> None:
    with saxony.app_context():
        assert {region.label for region in taxonomy.search_regions("bernsdorf", 2)} == {
            "Bernsdorf (Landkreis Zwickau)",
            "Bernsdorf (Landkreis Bautzen)",
        }


def test_a_change_of_area_has_its_day_and_its_successor(saxony: Any) -> None:
    with saxony.app_context():
        old, new = taxonomy.get_region("14522450"), taxonomy.get_region("14522275")
        assert (old.valid_to, old.successor_ags, old.is_current) == (date(2022, 12, 31), "14522275", False)
        assert (new.valid_from, new.valid_to, new.is_current) == (date(2023, 1, 1), None, True)
        assert old not in taxonomy.municipalities()


def test_each_municipality_lies_in_its_kreis(saxony: Any) -> None:
    with saxony.app_context():
        astray = [
            region.ags
            for region in session.query(Region).filter(Region.kind == RegionKind.MUNICIPALITY)
            if region.ags[:5] not in taxonomy.concerns(region.ags)
        ]
        assert astray == []


def test_an_unknown_region_or_topic_is_not_found(saxony: Any) -> None:
    with saxony.app_context():
        assert (taxonomy.find_region("99"), taxonomy.find_topic("nichts")) == (None, None)
        for ask in (lambda: taxonomy.concerns("99"), lambda: taxonomy.get_topic("nichts")):
            with pytest.raises(NotFound):
                ask()


def test_topics_have_a_name_in_both_languages(saxony: Any) -> None:
    with saxony.app_context():
        with i18n.force("en"):
            assert taxonomy.topic_labels(["umwelt", "gone", "servicekonto"]) == ["Environment", "Service Account"]
        assert taxonomy.get_topic("umwelt").label == "Umwelt"
        assert [topic.slug for topic in taxonomy.topics() if not topic.name_en] == []


def test_a_list_by_name_shows_the_name_first(saxony: Any) -> None:
    with saxony.app_context():
        listed = [taxonomy.get_region(ags).listed for ags in ("14713", "14729", "14521", "14625020")]
        assert listed == [
            "Leipzig (Kreisfreie Stadt)",
            "Leipzig (Landkreis)",
            "Erzgebirgskreis",
            "Bautzen/Budyšin (Landkreis Bautzen)",
        ]
