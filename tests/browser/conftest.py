"""A real Chromium in front of a running site.

``site`` is served on loopback from a furnished database; ``page`` is an empty tab at 1280 px in light colours;
``tab(width=320, dark=True)`` opens others. An error in the page's console, or a page that answers 500, fails the test.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import house, live
from tests.support.completeness import chromium
from tests.support.smtp import SmtpSink

LAUNCH = ("--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--hide-scrollbars")


def pytest_itemcollected(item: pytest.Item) -> None:
    if Path(__file__).parent in item.path.parents:
        item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of this process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=list(LAUNCH))
        yield running
        running.close()


@pytest.fixture
def site(
    databases_of: Callable[[str], Any], smtp: SmtpSink, tmp_path: Path, furniture: tuple[str, Callable[[str], None]]
) -> Iterator[live.LiveSite]:
    """The app on a fresh database, behind a real port."""
    from app.factory import create_app

    port = live.free_port()
    url = databases_of("sqlite").fresh(*furniture)
    environ = {"PUBLIC_URL": f"http://127.0.0.1:{port}", "PORT": str(port)}
    app = create_app(house.settings(url, smtp.url, tmp_path / "instance", **environ))
    running = live.RunningSite(app, port)
    yield running.site
    running.stop()
    house.close(app)
    databases_of("sqlite").drop(url)


@pytest.fixture
def furniture() -> tuple[str, Callable[[str], None]]:
    """Which template ``site`` copies; a test module may say another."""
    return "saxony", house.build_saxony


@pytest.fixture
def tab(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a tab: ``tab(width=320, dark=True)``; all errors of its pages are collected and fail the test at the end."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_tab(*, width: int = 1280, dark: bool = False, **options: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="de-DE",
            timezone_id="Europe/Berlin",
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda said: errors.append(f"{page.url}: {said.text}") if _is_grave(said) else None)
        page.on("response", lambda answer: errors.append(f"{answer.url}: 500") if answer.status >= 500 else None)
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(tab: Callable[..., Any]) -> Any:
    """An empty tab, 1280 px wide, in light colours."""
    return tab()


def _is_grave(said: Any) -> bool:
    """Errors of the console, but not that a page answered 404 or 422 as it should."""
    return bool(said.type == "error" and "the server responded with a status of 4" not in said.text)
