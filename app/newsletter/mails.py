"""The mails of this feature: an issue to everybody who takes the newsletter, and the greeting of a newcomer."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from markupsafe import escape

from app import announcements, events
from app.announcements import Change, Kind, Revision
from app.kernel import clock, i18n, identity, mail, text
from app.kernel.i18n import _
from app.kernel.mail import Mail, MailSample
from app.newsletter.content import Content, for_templates, site
from app.newsletter.welcome_text import filled, shipped
from app.subscriptions import Format, Newsletter


def issue_mail(content: Content) -> Mail:
    """A resolved issue as a mail, with the places for the personal parts still open."""
    return mail.render("newsletter/issue", content["lang"], issue=for_templates(content))


def welcome_mail(content: Content) -> Mail:
    """The resolved greeting of a newcomer, with the places for the personal parts still open."""
    return mail.render("newsletter/welcome", content["lang"], issue=for_templates(content))


def at_once(revision: Revision, newsletter: str, lang: str) -> Mail:
    """A published announcement for who wants it at once, with the places for the personal parts still open."""
    content = revision.content
    event = events.find_by_uid(content.event_uid) if content.event_uid else None
    to_event = event is not None and not revision.is_withdrawal
    path = f"/termine/{event.slug}" if event and to_event else f"/meldungen/{revision.slug}"
    return mail.render(
        "newsletter/at_once",
        lang,
        revision=revision,
        content=content,
        newsletter=newsletter,
        url=site(path),
        of_event=to_event,
        corrects=revision.is_correction and revision.kind == Kind.NEWS,
    )


def in_form(whole: Mail, form: Format) -> Mail:
    """The same mail as somebody wants to read it: with its HTML, or its text only."""
    return replace(whole, html="") if form is Format.TEXT else whole


def as_test(rendered: Mail, name: str) -> Mail:
    """The same mail for one person of the team: marked in its subject, the personal parts filled with examples."""
    with i18n.force(rendered.lang):
        greeting = _("Guten Tag %(name)s,", name=name)
        subject = _("[Test] %(subject)s", subject=rendered.subject)
    return replace(example(rendered, greeting), subject=subject)


def example(rendered: Mail, greeting: str) -> Mail:
    """The same mail with examples where each recipient's own parts go."""
    links = {"%%unsubscribe_url%%": site("/newsletter"), "%%preferences_url%%": site("/newsletter")}
    plain, html = rendered.text, rendered.html
    for place, value in {"%%greeting%%": greeting, "%%email%%": "name@beispiel.example", **links}.items():
        plain, html = plain.replace(place, value), html.replace(place, str(escape(value)))
    return replace(rendered, text=plain, html=html)


def list_headers(newsletter: Newsletter) -> dict[str, str]:
    """What a mail of this newsletter says about its list (RFC 2369, 2919); delivery adds how to leave it."""
    contact = identity.current().contact_email
    headers = {
        "List-Id": f"{newsletter.title} <{newsletter.list_id}>",
        "List-Help": f"<{site('/newsletter')}>",
        "List-Archive": f"<{site('/newsletter')}>",
        "List-Subscribe": f"<{site('/newsletter/anmelden')}>",
        "List-Post": "NO",
    }
    return {**headers, "List-Owner": f"<mailto:{contact}>"} if contact else headers


def _sample_issue(lang: str) -> Mail:
    return issue_mail(_sample_content(lang))


def _sample_content(lang: str) -> Content:
    with i18n.force(lang):
        return {
            "newsletter": "OZG-Newsletter",
            "number": "12/2026",
            "title": _("Workshops im Dezember und neue Online-Dienste"),
            "preheader": _("Ein Termin wurde verschoben, zwei Leistungen sind neu, eine Frist läuft ab."),
            "salutation": "",
            "lang": lang,
            "url": site("/newsletter/ausgaben/ozg-newsletter-12-2026"),
            "blocks": _sample_blocks(),
            "closing": _("Freundliche Grüße") + "\n" + identity.current().team_name,
            "easy_language": text.from_markdown(
                _("In diesem Newsletter stehen neue Termine. Und es gibt neue Dienste im Internet.")
            ),
        }


