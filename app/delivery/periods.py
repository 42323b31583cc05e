"""How long what is kept: one source for the jobs, the privacy page and the desk."""

from datetime import timedelta
from typing import Final

from app.kernel import config

TEXT_KEPT: Final = timedelta(days=14)  # the links in a mail to one person have expired long before


class _LedgerDays:
    """The setting, asked for when a sentence is shown."""

    def __str__(self) -> str:
        try:
            return str(config.current().ledger_days)
        except RuntimeError:  # no application: nobody has decided otherwise
            return str(config.LEDGER_DAYS)


LEDGER_DAYS: Final = _LedgerDays()


def ledger_period() -> timedelta:
    """How long addresses stay in the ledger, and mails that came back as evidence."""
    return timedelta(days=config.current().ledger_days)
