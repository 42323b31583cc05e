"""What people are shown when they declare something; archived word for word with each declaration."""

from collections.abc import Iterable
from typing import Any

from app.kernel import identity, privacy
from app.kernel.i18n import _, language

MOST_CHOICES = 40  # of the 418 municipalities the list says nothing that the label does not


def keeping(newsletter: str) -> str:
    """The consent of who was asked whether they still want a newsletter (its title), in the reader's language."""
    return _(
        "Mit „Ja, weiter erhalten“ willige ich erneut ein, „%(newsletter)s“ per E-Mail zu erhalten. Das kann ich "
        "jederzeit mit Wirkung für die Zukunft widerrufen, zum Beispiel über den Abmeldelink in jeder Ausgabe.",
        newsletter=newsletter,
    )


def consent() -> str:
    """The consent, in the reader's language, with the name of who publishes."""
    who = identity.current()
    publisher = who.publisher or who.site_name
    return " ".join(
        [
            _(
                "Mit „Newsletter abonnieren“ willige ich ein, die ausgewählten Newsletter von %(publisher)s per E-Mail "
                "zu erhalten.",
                publisher=publisher,
            ),
            _(
                "Diese Einwilligung kann ich jederzeit mit Wirkung für die Zukunft widerrufen, zum Beispiel über den "
                "Abmeldelink in jeder Ausgabe."
            ),
        ]
    )


def beside(form: Iterable[Any]) -> dict[str, str]:
    """What is shown beside the consent, in the reader's language: the form, and the privacy notice it leads to."""
    return {"form": written(form), "privacy": privacy.notice(language())}


def written(form: Iterable[Any]) -> str:
    """What a form says: the labels of its fields, their hints, and what there is to choose from, if that is little."""
    lines = []
    for field in form:
        if field.type in ("CSRFTokenField", "HiddenField") or field.name == "website":
            continue
        lines.append(str(field.label.text))
        if field.description:
            lines.append(f"  {field.description}")
        choices = [str(choice[1]) for choice in getattr(field, "choices", None) or () if isinstance(choice, tuple)]
        lines += [f"  [ ] {choice}" for choice in choices[:MOST_CHOICES]]
    return "\n".join(lines)
