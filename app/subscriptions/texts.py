"""What people are shown when they declare something; archived word for word with each declaration."""

from app.kernel import identity
from app.kernel.i18n import _


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
