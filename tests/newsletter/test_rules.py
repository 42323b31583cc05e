"""Decisions about issues, one by one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.kernel import text
from app.kernel.errors import Invalid
from app.newsletter import blocks, rules, welcome_text

NEW_YEAR = date(2027, 1, 5)
AUTUMN = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("last", "today", "following"),
    [
        (None, AUTUMN, "1/2026"),
        ("11/2026", AUTUMN, "12/2026"),
        ("12/2026", NEW_YEAR, "1/2027"),
        ("IX / 2026", AUTUMN, "X / 2026"),
        ("XII / 2026", AUTUMN, "13 / 2026"),
        ("XII / 2026", NEW_YEAR, "I / 2027"),
        ("Sonderausgabe", AUTUMN, "1/2026"),
        ("", AUTUMN, "1/2026"),
    ],
)
def test_the_next_number_follows_the_last_in_its_own_style(last: str | None, today: date, following: str) -> None:
    assert rules.next_number(last, today) == following


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("ozg-newsletter", "12/2026"), "ozg-newsletter-12-2026"),
        (("Überblick", "IX / 2023"), "ueberblick-ix-2023"),
        (("Budyšin", "ß"), "budysin-ss"),
        (("…",), "ausgabe"),
    ],
)
def test_an_address_is_made_of_plain_letters(words: tuple[str, ...], slug: str) -> None:
    assert rules.slugify(*words) == slug


def test_an_issue_is_late_only_beyond_the_grace() -> None:
    due = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
    assert not rules.is_late(due, due + timedelta(minutes=60), 60)
    assert rules.is_late(due, due + timedelta(minutes=60, seconds=1), 60)


def test_a_block_moves_and_stops_at_the_ends() -> None:
    three = [blocks.parse_one({"id": number, "kind": "divider"}) for number in (1, 2, 3)]
    assert [block["id"] for block in blocks.moved(three, 3, -1)] == [1, 3, 2]
    assert [block["id"] for block in blocks.moved(three, 1, -1)] == [1, 2, 3]
    assert [block["id"] for block in blocks.moved(three, 3, 1)] == [1, 2, 3]
    assert [block["id"] for block in blocks.without(three, 2)] == [1, 3]
    assert blocks.new("text", three)["id"] == 4


@pytest.mark.parametrize("value", [None, "x", [{"id": 1, "kind": "video"}], [{"id": 1, "kind": "divider"}] * 51])
def test_what_is_no_list_of_blocks_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        blocks.parse(value)


def test_a_block_keeps_only_what_belongs_to_it() -> None:
    block = blocks.parse_one({"id": 1, "kind": "dates", "heading": " Neue\nTermine ", "limit": 900, "evil": "x"})
    assert block == {"id": 1, "kind": "dates", "heading": "Neue Termine", "regions": [], "topics": [], "limit": 50}


def _content(**changes: object) -> dict[str, object]:
    return {"title": "Neues", "preheader": "Ein Satz.", "blocks": [_text("Alles in Ordnung.")], **changes}


def _text(markdown: str) -> dict[str, object]:
    return {"kind": "text", "heading": "", "body": text.from_markdown(markdown)}


@pytest.mark.parametrize(
    ("content", "html", "audience", "words", "blocks_it"),
    [
        (_content(title=""), "", 1, "Der Titel fehlt.", True),
        (_content(blocks=[]), "", 1, "noch keinen Inhalt", True),
        (_content(preheader=""), "", 1, "Der Vorspann fehlt.", False),
        (_content(), "", 0, "keine bestätigte Adresse", False),
        (_content(), "x" * 81 * 1024, 1, "81 KB", False),
        (_content(), "x" * 101 * 1024, 1, "abgeschnitten", True),
        (_content(blocks=[_text("Ja."), _text(" ")]), "", 1, "Baustein 2 ist leer", False),
        (_content(blocks=[_text("Ja."), {"kind": "heading", "heading": ""}]), "", 1, "Baustein 2 ist leer", False),
        (_content(blocks=[_text("Ja."), {"kind": "dates", "heading": "", "items": []}]), "", 1, "2 ist leer", False),
        (_content(blocks=[_text("[hier](https://www.sachsen.de)")]), "", 1, "„hier“", False),
        (_content(blocks=[_text("[Amt24](https://amt24)")]), "", 1, "nirgendwohin", False),
    ],
)
def test_each_mistake_is_found(
    content: dict[str, object], html: str, audience: int, words: str, blocks_it: bool
) -> None:
    [finding] = rules.findings(content, html, audience)
    assert words in str(finding.text)
    assert finding.blocks is blocks_it


def test_a_sound_issue_is_left_in_peace() -> None:
    content = _content(blocks=[_text("[Amt24](https://amt24.sachsen.de), [Post](mailto:post@amt.example)")])
    assert rules.findings(content, "x", 1) == []


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_shipped_welcome_has_no_unknown_placeholder(lang: str) -> None:
    wording = welcome_text.shipped(lang)
    welcome_text.check(wording)
    assert [block["kind"] for block in wording.blocks].count("dates") == 1


def test_a_placeholder_becomes_words_or_a_link_and_takes_its_paragraph_along_when_empty() -> None:
    said = blocks.parse_one(
        {"id": 1, "kind": "text", "body": text.from_markdown("Hier: {website}\n\nVon {traeger}.\n\n- {betrieb}\n- da")}
    )
    wording = welcome_text.Wording("{newsletter}", "", "", [said])
    values = {"newsletter": "Rundschau", "website": "https://a.example/", "traeger": "", "betrieb": ""}
    done = welcome_text.filled(wording, [said], values)
    assert done["title"] == "Rundschau"
    link = {"type": "link", "attrs": {"href": "https://a.example/"}}
    assert done["blocks"][0]["body"]["content"] == [
        {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": "Hier: "},
                {"type": "text", "text": "https://a.example/", "marks": [link]},
            ],
        },
        {
            "type": "bulletList",
            "content": [{"type": "listItem", "content": [_paragraph("da")]}],
        },
    ]


def _paragraph(words: str) -> dict[str, object]:
    return {"type": "paragraph", "content": [{"type": "text", "text": words}]}


def test_a_placeholder_that_nothing_fills_is_refused() -> None:
    with pytest.raises(Invalid, match="kuchen"):
        welcome_text.check(welcome_text.Wording("Hallo {kuchen}", "", "", []))
