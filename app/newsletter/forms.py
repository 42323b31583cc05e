"""The forms of the desk: an issue and its blocks, the decisions about it, the welcome mail."""

from datetime import datetime
from typing import Any, Final

from flask import request
from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app import announcements, taxonomy
from app.kernel.forms import BoxesField, Form, LineField, Needed, Part, RichTextField
from app.kernel.i18n import lazy
from app.kernel.moments import DayField, WallTimeField, moment
from app.newsletter.blocks import Block
from app.newsletter.models import Issue
from app.newsletter.welcome_text import Wording

TOO_LONG: Final = lazy("Bitte kürzen Sie auf höchstens %(max)d Zeichen.")
BAD_LIMIT: Final = lazy("Bitte geben Sie eine Zahl von 1 bis 50 ein.")


class NumberField(IntegerField):  # type: ignore[misc]
    """A whole number, with our own words for what is not one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError with what to do."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(BAD_LIMIT)) from error


class HeadingForm(Part):
    """A heading alone."""

    heading = LineField(lazy("Überschrift"))


class TextForm(HeadingForm):
    """A heading and a structured text."""

    body = RichTextField(lazy("Text"))


class AnnouncementsForm(HeadingForm):
    """Announcements, chosen or the latest."""

    mode = RadioField(
        lazy("Welche Meldungen?"),
        choices=[
            SelectChoice("latest", lazy("die neuesten seit der letzten Ausgabe")),
            SelectChoice("chosen", lazy("ausgewählte")),
        ],
    )
    limit = NumberField(lazy("Höchstens so viele"), [InputRequired(BAD_LIMIT), NumberRange(1, 50, BAD_LIMIT)])
    slugs = BoxesField(lazy("Ausgewählte Meldungen"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.slugs.choices = [(found.slug, found.content.title) for found in announcements.published(limit=20)]


class DatesForm(HeadingForm):
    """Coming dates of some regions and topics."""

    limit = NumberField(lazy("Höchstens so viele"), [InputRequired(BAD_LIMIT), NumberRange(1, 50, BAD_LIMIT)])
    regions = BoxesField(lazy("Nur aus diesen Regionen"))
    topics = BoxesField(lazy("Nur zu diesen Themen"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.regions.choices = [(region.ags, region.label) for region in taxonomy.districts()]
        self.topics.choices = [(topic.slug, topic.label) for topic in taxonomy.topics()]


class DividerForm(Part):
    """Nothing to fill in."""


BLOCK_FORMS: Final = {
    "text": TextForm,
    "announcements": AnnouncementsForm,
    "dates": DatesForm,
    "heading": HeadingForm,
    "divider": DividerForm,
}


class BlocksForm(Form):
    """A form with the blocks of an issue or of the welcome mail beneath: ``blocks`` are (block, form) pairs."""

    blocks: list[tuple[Block, Part]] = []

    def take_blocks(self, blocks: list[Block]) -> None:
        """Make a form for each block, filled with what was sent or with what is stored."""
        sent = request.form if self.is_submitted() else None
        self.blocks = [
            (block, BLOCK_FORMS[block["kind"]](formdata=sent, data=block, prefix=f"b{block['id']}-"))
            for block in blocks
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is in order, the blocks too."""
        own = bool(super().validate(extra_validators))
        return all([own, *(form.validate() for _block, form in self.blocks)])

    @property
    def errors(self) -> dict[str, Any]:
        """What is wrong, the blocks included."""
        found: dict[str, Any] = dict(super().errors)
        for _block, form in self.blocks:
            found |= {form[name].name: messages for name, messages in form.errors.items()}
        return found

    @property
    def block_values(self) -> list[Block]:
        """The blocks as they were sent."""
        return [{**block, **_values(form)} for block, form in self.blocks]

    @property
    def broken_fields(self) -> list[Any]:
        """All fields with an error, in the order of the page."""
        fields = [field for field in self if field.errors and field.type != "CSRFTokenField"]
        return fields + [field for _block, form in self.blocks for field in form if field.errors]


