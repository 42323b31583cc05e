"""Goes through lists: reads outside of any transaction, judges and subscribes some hundred rows in each.

How far it came stands in the same transaction as what was done, so it can be killed at any moment and goes on there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from sqlalchemy import select

from app.kernel import audit, clock
from app.kernel.db import session, transaction
from app.kernel.errors import Invalid
from app.subscriptions.importing import files, source
from app.subscriptions.importing.applying import Overtaken, apply
from app.subscriptions.importing.columns import Reader, Row
from app.subscriptions.importing.judge import Judge
from app.subscriptions.models import Import, Stage

CHUNK: Final = 500
_TRIES: Final = 5


def work() -> int:
    """Check and take over what is waiting for it, list after list; how many rows were gone through."""
    with transaction(write=False):
        waiting = session.scalars(
            select(Import.id).where(Import.stage.in_([Stage.CHECKING, Stage.RUNNING])).order_by(Import.id)
        ).all()
    return sum(go_through(import_id) for import_id in waiting)


def go_through(import_id: int) -> int:
    """Go through one list from where it stands to its end; how many rows that were.

    Another process may do the same: whoever is not the first with some rows stops. A list that cannot be read to its
    end fails, and says why.
    """
    with transaction(write=False):
        way = _Way.of(session.get_one(Import, import_id))
    try:
        for chunk in _chunks(way.ahead()):
            if not way.go(chunk):
                return way.rows
        way.finish()
    except (Invalid, FileNotFoundError) as error:
        _fail(import_id, way.stage, str(error) if isinstance(error, Invalid) else "")
    return way.rows or 1


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


@dataclass
class _Way:
    """The way through one list, in one stage; ``position`` is the number of the last row that is done."""

    import_id: int
    kind: str
    stage: Stage
    position: int
    reader: Reader
    judge: Judge
    rows: int = field(default=0)

    @classmethod
    def of(cls, job: Import) -> "_Way":
        return cls(job.id, job.kind, job.stage, job.position, Reader(job.mapping), Judge(job))

    def ahead(self) -> Iterator[Row]:
        """The rows that are still to be done; those before are only remembered."""
        for number, cells in source.entries(files.source(self.import_id), self.kind):
            row = self.reader.read(number, cells)
            if number <= self.position:
                self.judge.remember([row])
            else:
                yield row

    def go(self, chunk: Sequence[Row]) -> bool:
        """Do these rows in one transaction; whether they were ours to do."""
        for left in reversed(range(_TRIES)):
            try:
                with transaction():
                    return self._step(chunk)
            except Overtaken:
                if not left:
                    raise
        return False

    def _step(self, chunk: Sequence[Row]) -> bool:
        job = _locked(self.import_id)
        if (job.stage, job.position) != (self.stage, self.position):
            return False
        judged = self.judge.judge(chunk, locked=self.stage is Stage.RUNNING)
        counted = Counter(one.verdict.value for one in judged)
        if self.stage is Stage.RUNNING:
            apply(job, judged)
            job.done = dict(counted + Counter(job.done))
        else:
            job.report_bytes = files.append_report(job.id, job.report_bytes, judged)
            job.found = dict(counted + Counter(job.found))
        job.position = chunk[-1].number
        self.position, self.rows = job.position, self.rows + len(chunk)
        return True

    def finish(self) -> None:
        """All rows are done."""
        with transaction():
            job = _locked(self.import_id)
            if (job.stage, job.position) != (self.stage, self.position):
                return
            if self.stage is Stage.RUNNING:
                job.stage, job.finished_at = Stage.DONE, clock.now()
                audit.record("import_done", f"import:{job.id}", dict(job.done))
            else:
                job.stage, job.rows = Stage.CHECKED, sum(job.found.values())
        if self.stage is Stage.RUNNING:
            files.delete(self.import_id, report_too=False)


def _locked(import_id: int) -> Import:
    asked = select(Import).where(Import.id == import_id).with_for_update()
    return session.scalars(asked.execution_options(populate_existing=True)).one()


def _fail(import_id: int, stage: Stage, why: str) -> None:
    with transaction():
        job = _locked(import_id)
        if job.stage is stage:
            job.stage, job.trouble = Stage.FAILED, why
