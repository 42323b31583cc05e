"""The mails that the delivery itself writes: answers of people, handed on to the team."""

from dataclasses import dataclass, replace
from typing import Final

from app.kernel.mail import Mail, MailSample, render


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody wrote to the address that our mails come from; ``number`` is its row at the desk."""

    sender: str
    name: str
    title: str
    body: str
    attachments: int
    number: int


def reply(answer: Answer) -> Mail:
    """The answer, to the contact address of the team; always in German, the language of the desk."""
    return _reply(answer, "de")


def _reply(answer: Answer, lang: str) -> Mail:
    # A place for personal parts in it is text, not a place.
    written = replace(
        answer, **{name: getattr(answer, name).replace("%%", "% %") for name in ("name", "title", "body")}
    )
    return render("delivery/reply", lang, answer=written)


_SAMPLE: Final = Answer(
    sender="cora.muster@gemeinde.example",
    name="Cora Muster",
    title="Re: Was im Dezember ansteht",
    body="Guten Tag,\n\nkönnen auch Nachbargemeinden am Workshop teilnehmen?\n\nViele Grüße\nCora Muster",
    attachments=1,
    number=12,
)

SAMPLES: Final = [MailSample("delivery/reply", lambda lang: _reply(_SAMPLE, lang))]