def _values(form: Part) -> dict[str, Any]:
    return {field.short_name: field.document if isinstance(field, RichTextField) else field.data for field in form}


class IssueForm(BlocksForm):
    """Everything of an issue that an editor writes. ``seen`` is the state of the issue that this form shows."""

    seen = HiddenField()
    number = LineField(lazy("Nummer"), [Needed(lazy("Bitte geben Sie eine Nummer ein, zum Beispiel 3/2026."))], most=40)
    title = LineField(lazy("Titel"), description=lazy("Worum es geht. Er steht im Betreff und über der Ausgabe."))
    preheader = LineField(lazy("Vorspann"), description=lazy("Ein Satz, den Postfächer neben dem Betreff zeigen."))
    salutation = LineField(
        lazy("Anrede"),
        description=lazy("Leer: „Guten Tag“ mit dem Namen, wo wir ihn kennen. Im Archiv steht nie ein Name."),
    )
    closing = TextAreaField(lazy("Schluss"), [Optional(), Length(max=500, message=TOO_LONG)], render_kw={"rows": 3})
    easy_language = RichTextField(
        lazy("Zusammenfassung in Leichter Sprache"),
        description=lazy("Freiwillig. Sie steht am Anfang der Ausgabe: kurze Sätze, einfache Wörter."),
    )

    def values(self) -> dict[str, Any]:
        """What ``edit`` takes."""
        lines = {name: self[name].data or "" for name in ("number", "title", "preheader", "salutation", "closing")}
        return {**lines, "easy_language": self.easy_language.document, "blocks": self.block_values}


def issue_form(issue: Issue) -> IssueForm:
    """The form of this issue, as it is stored or as it was sent."""
    form = IssueForm(obj=issue, data={"seen": issue.updated_at.isoformat()})
    form.take_blocks(issue.blocks)
    return form


class WelcomeForm(BlocksForm):
    """The wording of the welcome mail."""

    title = LineField(lazy("Betreff"), [Needed(lazy("Bitte geben Sie einen Betreff ein."))])
    preheader = LineField(lazy("Vorspann"), description=lazy("Ein Satz, den Postfächer neben dem Betreff zeigen."))
    closing = LineField(lazy("Schluss"))

    def wording(self) -> Wording:
        """What was written."""
        return Wording(self.title.data, self.preheader.data or "", self.closing.data or "", self.block_values)


def welcome_form(wording: Wording, blocks: list[Block]) -> WelcomeForm:
    """The form of this wording with these blocks, as it is stored or as it was sent."""
    form = WelcomeForm(data={"title": wording.title, "preheader": wording.preheader, "closing": wording.closing})
    form.take_blocks(blocks)
    return form


class NewIssueForm(Form):
    """For which newsletter a new issue is."""

    newsletter = SelectField(lazy("Newsletter"), coerce=int)


class ApproveForm(Form):
    """Consent to what was shown: ``seen`` is its hash."""

    seen = HiddenField()


class RejectForm(Form):
    """Back to its authors, with what to change."""

    note = TextAreaField(
        lazy("Was soll geändert werden?"),
        [Needed(lazy("Bitte schreiben Sie, was geändert werden soll.")), Length(max=2000, message=TOO_LONG)],
        render_kw={"rows": 3},
    )


class ScheduleForm(Form):
    """When it goes out, on the clocks of Berlin."""

    day = DayField(lazy("Tag"), [InputRequired(lazy("Bitte geben Sie den Tag an."))])
    at = WallTimeField(
        lazy("Uhrzeit"),
        [InputRequired(lazy("Bitte geben Sie die Uhrzeit an."))],
        description=lazy("Ortszeit in Deutschland"),
    )

    @property
    def moment(self) -> datetime:
        """Day and time together. Raises Invalid (``at``) for an hour that the clocks skip."""
        return moment(self.day.data, self.at.data, "at")
