"""The steps of an import that people decide: hand in a list, say what its columns mean, take it over, discard it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Final

from sqlalchemy import select

from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import lazy
from app.subscriptions.importing import files, source
from app.subscriptions.importing.columns import Meaning, guess
from app.subscriptions.models import Basis, Import, Stage
from app.subscriptions.queries import get_newsletter

KEPT: Final = timedelta(days=7)
_FILES_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Grounds:
    """On which ground a list may be written to (Art. 6 (1) a or e GDPR), and what holds for all of its rows.

    ``how`` and ``wording`` of the consent fill what a row leaves open; ``justification`` says why the mailboxes need
    the newsletter for a public task.
    """

    basis: Basis
    how: str = ""
    wording: str = ""
    justification: str = ""


def hand_in(file: IO[bytes], filename: str, newsletter_id: int, grounds: Grounds, by: str, lang: str = "de") -> Import:
    """Keep a list and guess what its columns mean; nobody is subscribed by this.

    Raises Invalid(file=…) if it cannot be read, Invalid(justification=…) if a public task is not justified, NotFound
    for an unknown newsletter.
    """
    newsletter = get_newsletter(newsletter_id)
    if grounds.basis is Basis.PUBLIC_TASK and not grounds.justification.strip():
        raise Invalid(
            justification=lazy("Bitte begründen Sie, für welche Aufgabe diese Stellen den Newsletter brauchen.")
        )
    path = files.store(file)
    try:
        kind = source.kind_of(path)
        columns, sample = source.head(path, kind)
    except Invalid:
        path.unlink()
        raise
    made = _made(newsletter.id, kind, filename[-200:], columns, grounds)
    made.mapping, made.rows = guess(columns, sample), source.estimate(path, kind)
    made.created_by, made.lang = by, lang
    session.add(made)
    session.flush()
    path.rename(files.source(made.id))
    audit.record("list_handed_in", f"import:{made.id}", {"file": made.filename, "newsletter": newsletter.slug})
    return made


def _made(newsletter_id: int, kind: str, filename: str, columns: list[str], grounds: Grounds) -> Import:
    return Import(
        newsletter_id=newsletter_id,
        filename=filename,
        kind=kind,
        columns=columns,
        basis=grounds.basis,
        justification=grounds.justification,
        wording=grounds.wording,
        how=grounds.how,
        stage=Stage.UPLOADED,
        found={},
        done={},
        information={},
        created_at=clock.now(),
    )


def check(made: Import, mapping: Mapping[str, str]) -> None:
    """Say what the columns mean, and let each row be judged; nobody is subscribed by this.

    Raises Invalid(mapping=…) if no column or several hold the address, Conflict if it was taken over meanwhile.
    """
    _stands_at(made, Stage.UPLOADED, Stage.CHECKED)
    meanings = [Meaning(meaning) for meaning in mapping.values()]
    if Meaning.EMAIL not in meanings:
        raise Invalid(mapping=lazy("Bitte sagen Sie, in welcher Spalte die E-Mail-Adresse steht."))
    twice = {meaning for meaning in meanings if meanings.count(meaning) > 1}
    if twice:
        raise Invalid(mapping=lazy("Bitte wählen Sie jede Bedeutung nur für eine Spalte."))
    made.mapping = dict(mapping)
    made.stage, made.position, made.report_bytes, made.found = Stage.CHECKING, 0, 0, {}
    session.flush()


def take_over(made: Import) -> None:
    """Let the import begin: from here on, people are subscribed. Raises Conflict if it was not checked."""
    _stands_at(made, Stage.CHECKED)
    made.stage, made.position, made.done = Stage.RUNNING, 0, {}
    audit.record("import_begun", f"import:{made.id}", {"newsletter": made.newsletter.slug, "basis": made.basis.value})
    session.flush()


def discard(made: Import) -> None:
    """Give an import up, and delete its files. Raises Conflict once people are being subscribed."""
    _stands_at(made, Stage.UPLOADED, Stage.CHECKING, Stage.CHECKED, Stage.FAILED)
    made.stage = Stage.DISCARDED
    delete_files(made)
    audit.record("import_discarded", f"import:{made.id}")
    session.flush()


def _stands_at(made: Import, *stages: Stage) -> None:
    fresh = select(Import).where(Import.id == made.id).with_for_update()  # against a second click
    session.scalars(fresh.execution_options(populate_existing=True)).one()
    if made.stage not in stages:
        raise Conflict(lazy("Der Import ist inzwischen weiter. Bitte öffnen Sie die Seite neu."))


def delete_files(made: Import) -> None:
    """Delete the list and the report of its check."""
    files.delete(made.id, report_too=True)
    made.files_deleted_at = clock.now()


def delete_old_files() -> int:
    """Delete the files of imports older than 7 days, which are given up by this if they are not done; how many."""
    now = clock.now()
    old = select(Import).where(Import.files_deleted_at.is_(None), Import.created_at <= now - KEPT)
    found = session.scalars(old.limit(_FILES_AT_ONCE)).all()
    for made in found:
        if made.stage is not Stage.DONE:
            made.stage = Stage.DISCARDED
        delete_files(made)
    session.flush()
    known = set(session.scalars(select(Import.id).where(Import.files_deleted_at.is_(None))))
    left_behind = [path for path in files.strays(known) if path.stat().st_mtime < (now - KEPT).timestamp()]
    for path in left_behind:
        path.unlink(missing_ok=True)
    return len(found) + len(left_behind)
