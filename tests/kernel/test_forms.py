"""Forms: German first, values kept, each error says what to do, and only a valid form opens the session for writing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from werkzeug.datastructures import MultiDict

from app.kernel import audit, db, forms, web
from app.kernel.errors import Conflict, Invalid
from app.operations.demo.forms_in_html import find_form

FIELDS = "{{ form.hidden_tag() }}{{ form.address() }}{{ form.line() }}{{ form.remark() }}{{ form.body() }}"
SAID = "{% for name, said in form.errors.items() %}|{{ name }}={{ said[0] }}{% endfor %}"
PAGE = FIELDS + SAID


class Letter(forms.Form):
    """A form with every field of the kernel."""

    address = forms.EmailField("Adresse", [forms.Needed("Bitte geben Sie eine Adresse ein.")])
    line = forms.LineField("Zeile", most=5)
    body = forms.RichTextField("Text")
    remark = forms.LongTextField("Bemerkung", most=6)


@pytest.fixture
def letters(app: Flask) -> Flask:
    """The app with a page that has this form, and one that fails."""

    @web.public
    def letter() -> Any:
        form = Letter()
        if form.accepted():
            audit.record("wrote", "letter:1", {"body": form.body.document, "remark": form.remark.data})
            if form.line.data == "Krach":
                raise Conflict("Das hat sich geändert.")
            return "written"
        return web.page("letter.html", form=form)

    app.jinja_env.loader = ChoiceLoader(
        [
            DictLoader(
                {"letter.html": f"<form method=post>{PAGE}</form>", "errors/error.html": "{{ title }}: {{ advice }}"}
            ),
            app.jinja_env.loader,  # type: ignore[list-item]
        ]
    )
    app.add_url_rule("/letter", view_func=letter, methods=["GET", "POST"])
    return app


@pytest.fixture
def entries(letters: Flask) -> Callable[[], list[Any]]:
    """What was written so far."""

    def read() -> list[Any]:
        with letters.app_context():
            return [entry.detail for entry in db.session.query(audit.AuditEntry)]

    return read


def _send(app: Flask, **values: str) -> Any:
    return app.test_client().submit("/letter", values)  # type: ignore[attr-defined]


def test_a_valid_form_is_written(letters: Flask, entries: Callable[[], list[Any]]) -> None:
    answer = _send(letters, address=" amt@kamenz.example ", line="kurz", body="**ja**", remark="a\r\nb ")
    assert (answer.status_code, answer.text) == (200, "written")
    [written] = entries()
    assert written["body"]["content"][0]["content"] == [{"type": "text", "text": "ja", "marks": [{"type": "bold"}]}]
    assert written["remark"] == "a\nb"


@pytest.mark.parametrize("field", [{"line": "a\x00b"}, {"line-²": "a"}, {"l" * 101: "a"}])
def test_what_no_page_of_ours_can_have_sent_is_turned_away_before_any_form_reads_it(
    letters: Flask, entries: Callable[[], list[Any]], field: dict[str, str]
) -> None:
    answer = letters.test_client().post("/letter", data=field)
    assert (answer.status_code, "Bitte laden Sie die Seite neu" in answer.text) == (400, True)
    assert entries() == []


def test_a_document_that_is_nested_without_end_is_no_document(letters: Flask) -> None:
    client = letters.test_client()
    form = find_form(client.get("/letter").text, "/letter")
    sent = dict(form.filled({"address": "amt@kamenz.example"})) | {"body_json": "[" * 100_000}
    answer = client.post("/letter", data=sent)
    assert answer.status_code == 422
    assert "|body=Dieser Text konnte nicht gelesen werden." in answer.text


def test_mistakes_are_answered_with_422_the_values_and_what_to_do(
    letters: Flask, entries: Callable[[], list[Any]]
) -> None:
    answer = _send(letters, address="amt@", line="zu lang", body="[x](javascript:1)\n\n[y](//z)", remark="zu lang")
    assert answer.status_code == 422
    assert 'value="amt@"' in answer.text
    assert 'value="zu lang"' in answer.text
    assert "[y](//z)" in answer.text
    shown = dict(
        part.split("=", 1) for part in answer.text.removesuffix("</form>").rsplit("</rich-text>|", 1)[1].split("|")
    )
    assert shown == {
        "address": "Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein.",
        "line": "Bitte kürzen Sie auf höchstens 5 Zeichen.",
        "body": "Bitte geben Sie Links vollständig an, zum Beispiel https://www.beispiel.de.",
        "remark": "Bitte kürzen Sie auf höchstens 6 Zeichen.",
    }
    assert entries() == []


def test_what_goes_wrong_after_writing_is_undone(letters: Flask, entries: Callable[[], list[Any]]) -> None:
    answer = _send(letters, address="amt@kamenz.example", line="Krach")
    assert (answer.status_code, answer.text) == (409, "Das hat sich inzwischen geändert: Das hat sich geändert.")
    assert entries() == []


def test_a_form_without_its_token_is_refused(letters: Flask, entries: Callable[[], list[Any]]) -> None:
    answer = letters.test_client().post("/letter", data={"address": "amt@kamenz.example"})
    assert answer.status_code == 400
    assert "laden Sie die Seite neu" in answer.text
    assert entries() == []


def test_the_page_itself_is_answered_with_200(letters: Flask) -> None:
    assert letters.test_client().get("/letter").status_code == 200


@pytest.mark.parametrize(
    ("address", "valid"),
    [
        ("amt@kamenz.example", True),
        ("änne@görlitz.example", True),
        ("amt@kamenz.example, b@c.example", False),
        ("Amt <amt@kamenz.example>", False),
        ("amt@kamenz.example\nBcc: x@y.example", False),
        ("amt@localhost", False),
        ("a" * 65 + "@kamenz.example", False),
    ],
)
def test_an_address_is_one_address(app: Flask, address: str, valid: bool) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", data={"address": address}):
        form = Letter()
        assert (form.validate(), bool(form.address.errors)) == (valid, not valid)


def test_what_the_domain_refuses_is_shown_at_its_field(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={}):
        form = Letter()
        form.show(Invalid(line="Diese Zeile gibt es schon.", other="Und das."))
        form.show(Invalid("Alles falsch."))
        assert form.line.errors == ["Diese Zeile gibt es schon."]
        assert form.form_errors == ["Und das.", "Alles falsch."]


@pytest.mark.parametrize(
    ("sent", "markdown", "valid"),
    [
        ('{"type": "doc", "content": [{"type": "horizontalRule"}]}', "---", True),
        ('{"type": "doc", "content": [{"type": "image"}]}', "Ersatz", False),
        ("kein JSON", "Ersatz", False),
        ("", "Ersatz", True),
    ],
)
def test_the_editors_document_goes_before_the_markdown(app: Flask, sent: str, markdown: str, valid: bool) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    values = MultiDict({"address": "amt@kamenz.example", "body": "Ersatz", "body_json": sent})
    with app.test_request_context("/", method="POST", data=values):
        form = Letter()
        assert (form.validate(), form.body.data) == (valid, markdown)
