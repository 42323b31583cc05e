"""The demo's first announcements."""

from dataclasses import dataclass
from typing import Final

from app import announcements
from app.announcements import Announcement, Content
from app.kernel import text
from app.operations.demo.seed.dates import approve


@dataclass(frozen=True, slots=True)
class PlannedNews:
    """One announcement of the demo; ``body`` is Markdown."""

    title: str
    lead: str
    body: str
    topics: tuple[str, ...]


NEWS: Final = (
    PlannedNews(
        "Projektlandkarte: alle Leistungen auf einen Blick",
        "Die Projektlandkarte zeigt zu jeder Verwaltungsleistung, wer sie umsetzt und was nachgenutzt werden kann.",
        "Sie können nach Themenfeld und Lebenslage filtern.\n\nWas fehlt, melden Sie uns auf der Seite der Leistung: "
        "als Hinweis, als bekannte Lösung oder als Angebot, Ihr Fachwissen einzubringen.",
        ("unterstuetzung-kommunen",),
    ),
    PlannedNews(
        "Termine der Regionalworkshops als Kalender abonnieren",
        "Die Termine Ihres Landkreises kommen in Ihren Kalender und bleiben richtig, wenn sich einer ändert.",
        "## So geht es\n\n1. Öffnen Sie die Seite der Termine.\n2. Wählen Sie Ihren Landkreis oder Ihr Thema.\n"
        "3. Kopieren Sie die Adresse in Ihr Kalenderprogramm.",
        ("amt24", "unterstuetzung-kommunen"),
    ),
    PlannedNews(
        "Zuständigkeitsfinder: Bitte prüfen Sie Ihre Angaben",
        "Öffnungszeiten und Ansprechpersonen ändern sich oft zum Jahreswechsel. Bitte prüfen Sie, was hinterlegt ist.",
        "Angaben, die länger als ein Jahr unverändert sind, stehen oben in Ihrer Liste.",
        ("zustaendigkeitsfinder",),
    ),
)


def plan_news(editor_id: int, approver_id: int) -> list[Announcement]:
    """Draft the demo's announcements and have them approved; they are published when publication next runs."""
    planned = []
    for news in NEWS:
        body = text.from_markdown(news.body)
        content = Content(title=news.title, lead=news.lead, body=body, topics=news.topics, regions=("14",))
        announcement = announcements.draft(content, editor_id)
        approve(announcement, editor_id, approver_id)
        planned.append(announcement)
    return planned
