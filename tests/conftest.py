"""Fixtures for everybody.

``app`` has a fresh database without rows, ``saxony`` the same app with regions, topics and a complete identity;
``client`` is a visitor; ``smtp`` and ``receiver`` are real servers on loopback; ``clock`` stands still. A test that
uses a database runs once per kind of database (``--database``).

Test tools are imported inside fixtures: ``pytest --collect-only`` needs requirements.txt only.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import FileSystemBytecodeCache

from tests.architecture.shape import medians
from tests.architecture.source import ROOT
from tests.support import completeness, databases, house
from tests.support.budget import Stopwatch
from tests.support.client import Operator, Visitor
from tests.support.golden import Golden
from tests.support.receiver import Receiver, RunningReceiver
from tests.support.smtp import RunningSink, SmtpSink

BEGUN: pytest.StashKey[float] = pytest.StashKey()
NOT_RUN: pytest.StashKey[list[str]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("rundbrief")
    group.addoption("--database", action="append", choices=databases.BACKENDS, help="only this kind (default: both)")
    group.addoption("--update-golden", action="store_true", help="write the golden files anew")
    group.addoption("--budget", action="store_true", help="say how long each part of the suite took of its time")
    group.addoption("--complete", action="store_true", help="fail if anything could not run")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[NOT_RUN] = []
    config.stash[BEGUN] = time.monotonic()
    config.pluginmanager.register(Stopwatch(), "stopwatch")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database") or databases.BACKENDS
        marks = {"postgresql": pytest.mark.needs("postgresql")}
        params = [pytest.param(name, marks=marks.get(name, ())) for name in databases.BACKENDS if name in chosen]
        metafunc.parametrize("database", params, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept, left_out = [], []
    for item in items:
        needs = [need for marker in item.iter_markers("needs") for need in marker.args]
        if item.get_closest_marker("browser"):
            needs += ["playwright", "axe", "chromium", "assets"]
        lacking = completeness.lacking(needs)
        (left_out if lacking else kept).append(item)
        if lacking:
            config.stash[NOT_RUN].append(f"{item.nodeid}: needs {', '.join(lacking)}")
    items[:] = kept
    if left_out:
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.getoption("--budget"):
        terminalreporter.section("the house")
        files, functions = medians(ROOT)
        terminalreporter.line(f"median file {files} lines, median function {functions} lines")
        for line in config.pluginmanager.get_plugin("stopwatch").lines(time.monotonic() - config.stash[BEGUN]):
            terminalreporter.line(line)
    if not_run := config.stash[NOT_RUN]:
        terminalreporter.section(f"{len(not_run)} tests could not run here")
        for line in sorted({text.split(": needs ", 1)[1] for text in not_run}):
            count = sum(text.endswith(": needs " + line) for text in not_run)
            terminalreporter.line(f"{count} need {line}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    not_run = session.config.stash[NOT_RUN]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["not_run"] = not_run
    elif exitstatus == 0 and not_run and session.config.getoption("--complete"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Every worker of pytest-xdist leaves out the same tests: their list is told once."""
    node.config.stash[NOT_RUN] = getattr(node, "workeroutput", {}).get("not_run", [])