def _sample_blocks() -> list[dict[str, Any]]:
    words = _(
        "die Wohngeldstelle eines Landkreises nimmt Anträge jetzt vollständig online an. "
        "Wie der Dienst eingeführt wurde, lesen Sie in unserer [Projektlandkarte](%(url)s).\n\n"
        "- Der Dienst lässt sich **nachnutzen**.\n- Die Schnittstelle zum Fachverfahren ist beschrieben.",
        url=site("/projekte"),
    )
    announcement = {
        "slug": "neue-arbeitshilfe",
        "title": _("Neue Arbeitshilfe zum Servicekonto"),
        "lead": _("Die Arbeitshilfe zeigt in sechs Schritten, wie ein Online-Dienst angebunden wird."),
        "url": site("/meldungen/neue-arbeitshilfe"),
    }
    return [
        {"kind": "text", "heading": "", "body": text.from_markdown(words)},
        {"kind": "divider"},
        {"kind": "announcements", "heading": _("Aktuelle Meldungen"), "items": [announcement]},
        {"kind": "dates", "heading": _("Die nächsten Termine"), "items": _sample_dates()},
    ]


def _sample_dates() -> list[dict[str, Any]]:
    first = datetime(2026, 12, 8, 10, 0, tzinfo=clock.BERLIN)
    titles = (_("Regionalworkshop Landkreis Bautzen"), _("Sprechstunde Amt24"), _("Regionalworkshop Vogtlandkreis"))
    states = ("confirmed", "tentative", "proposed")
    dates = []
    for number, (title, state) in enumerate(zip(titles, states, strict=True)):
        start = None if state == "proposed" else first + timedelta(days=7 * number)
        end = start + timedelta(hours=2, minutes=30) if start else None
        dates.append(
            {
                "slug": f"termin-{number}",
                "title": title,
                "kind": "workshop",
                "state": state,
                "when": i18n.when(start, end) if start else _("Termin wird noch abgestimmt"),
                "planned": "",
                "starts_at": start.isoformat() if start else "",
                "ends_at": end.isoformat() if end else "",
                "previous_start": (first - timedelta(days=1)).isoformat() if number == 0 else "",
                "all_day": False,
                "place": _("Bischofswerda") if number == 0 else _("online"),
                "url": site(f"/termine/termin-{number}"),
            }
        )
    return dates


def _sample_welcome(lang: str) -> Mail:
    values = {
        "newsletter": "OZG-Newsletter",
        "website": site("/"),
        "herausgeber": "Musterzweckverband Digitale Verwaltung",
        "traeger": "Anstalt und Zweckverband im Auftrag des Freistaates",
        "betrieb": "Musterrechenzentrum",
        "redaktion": identity.current().team_name,
        "kontakt": "redaktion@rundbrief.example",
        "projektlandkarte": site("/projekte"),
        "beteiligungsportal": "",
        "termine": site("/termine"),
        "kalender": site("/termine/abonnieren"),
        "infokanaele": "SSG, SLKT",
    }
    wording = shipped(lang)
    with i18n.force(lang):
        dates = _sample_dates()
    resolved = [
        {"kind": "dates", "heading": block["heading"], "items": dates} if block["kind"] == "dates" else block
        for block in wording.blocks
    ]
    return welcome_mail({**filled(wording, resolved, values), "newsletter": "OZG-Newsletter", "lang": lang})


def _sample_at_once(lang: str) -> Mail:
    moment = datetime(2026, 11, 24, 10, 0, tzinfo=clock.BERLIN)
    with i18n.force(lang):
        dates = [{"start": "2026-12-08T09:00:00+00:00", "end": "2026-12-08T11:30:00+00:00", "all_day": False}]
        said = {
            "title": _("Regionalworkshop Landkreis Bautzen"),
            "lead": _("Wir stellen das Servicekonto vor und beantworten Fragen aus den Kommunen."),
            "body": text.EMPTY,
            "dates": dates,
            "place": _("Bischofswerda"),
        }
    revision = Revision(
        announcement_id=12,
        number=2,
        slug="regionalworkshop-bautzen",
        kind=Kind.NEWS.value,
        content_json=announcements.Content.from_json(said).to_json(),
        change=Change.CORRECTION.value,
        reason=_("Der Workshop findet einen Tag später statt."),
        published_at=moment,
    )
    return at_once(revision, "OZG-Newsletter", lang)


SAMPLES = [
    MailSample("newsletter/issue", _sample_issue),
    MailSample("newsletter/welcome", _sample_welcome),
    MailSample("newsletter/at_once", _sample_at_once),
]
