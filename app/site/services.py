"""What visitors can set off."""

from typing import Final

from app import delivery
from app.kernel import identity, tokens
from app.kernel.errors import Conflict
from app.kernel.i18n import lazy
from app.site import mails

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def report_barrier(*, where: str, what: str, name: str = "", address: str = "") -> str:
    """Owe the report to the team's contact address; returns the reference to quote.

    Raises Conflict before ``setup`` has named a contact address.
    """
    contact = identity.current().contact_email
    if not contact:
        raise Conflict(lazy("Dieses Angebot ist noch nicht eingerichtet. Bitte versuchen Sie es später noch einmal."))
    reference = _reference()
    report = mails.BarrierReport(reference, where, what, name, address)
    delivery.queue_one("barrier", mails.barrier_reported(report), contact, group=f"barrier:{reference}")
    return reference


def _reference() -> str:
    """Eight signs that nobody confuses on the phone; 40 bits, so that no two reports meet."""
    number = int(tokens.draw().digest[:10], 16)
    signs = []
    for _ in range(8):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "B-" + "".join(signs)
