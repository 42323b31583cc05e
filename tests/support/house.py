"""How a test gets an app: settings for loopback, an empty or a furnished database, jobs that run when told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

SECRET = "a key for tests only, 32 characters and more"
PUBLIC_URL = "http://rundbrief.example"
IDENTITY = {
    "publisher": "Musterzweckverband Digitale Verwaltung",
    "publisher_address": "Musterweg 1, 01067 Dresden",
    "contact_email": "redaktion@rundbrief.example",
    "team_name": "Redaktion Rundbrief",
    "responsible": "Alma Beispiel",
    "controller": "Musterzweckverband Digitale Verwaltung, Musterweg 1, 01067 Dresden",
    "data_protection_officer": "Bruno Beispiel, datenschutz@rundbrief.example",
    "processor": "Musterrechenzentrum, Musterallee 2, 04109 Leipzig",
}


def settings(database_url: str, smtp_url: str, instance: Path, **changes: str) -> Any:
    """The settings of an installation for tests; ``changes`` are environment variables."""
    from app.kernel import config

    environ = {
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": PUBLIC_URL,
        "SMTP_URL": smtp_url,
        "MAIL_FROM": "Redaktion <redaktion@rundbrief.example>",
        "INSTANCE_PATH": str(instance),
        "SEND_RATE": "60000",
        "SEND_CONNECTIONS": "1",
        **changes,
    }
    return config.read({name: value for name, value in environ.items() if value})


def build_empty(url: str) -> None:
    """All tables, no rows."""
    import app.wiring  # noqa: F401  (knows all models)
    from app.kernel.db import Base

    engine = create_engine(url)
    with engine.connect().execution_options(write=True) as connection:
        Base.metadata.create_all(connection)
        connection.commit()
    _settle(engine)


def build_saxony(url: str) -> None:
    """All tables, with the regions and topics of Saxony, and an identity that unlocks sending."""
    from app import taxonomy
    from app.factory import create_app
    from app.kernel import identity
    from app.kernel.db import transaction

    build_empty(url)
    app = create_app(settings(url, "smtp://127.0.0.1:9", Path("/nonexistent")))
    with app.app_context(), transaction():
        taxonomy.load()
        identity.set_values(**IDENTITY)
    close(app)
    _settle(create_engine(url))


def build_catalogue(url: str) -> None:
    """What ``build_saxony`` makes, and the catalogue of services."""
    from app import projects
    from app.factory import create_app
    from app.kernel.db import transaction

    build_saxony(url)
    app = create_app(settings(url, "smtp://127.0.0.1:9", Path("/nonexistent")))
    with app.app_context(), transaction():
        projects.import_catalogue()
    close(app)
    _settle(create_engine(url))


def count_queries(client: Any, path: str) -> int:
    """How many SELECTs this page needs, after a first visit has filled what is kept."""
    from sqlalchemy import event

    from app.kernel.db import db

    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    assert client.get(path).status_code == 200
    with client.application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(statement.lstrip().startswith("SELECT") for statement in asked)


def settle_url(url: str) -> None:
    """Leave one file behind that can be copied, for a database that is known by its address."""
    _settle(create_engine(url))


def _settle(engine: Any) -> None:
    """Leave one file behind that can be copied: what is in the write-ahead log goes into it."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        raw.execute("PRAGMA query_only=0")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
    engine.dispose()


def close(app: Any) -> None:
    """Give the connections of an app back, so that its database can go."""
    from app.kernel.db import db

    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def work(app: Any) -> int:
    """Run all jobs until none finds anything to do, as ``flask worker --once`` does; how many things were done.

    Here a failing job is an error: it is raised.
    """
    from app import wiring

    total = 0
    while True:
        with app.app_context():
            done = sum(job.run() for job in wiring.JOBS)
        total += done
        if not done:
            return total


class HeldClock:
    """The clock of the product, standing still until the test moves it. Moments are aware."""

    START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __init__(self) -> None:
        from contextlib import ExitStack

        self._stack = ExitStack()
        self.move_to(self.START)

    def move_to(self, moment: datetime) -> datetime:
        """It is this moment now."""
        from app.kernel import clock

        self.close()
        return self._stack.enter_context(clock.held_at(moment))

    def tick(self, **duration: float) -> datetime:
        """So much time has passed: ``clock.tick(hours=1)``."""
        from datetime import timedelta

        from app.kernel import clock

        return self.move_to(clock.now() + timedelta(**duration))

    def close(self) -> None:
        self._stack.close()
