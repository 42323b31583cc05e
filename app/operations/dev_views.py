"""Pages for people who build: registered with DEMO=1 only, the routes do not exist otherwise."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint

from app.kernel import clock, text, web
from app.operations.forms import ComponentsForm

blueprint = Blueprint("dev", __name__, url_prefix="/dev")


@dataclass(frozen=True)
class SampleEvent:
    """What a date card shows of an event."""

    slug: str
    title: str
    kind: str
    state: str
    starts_at: Any
    ends_at: Any
    place: str
    previous_start: Any = None
    all_day: bool = False


@blueprint.get("/components")
@web.public
def components() -> Any:
    """Every component in every state, on one page."""
    form = ComponentsForm()
    broken = ComponentsForm(prefix="broken")
    form.body.process_data(text.from_markdown("Ein **fetter** Anfang.\n\n- eins\n- zwei"))
    broken.address.errors = ["Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."]
    broken.topics.errors = ["Bitte wählen Sie mindestens ein Thema."]
    broken.consent.errors = ["Bitte stimmen Sie zu, damit wir Ihnen schreiben dürfen."]
    doc = text.from_markdown(SAMPLE_TEXT)
    return web.page(
        "dev/components.html",
        sample=form,
        broken=broken,
        doc=doc,
        events=_events(),
        now=clock.now(),
        page_url="#{}".format,
    )


def _events() -> list[SampleEvent]:
    start = clock.now() + timedelta(days=9)
    end = start + timedelta(hours=2, minutes=30)
    before = start - timedelta(days=7)
    return [
        SampleEvent("a", "Regionalworkshop Amt24 im Landkreis Bautzen", "workshop", "confirmed", start, end, "Bautzen"),
        SampleEvent("b", "Formulare für das Servicekonto", "online", "tentative", start, end, "Videokonferenz"),
        SampleEvent("c", "Zuständigkeitsfinder: Fragen der Gemeinden", "information", "proposed", start, end, ""),
        SampleEvent("d", "Regionalworkshop Nordsachsen", "workshop", "confirmed", start, end, "Torgau", before),
        SampleEvent("e", "Gremien und Rechtsgrundlagen", "workshop", "cancelled", start, end, "Zwickau"),
        SampleEvent("f", "Meldeschluss Reifegrad", "deadline", "confirmed", start, None, "", all_day=True),
    ]


SAMPLE_TEXT = """Ein Absatz mit **fetter**, *kursiver* Schrift und [einem Link](https://www.beispiel.example).

## Überschrift der zweiten Ebene

- ein Punkt der Aufzählung
- noch einer, der etwas länger ist, damit man sieht, wie die zweite Zeile unter der ersten steht

### Überschrift der dritten Ebene

1. erstens
2. zweitens

> Wer verfasst, gibt nicht frei.
"""