@pytest.fixture(scope="session")
def databases_of() -> Iterator[Callable[[str], Any]]:
    """The running databases of a kind, started when first asked for."""
    started: dict[str, Any] = {}

    def of(backend: str) -> Any:
        if backend not in started:
            started[backend] = databases.start(backend)
        return started[backend]

    yield of
    for running in started.values():
        running.stop()


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database this test runs on."""
    return str(request.param)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database: str, databases_of: Callable[[str], Any]) -> Iterator[str]:
    """A fresh database with all tables; with the furniture of ``saxony`` if the test asks for that."""
    kind = databases_of(database)
    furnished = "saxony" in request.fixturenames
    url = kind.fresh("saxony", house.build_saxony) if furnished else kind.fresh("empty", house.build_empty)
    yield url
    kind.drop(url)


@pytest.fixture
def empty_database_url(database: str, databases_of: Callable[[str], Any]) -> Iterator[str]:
    """A database without any table, for migrations."""
    url = databases_of(database).empty()
    yield url
    databases_of(database).drop(url)


@pytest.fixture(scope="session")
def _running_smtp() -> Iterator[SmtpSink]:
    running = RunningSink()
    yield running.sink
    running.stop()


@pytest.fixture
def smtp(_running_smtp: SmtpSink) -> SmtpSink:
    """A real SMTP server on loopback; the app sends to it. ``received``, ``to(address)``, ``refuse(…)``."""
    _running_smtp.reset()
    return _running_smtp


@pytest.fixture(scope="session")
def _running_receiver() -> Iterator[Receiver]:
    running = RunningReceiver()
    yield running.receiver
    running.stop()


@pytest.fixture
def receiver(_running_receiver: Receiver) -> Receiver:
    """A real HTTP server on loopback. ``requests``, ``url``, ``answer(status)``."""
    _running_receiver.reset()
    return _running_receiver


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """What Jinja has compiled once; every test makes an app of its own, and most of its time went into compiling."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def compiled_routes() -> Iterator[None]:
    """What Werkzeug has compiled of the addresses once: the greater part of what making an app took."""
    from tests.support import quicker

    with quicker.routes_compiled_once():
        yield


@pytest.fixture
def make_app(
    smtp: SmtpSink, tmp_path: Path, compiled_templates: FileSystemBytecodeCache, compiled_routes: None
) -> Iterator[Callable[..., Any]]:
    """Make an app on this database; keywords are further environment variables."""
    made: list[Any] = []

    def make(database_url: str, **environ: str) -> Any:
        from app.factory import create_app
        from tests.support import quicker

        app = create_app(house.settings(database_url, smtp.url, tmp_path / "instance", **environ))
        app.jinja_env.bytecode_cache = compiled_templates
        quicker.hash_passwords_cheaply(app)
        app.test_client_class = Visitor
        app.test_cli_runner_class = Operator
        made.append(app)
        return app

    yield make
    for app in made:
        house.close(app)


@pytest.fixture
def app(database_url: str, make_app: Callable[..., Any]) -> Any:
    """An app on a fresh database: all tables, no rows (or those of ``saxony``)."""
    return make_app(database_url)


@pytest.fixture
def saxony(app: Any) -> Any:
    """The app with the regions and topics of Saxony loaded, and an identity that is complete: sending is unlocked."""
    return app


@pytest.fixture
def saxony_on_sqlite(databases_of: Callable[[str], Any], make_app: Callable[..., Any]) -> Iterator[Any]:
    """The furnished app where the kind of database does not matter, so that once is enough."""
    url = databases_of("sqlite").fresh("saxony", house.build_saxony)
    yield make_app(url)
    databases_of("sqlite").drop(url)


@pytest.fixture
def catalogue(database: str, databases_of: Callable[[str], Any], make_app: Callable[..., Any]) -> Iterator[Any]:
    """An app like ``saxony``, with the whole catalogue of services as well."""
    kind = databases_of(database)
    url = kind.fresh("catalogue", house.build_catalogue)
    yield make_app(url)
    kind.drop(url)


@pytest.fixture
def count_queries() -> Callable[[Visitor, str], int]:
    """How many questions a page asks the database: ``count_queries(client, "/projekte")``."""
    return house.count_queries


@pytest.fixture
def client(app: Any) -> Visitor:
    """A visitor with a cookie jar of their own: ``get``, ``post``, and ``submit(page, values)`` for forms."""
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    return visitor


@pytest.fixture
def clock() -> Iterator[house.HeldClock]:
    """The clock, held on Tuesday, 24 November 2026, 10:00 in Berlin: ``move_to(moment)``, ``tick(hours=1)``."""
    held = house.HeldClock()
    yield held
    held.close()


@pytest.fixture
def work(app: Any) -> Callable[[], int]:
    """Run all jobs until nothing is due: ``work()``."""
    return lambda: house.work(app)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare with golden files: ``golden.check("mails/x.txt", text)``."""
    return Golden(update=request.config.getoption("--update-golden"))
