"""Addresses in the files of imports: shown to whom they belong, and deleted with the file."""

from collections.abc import Sequence

from sqlalchemy import select

from app import delivery
from app.kernel.db import session
from app.kernel.i18n import lazy
from app.kernel.privacy import Record, fact
from app.subscriptions.importing import files, services, source
from app.subscriptions.models import Import, Stage


def hold_still() -> None:
    """Wait until the rows that lists are being gone through at this moment are done, and let none go on before us.

    Rows that were judged before an erasure, and entered after it, would bring back who was erased.
    """
    open_ = select(Import).where(Import.stage.in_([Stage.CHECKING, Stage.RUNNING])).order_by(Import.id)
    session.scalars(open_.with_for_update().execution_options(populate_existing=True)).all()


def naming(address: str) -> Sequence[Import]:
    """The imports whose files still name this address (normalised)."""
    kept = session.scalars(select(Import).where(Import.files_deleted_at.is_(None)).order_by(Import.id))
    return [made for made in kept if _names(made, address)]


def _names(made: Import, address: str) -> bool:
    path = files.source(made.id)
    rows = source.rows(path, made.kind) if path.exists() else ()
    if any(address == delivery.address_key(cell) for _number, cells in rows for cell in cells if "@" in cell):
        return True
    report = files.report(made.id)
    return report.exists() and address in report.read_text(encoding="utf-8").lower()


def disclose(address: str) -> list[Record]:
    """The lists in which this address stands."""
    return [
        Record(
            lazy("Liste: %(filename)s", filename=made.filename),
            (
                fact("newsletter", lazy("Newsletter"), made.newsletter.title),
                fact("created_at", lazy("Wann"), made.created_at),
                fact("address", lazy("E-Mail-Adresse"), address),
            ),
        )
        for made in naming(address)
    ]


def erase(address: str) -> int:
    """Delete the files of lists that name this address; one that is not taken over yet is given up by this.

    One that is being taken over at this moment goes on without this address, and its file goes at its end.
    """
    found = naming(address)
    for made in found:
        if made.stage is Stage.RUNNING:
            files.report(made.id).unlink(missing_ok=True)
        elif made.stage in (Stage.DONE, Stage.DISCARDED):
            services.delete_files(made)
        else:
            services.discard(made)
    session.flush()
    return len(found)
