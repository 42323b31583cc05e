"""Rich text: one document, and what is made of it."""

from typing import Any

import pytest

from app.kernel import text
from app.kernel.errors import Invalid

MARKDOWN = """\
## Was sich ändert

Der Workshop in **Bautzen/*Budyšin*** beginnt um 10 Uhr. Mehr [beim Amt](<https://www.amt.example/a?b=1\\&c=2>).

- erstens
- zweitens

  - darunter

3. drittens
4. viertens

> Zitat\\
> in zwei Zeilen

---

1\\. Mai"""


def _doc(*blocks: dict[str, Any]) -> text.Doc:
    return {"type": "doc", "content": list(blocks)}


def _line(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(nodes)}


def _words(words: str, *marks: str) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"marks": [{"type": mark} for mark in marks]} if marks else {})}


def test_markdown_survives_the_way_through_the_document() -> None:
    assert text.to_markdown(text.from_markdown(MARKDOWN)) == MARKDOWN


def test_the_web_page_of_a_document() -> None:
    assert text.to_html(text.from_markdown(MARKDOWN)) == (
        "<h2>Was sich ändert</h2>"
        "<p>Der Workshop in <strong>Bautzen/</strong><em><strong>Budyšin</strong></em> beginnt um 10 Uhr. "
        'Mehr <a href="https://www.amt.example/a?b=1&amp;c=2">beim Amt</a>.</p>'
        "<ul><li>erstens</li><li><p>zweitens</p><ul><li>darunter</li></ul></li></ul>"
        '<ol start="3"><li>drittens</li><li>viertens</li></ol>'
        "<blockquote><p>Zitat<br>in zwei Zeilen</p></blockquote><hr><p>1. Mai</p>"
    )


def test_the_plain_text_of_a_document_writes_its_links_out() -> None:
    assert text.to_plain(text.from_markdown(MARKDOWN)) == (
        "Was sich ändert\n\n"
        "Der Workshop in Bautzen/Budyšin beginnt um 10 Uhr. Mehr beim Amt (https://www.amt.example/a?b=1&c=2).\n\n"
        "- erstens\n- zweitens\n  - darunter\n\n3. drittens\n4. viertens\n\n> Zitat\n> in zwei Zeilen\n\n"
        "--------------------\n\n1. Mai"
    )


def test_mail_html_has_a_class_for_each_element() -> None:
    doc = text.from_markdown("2. a\n\n# b")
    assert text.to_mail_html(doc) == (
        '<ol class="rich-ol" start="2"><li class="rich-li">a</li></ol><h2 class="rich-h2">b</h2>'
    )


def test_html_in_a_document_is_only_text() -> None:
    doc = text.from_markdown("<script>alert(1)</script>")
    assert text.to_html(doc) == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert text.to_plain(doc) == "<script>alert(1)</script>"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "/relativ", "//amt.example", "", None, 7])
def test_a_link_leads_to_a_whole_address_or_nowhere(href: Any) -> None:
    link = {"type": "link", "attrs": {"href": href}}
    with pytest.raises(Invalid) as refused:
        text.parse(_doc(_line({"type": "text", "text": "x", "marks": [link]})))
    assert list(refused.value.fields) == ["body"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        {"type": "paragraph"},
        _doc({"type": "image"}),
        _doc(_line(_line())),
        _doc(_line({"type": "text", "text": 5})),
        _doc({"type": "bulletList", "content": [_line()]}),
    ],
)
def test_what_is_not_a_document_is_refused(value: Any) -> None:
    with pytest.raises(Invalid, match="ohne Formatierung"):
        text.parse(value)


def test_a_document_nests_at_most_twelve_deep() -> None:
    node = _line(_words("x"))
    for _ in range(12):
        node = {"type": "blockquote", "content": [node]}
    with pytest.raises(Invalid):
        text.parse(_doc(node))


