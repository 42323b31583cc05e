"""Forms: German first, values kept, each error says what to do, and only a valid form opens the session for writing."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.kernel import forms
from app.kernel.errors import Invalid

PAGE = "{{ form.hidden_tag() }}{{ form.address() }}{{ form.line() }}{{ form.body() }}{{ form.errors | tojson }}"


class Letter(forms.Form):
    """A form with every field of the kernel."""

    address = forms.EmailField("Adresse", [forms.Needed("Bitte geben Sie eine Adresse ein.")])
    line = forms.LineField("Zeile", most=5)
    body = forms.RichTextField("Text")
    remark = forms.LongTextField("Bemerkung", most=6)


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
