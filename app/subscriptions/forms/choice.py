"""Which newsletters, regions and topics: what sign-up and preferences ask alike."""

from app import taxonomy
from app.kernel.forms import BoxesField, Form, Needed
from app.kernel.i18n import lazy
from app.subscriptions import queries


class NewslettersField(BoxesField):
    """The newsletters, by slug."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.choices = [(newsletter.slug, newsletter.title) for newsletter in queries.newsletters()]


class ChoiceForm(Form):
    """Which newsletters, and what they are narrowed to."""

    newsletters = NewslettersField(
        lazy("Newsletter"), [Needed(lazy("Bitte wählen Sie mindestens einen Newsletter aus."))]
    )
    regions = taxonomy.DistrictsField(lazy("Landkreise und Kreisfreie Städte"))
    places = taxonomy.PlacesField(
        lazy("Städte, Gemeinden und Verwaltungsverbände"),
        description=lazy("Mehrere sind möglich; am Rechner mit gedrückter Strg-Taste."),
    )
    topics = taxonomy.TopicsField(lazy("Themen"))

    def chosen_regions(self) -> tuple[str, ...]:
        """The regions (AGS) that were ticked or chosen."""
        return tuple(dict.fromkeys([*(self.regions.data or ()), *(self.places.data or ())]))