def test_unknown_marks_and_attributes_are_left_out() -> None:
    heading = {"type": "heading", "attrs": {"level": 1, "style": "color:red"}, "content": [_words("x", "underline")]}
    assert text.parse(_doc(heading)) == _doc(
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "x"}]}
    )


def test_characters_that_no_database_stores_are_left_out() -> None:
    assert text.parse(_doc(_line(_words("a\x00b\ud800c\td")))) == _doc(_line(_words("abc d")))


def test_equal_texts_are_equal_documents() -> None:
    parts = _doc(_line(_words("a", "italic", "bold"), _words("b", "bold", "italic"), {"type": "hardBreak"}))
    assert text.parse(parts) == _doc(_line(_words("ab", "bold", "italic")))


def test_two_lists_next_to_each_other_stay_two() -> None:
    item = {"type": "listItem", "content": [_line(_words("a"))]}
    doc = _doc(*({"type": kind, "content": [item]} for kind in ("bulletList", "bulletList", "bulletList")))
    assert text.from_markdown(text.to_markdown(doc)) == doc


def test_emphasis_that_markdown_cannot_say_loses_no_word() -> None:
    doc = _doc(_line(_words("Wort"), _words("(betont)", "bold"), _words("Wort")))
    assert text.to_plain(text.from_markdown(text.to_markdown(doc))) == "Wort(betont)Wort"


@pytest.mark.parametrize(
    ("source", "empty"), [("", True), ("  \n\n", True), ("---", True), ("a", False), ("- a", False)]
)
def test_a_document_is_empty_when_there_is_nothing_to_read(source: str, empty: bool) -> None:
    assert text.is_empty(text.from_markdown(source)) is empty


@pytest.mark.parametrize(
    ("chars", "short"),
    [
        (100, "Ein Satz, der länger ist."),
        (25, "Ein Satz, der länger ist."),
        (14, "Ein Satz, der…"),
        (13, "Ein Satz…"),
        (4, "Ein…"),
        (2, "E…"),
        (10, "Ein Satz…"),
    ],
)
def test_a_text_is_cut_between_words(chars: int, short: str) -> None:
    assert text.shorten(text.from_markdown("Ein Satz,\nder länger ist."), chars) == short


@pytest.mark.needs("hypothesis")
def test_whatever_is_written_loses_no_word_by_being_edited() -> None:
    from hypothesis import given, settings
    from hypothesis import strategies as st

    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(st.text(alphabet="ab 1.-+*_#>`[]()<&;\\\n!~=:/h", max_size=40))
    def check(source: str) -> None:
        try:
            doc = text.from_markdown(source)
        except Invalid:
            return
        again = text.from_markdown(text.to_markdown(doc))
        assert text.to_plain(again).split() == text.to_plain(doc).split()

    check()


@pytest.mark.needs("hypothesis")
def test_whatever_an_editor_sends_becomes_a_document_that_all_forms_can_show() -> None:
    from hypothesis import given, settings
    from hypothesis import strategies as st

    marks = st.lists(st.sampled_from([{"type": "bold"}, {"type": "italic"}, {"type": "underline"}]), max_size=2)
    words = st.fixed_dictionaries({"type": st.just("text"), "text": st.text(min_size=1, max_size=8), "marks": marks})
    inline = st.one_of(words, st.just({"type": "hardBreak"}))
    lines = st.fixed_dictionaries(
        {"type": st.sampled_from(["paragraph", "heading"]), "content": st.lists(inline, max_size=4)}
    )

    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(st.lists(lines, max_size=3))
    def check(blocks: list[Any]) -> None:
        doc = text.parse(_doc(*blocks))
        assert text.parse(doc) == doc
        assert text.to_html(doc).isprintable() or text.to_html(doc)
        again = text.from_markdown(text.to_markdown(doc))
        assert "".join(text.to_plain(again).split()) == "".join(text.to_plain(doc).split())

    check()
