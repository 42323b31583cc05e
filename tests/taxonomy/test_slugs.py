"""Addresses made of words."""

import pytest

from app import taxonomy


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("OZG-Newsletter 12/2026", "ozg-newsletter-12-2026"),
        ("Überblick: Straße & Wohngeld", "ueberblick-strasse-wohngeld"),
        ("Budyšin", "budysin"),
        ("…", ""),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_an_address_is_made_of_plain_letters_and_ends_with_one(text: str, slug: str) -> None:
    assert taxonomy.slug_of(text) == slug


@pytest.mark.parametrize(
    ("wanted", "taken", "free"),
    [
        ("termin", set(), "termin"),
        ("termin", {"termin", "termin-2"}, "termin-3"),
        ("termin", {"termin-2"}, "termin"),
        ("a" * 80, {"a" * 80}, "a" * 78 + "-2"),
        ("a" * 77 + "-bc", {"a" * 77 + "-bc"}, "a" * 77 + "-2"),
    ],
)
def test_what_is_taken_gets_a_number_and_stays_short(wanted: str, taken: set[str], free: str) -> None:
    assert taxonomy.free_slug(wanted, taken.__contains__) == free
