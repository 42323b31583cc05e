"""How long the subscriptions keep what: one source for the jobs, the privacy page and the desk."""

from datetime import timedelta
from typing import Final

from app.kernel.i18n import lazy
from app.kernel.privacy import Period
from app.subscriptions.importing.services import KEPT
from app.subscriptions.rules import ADDRESS_LINK_VALID, KEPT_UNCONFIRMED, PROOF_YEARS

DATA_LINK_VALID: Final = timedelta(hours=24)

LIMITS: Final = Period(
    lazy("Die Prüfsumme der Adresse 24 Stunden, die des Netzes höchstens eine Stunde; die IP-Adresse selbst nie"),
    timedelta(days=1),
)
UNCONFIRMED: Final = Period(
    lazy("Bis %(days)d Tage, nachdem der Bestätigungslink abgelaufen ist", days=KEPT_UNCONFIRMED.days), KEPT_UNCONFIRMED
)
PROOF: Final = Period(
    lazy("Bis zum Ende des %(years)d. Jahres nach dem Jahr Ihrer Abmeldung, auf Ihren Wunsch früher", years=PROOF_YEARS)
)
ERASED: Final = Period(lazy("Bis zum Ende des %(years)d. Jahres nach dem Jahr der Löschung", years=PROOF_YEARS))
DATA_LINK: Final = Period(
    lazy("%(hours)d Stunden", hours=int(DATA_LINK_VALID.total_seconds() // 3600)), DATA_LINK_VALID
)
MOVES: Final = Period(
    lazy("%(hours)d Stunden", hours=int(ADDRESS_LINK_VALID.total_seconds() // 3600)), ADDRESS_LINK_VALID
)
LISTS: Final = Period(lazy("Bis die Liste übernommen ist, höchstens %(days)d Tage", days=KEPT.days), KEPT)
