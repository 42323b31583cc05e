"""Questions about imports."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.subscriptions.importing import files
from app.subscriptions.importing.verdicts import Verdict
from app.subscriptions.models import Import


def newest(limit: int = 50) -> Sequence[Import]:
    """The imports, newest first, with their newsletters."""
    asked = select(Import).options(joinedload(Import.newsletter)).order_by(Import.id.desc())
    return session.scalars(asked.limit(limit)).all()


def get(import_id: int) -> Import:
    """The import with this number. Raises NotFound."""
    found = session.scalar(select(Import).where(Import.id == import_id).options(joinedload(Import.newsletter)))
    if found is None:
        raise NotFound(lazy("Diesen Import gibt es nicht. Bitte öffnen Sie die Liste der Importe neu."))
    return found


def judged(import_id: int, verdict: str = "") -> Iterator[tuple[int, str, Verdict, str, str]]:
    """Row number, address, verdict, reason and what it is about of each row that was checked, or of one verdict."""
    for number, address, found, reason, about in files.read_report(import_id):
        if not verdict or found == verdict:
            yield int(number), address, Verdict(found), reason, about
