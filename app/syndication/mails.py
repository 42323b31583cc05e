"""The mails to partners, German and complete, ready to be republished."""

from datetime import UTC, datetime
from typing import Any, Final

from app import taxonomy
from app.announcements import KIND_LABELS, Channel, Revision
from app.kernel import i18n, text, web
from app.kernel.mail import Mail, MailSample, render
from app.syndication.kinds.base import Form, Parcel

DEFAULT_PREFIX: Final = "OZG-Sachsen"


def published(parcel: Parcel) -> Mail:
    """The announcement, said to this channel for the first time."""
    return render("syndication/published", "de", **_context(parcel, "de"))


def corrected(parcel: Parcel) -> Mail:
    """The revision that takes the place of one that the channel has, and what changed."""
    return render("syndication/corrected", "de", **_context(parcel, "de"))


def withdrawn(parcel: Parcel) -> Mail:
    """The request to remove what the channel has, and why."""
    return render("syndication/withdrawn", "de", **_context(parcel, "de"))


def trial(channel: Channel) -> Mail:
    """Says that the channel is being tested and that there is nothing to do."""
    return _trial(channel.name, channel.config.get("prefix") or DEFAULT_PREFIX, "de")


def _trial(name: str, prefix: str, lang: str) -> Mail:
    return render("syndication/trial", lang, name=name, prefix=prefix)


def _context(parcel: Parcel, lang: str) -> dict[str, Any]:
    revision = parcel.revision
    content = revision.content
    with i18n.force(lang):
        return {
            "prefix": parcel.channel.config.get("prefix") or DEFAULT_PREFIX,
            "revision": revision,
            "content": content,
            "kind_label": str(KIND_LABELS[revision.kind]),
            "regions": ", ".join(taxonomy.region_labels(content.regions)),
            "topics": ", ".join(taxonomy.topic_labels(content.topics)),
            "url": web.url("announcements.show", slug=revision.slug),
            "acknowledge_url": parcel.acknowledge_url,
        }


def _sample(form: Form) -> Parcel:
    moment = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    content = {
        "title": "Workshop zum Servicekonto in Bautzen",
        "lead": "Am 8. Dezember stellen wir das Servicekonto vor und beantworten Fragen aus den Kommunen.",
        "body": text.from_markdown("Wir zeigen die Anbindung **Schritt für Schritt**.\n\n- Anmeldung\n- Rückkanal"),
        "links": [{"label": "Unterlagen", "url": "https://rundbrief.example/unterlagen"}],
        "dates": [{"start": "2026-12-08T09:00:00+00:00", "end": "2026-12-08T11:30:00+00:00", "all_day": False}],
        "place": "Landratsamt, Großer Saal",
        "contact": "Redaktion, redaktion@rundbrief.example",
    }
    first = form is Form.PUBLISHED
    revision = Revision(
        announcement_id=12,
        number=1 if first else 2,
        slug="workshop-servicekonto-bautzen",
        kind="termin",
        content_json=content,
        content_hash="",
        change="" if first else "withdrawal" if form is Form.WITHDRAWN else "correction",
        reason="" if first else "Der Workshop findet eine Stunde später statt.",
        first_published_at=moment,
        published_at=moment,
        visible_at=moment,
        expires_on=None,
    )
    channel = Channel(id=1, name="SSG", kind="mail_format", config={"prefix": DEFAULT_PREFIX}, active=True, position=0)
    url = web.url("syndication.partner", token="1-1-nur-fuer-die-vorschau")  # noqa: S106  (verifies for nobody)
    return Parcel(channel, revision, form, "M-00012-1-1", 1, url)


SAMPLES: Final = [
    MailSample(
        "syndication/published",
        lambda lang: render("syndication/published", lang, **_context(_sample(Form.PUBLISHED), lang)),
    ),
    MailSample(
        "syndication/corrected",
        lambda lang: render("syndication/corrected", lang, **_context(_sample(Form.CORRECTED), lang)),
    ),
    MailSample(
        "syndication/withdrawn",
        lambda lang: render("syndication/withdrawn", lang, **_context(_sample(Form.WITHDRAWN), lang)),
    ),
    MailSample("syndication/trial", lambda lang: _trial("SSG", DEFAULT_PREFIX, lang)),
]
