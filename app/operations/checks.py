"""What the doctor looks at: each check looks, changes nothing, and says what to do if something is wrong."""

import shutil
from typing import Final

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import clock, config, identity, jobs
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.kernel.health import Check, Finding

LEAST_FREE_MEGABYTES: Final = 500


def database() -> Finding:
    """Whether the database answers."""
    try:
        session.execute(select(1))
    except SQLAlchemyError as error:
        return Finding("database", False, f"it does not answer. Check DATABASE_URL. {error.args[0]}")
    return Finding("database", True, session.get_bind().dialect.name)


def migrations() -> Finding:
    """Whether the tables are those that this version needs."""
    wanted = ScriptDirectory(str(config.ROOT / "migrations")).get_current_head()
    try:
        current = MigrationContext.configure(session.connection()).get_current_revision()
    except SQLAlchemyError:
        current = None
    if current == wanted:
        return Finding("migrations", True, f"at {current}")
    return Finding("migrations", False, f"at {current}, not {wanted}. Run: flask --app wsgi db upgrade")


def wall_clock() -> Finding:
    """Whether the clock has not gone back behind what is already written."""
    newest = session.scalar(select(func.max(AuditEntry.at)))
    if newest is not None and newest > clock.now():
        return Finding("clock", False, f"it shows {clock.now():%d %B %Y %H:%M} UTC, but the log is later. Check NTP.")
    return Finding("clock", True, f"{clock.local(clock.now()):%d %B %Y %H:%M} in Berlin")


def disk() -> Finding:
    """Whether there is room for the database to grow."""
    folder = config.current().instance_path
    free = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free // 1_000_000
    enough = free >= LEAST_FREE_MEGABYTES
    return Finding("disk", enough, f"{free} MB free" + ("" if enough else f", fewer than {LEAST_FREE_MEGABYTES}"))


def identity_is_complete() -> Finding:
    """Whether it is said who publishes here; until then nothing is sent."""
    missing = identity.missing()
    if missing:
        return Finding("identity", False, f"missing: {', '.join(missing)}. Run: flask --app wsgi setup")
    return Finding("identity", True, identity.current().publisher)


def jobs_run() -> Finding:
    """Whether somebody runs the jobs, and none of them fails again and again."""
    found = jobs.runs()
    if jobs.are_silent():
        last = clock.local(max(run.at for run in found))
        said = f"nobody has run any since {last:%d %B %Y %H:%M}. Start: flask --app wsgi worker"
        return Finding("jobs", False, said)
    failing = [f"{run.name} ({run.error}, {run.failures} times)" for run in found if run.failures]
    if failing:
        return Finding("jobs", False, f"these fail, see the log of the worker: {', '.join(failing)}")
    return Finding("jobs", True, f"{len(found)} run" if found else "none has run yet: flask --app wsgi worker")


READY: Final[list[Check]] = [database, migrations]
CHECKS: Final[list[Check]] = [database, migrations, wall_clock, disk, jobs_run, identity_is_complete]
