"""Forms: German first, values kept, and each error says what to do. A valid form opens the session for writing."""

import json
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

import email_validator
import wtforms
from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import BooleanField, Field, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget, TextArea

from app.kernel import db, text
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy

YEARS: Final = range(1990, 2200)
WHOLE_ADDRESS: Final = lazy("Bitte geben Sie die Adresse vollständig an, zum Beispiel https://www.beispiel.de.")
CHOOSE: Final = lazy("Bitte wählen Sie aus den angebotenen Möglichkeiten.")
_FILL_IN: Final = lazy("Bitte füllen Sie dieses Feld aus.")
_DAY: Final = lazy("Bitte geben Sie ein Datum ein, zum Beispiel 08.12.2026.")
_TIME: Final = lazy("Bitte geben Sie eine Uhrzeit ein, zum Beispiel 10:00.")
_SHORTEN: Final = lazy("Bitte kürzen Sie auf höchstens %(max)d Zeichen.")
_NUMBER: Final = lazy("Bitte geben Sie eine ganze Zahl ein.")

# What WTForms says by itself is no advice, and not always in the reader's language.
_ADVICE: Final[dict[str, Any]] = {
    "Not a valid choice.": CHOOSE,
    "Invalid Choice: could not coerce.": CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE,
    "'%(value)s' are not valid choices for this field.": CHOOSE,
    "This field is required.": _FILL_IN,
    "Not a valid date value.": _DAY,
    "Not a valid time value.": _TIME,
    "Not a valid integer value.": _NUMBER,
    "Field cannot be longer than %(max)d characters.": _SHORTEN,
}


class Advice:
    """Speaks for WTForms: says what to do instead of what is wrong."""

    def gettext(self, said: str) -> str:
        """Our words for a sentence of WTForms."""
        return str(_ADVICE.get(said, said))

    def ngettext(self, _one: str, many: str, _number: int) -> str:
        """Our words for a sentence of WTForms that counts."""
        return self.gettext(many)


class Part(wtforms.Form):  # type: ignore[misc]
    """Fields that stand in a form several times."""

    class Meta:
        """WTForms asks here who speaks for it."""

        def get_translations(self, _form: Any) -> Advice:
            """Whose words a field uses."""
            return Advice()


class Form(FlaskForm):  # type: ignore[misc]
    """The form of a page. Views ask ``accepted()`` and answer 422 with ``web.page`` if it was not."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """WTForms asks here who speaks for it."""

        def get_translations(self, _form: Any) -> Advice:
            """Whose words a field uses."""
            return Advice()

    def accepted(self) -> bool:
        """Whether it was sent and is valid; if so, the session is open for writing from here on."""
        if not (self.is_submitted() and self.validate()):
            return False
        db.begin_write()
        return True

    def show(self, error: Invalid) -> None:
        """Put what the domain refused at the fields it names, and what it names none for at the form itself."""
        for name, message in error.fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, str(message)]
            else:
                self.form_errors.append(str(message))
        if not error.fields:
            self.form_errors.append(str(error))


class ActionForm(Form):
    """A button: nothing but the CSRF token."""


class Needed(DataRequired):  # type: ignore[misc]
    """The field must be filled; ``advice`` says with what."""

    def __init__(self, advice: Any) -> None:
        super().__init__(message=advice)


class NoLineBreaks:
    """One line only: what goes into mail headers must not bring its own."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if any(c in (field.data or "") for c in "\r\n\x00"):
            raise ValidationError(lazy("Bitte schreiben Sie alles in eine Zeile."))


class LineField(StringField):  # type: ignore[misc]
    """One line of text, blanks at its ends removed, at most ``most`` characters."""

    def __init__(self, label: Any, validators: Any = (), *, most: int = 200, **kwargs: Any) -> None:
        limits = [NoLineBreaks(), Length(max=most, message=_SHORTEN)]
        super().__init__(label, [*(validators or [Optional()]), *limits], filters=[_strip], **kwargs)


class IsAddress:
    """One e-mail address by its form (RFC 5321, 6531); no look-up in the DNS."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        try:
            if field.data:
                email_validator.validate_email(field.data, check_deliverability=False, strict=True)
        except email_validator.EmailNotValidError as error:
            advice = lazy("Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein.")
            raise ValidationError(advice) from error


class IsWebAddress:
    """A whole address of the web."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        try:
            parts = urlsplit(field.data or "")
            whole = not field.data or (parts.scheme in ("http", "https") and bool(parts.hostname))
        except ValueError:
            whole = False
        if not whole:
            raise ValidationError(WHOLE_ADDRESS)


class EmailField(LineField):
    """One e-mail address."""

    def __init__(self, label: Any, validators: Any = (), **kwargs: Any) -> None:
        render_kw = {"autocomplete": "email", "inputmode": "email", **kwargs.pop("render_kw", {})}
        super().__init__(label, [*(validators or [Optional()]), IsAddress()], most=254, render_kw=render_kw, **kwargs)


class LongTextField(TextAreaField):  # type: ignore[misc]
    """Plain text of several lines, blanks at its ends removed, at most ``most`` characters."""

    def __init__(self, label: Any, validators: Any = (), *, most: int = 4000, **kwargs: Any) -> None:
        limit = Length(max=most, message=_SHORTEN)
        super().__init__(label, [*(validators or [Optional()]), limit], filters=[_plain_lines, _strip], **kwargs)


class BoxesField(SelectMultipleField):  # type: ignore[misc]
    """Several boxes to tick, of which none is ticked unless the form is given a value; ``data`` is what is ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """What is ticked, each once, however often it was sent."""
        super().process_formdata(list(dict.fromkeys(valuelist)))

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError if something was sent that is not on the page."""
        if set(self.data or ()) - {value for value, _ in self.choices}:
            raise ValidationError(CHOOSE)


class TickField(BooleanField):  # type: ignore[misc]
    """One box to tick, for what may be left out; what the page does not offer is refused."""

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError if something else was sent than a tick."""
        if self.raw_data and self.raw_data[0] not in ("y", *self.false_values):
            raise ValidationError(CHOOSE)


class RichTextWidget:
    """A textarea with Markdown, which ``<rich-text>`` turns into an editor where there is JavaScript."""

    def __call__(self, field: "RichTextField", **kwargs: Any) -> Markup:
        area = TextArea()(field, rows=kwargs.pop("rows", 10), **kwargs)
        document = Markup('<input type="hidden" name="{}_json" value="{}" disabled>').format(
            field.name, json.dumps(field.document, ensure_ascii=False)
        )
        return Markup('<rich-text for="{}">{}{}</rich-text>').format(field.id, area, document)


class RichTextField(TextAreaField):  # type: ignore[misc]
    """A structured text. ``document`` is the checked JSON model; ``data`` the Markdown that stands for it."""

    widget = RichTextWidget()

    def __init__(self, label: Any, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, [*(validators or [Optional()])], **kwargs)

    @property
    def document(self) -> text.Doc:
        """The document; empty if what was written cannot be one (then the field has an error)."""
        try:
            return self._parsed()
        except Invalid:
            return text.EMPTY

    def process_data(self, value: Any) -> None:
        """Take the stored document (a ``dict``) and show it as Markdown."""
        self._document: text.Doc | None = text.parse(value) if value else text.EMPTY
        self.data = text.to_markdown(self._document)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what the browser sent: the editor's JSON if there was one, else the Markdown."""
        sent = request.form.get(f"{self.name}_json", "")
        self._document = None
        self.data = valuelist[0] if valuelist else ""
        if sent:
            try:
                self._document = text.parse(_json(sent))
            except Invalid as error:
                raise ValueError(str(error)) from error
            self.data = text.to_markdown(self._document)

    def pre_validate(self, form: FlaskForm) -> None:
        """Raises StopValidation if the text cannot be read as a document: Optional would forget that."""
        if self.process_errors:
            raise StopValidation
        try:
            self._parsed()
        except Invalid as error:
            raise StopValidation(str(error)) from error

    def _parsed(self) -> text.Doc:
        return self._document if self._document is not None else text.from_markdown(self.data or "")


def check_year(day: date | None) -> None:
    """Raises ValueError, with advice, for a day so far away that it must be a slip: clocks and calendars fail there."""
    if day is not None and day.year not in YEARS:
        raise ValueError(str(lazy("Bitte prüfen Sie das Jahr.")))


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):  # no JSON, or nested so deep that nobody wrote it
        return None


def _plain_lines(value: str | None) -> str | None:
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "") if value else value


def _strip(value: str | None) -> str | None:
    return value.strip() if value else value
