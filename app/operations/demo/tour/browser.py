"""A person at the website: opens pages, fills in the forms that are there, keeps cookies. Nothing but HTTP."""

import re
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx2

from app.operations.demo.forms_in_html import find_form
from app.operations.demo.tour.report import NotAsPromised

PATIENCE_SECONDS = 30.0
Values = dict[str, str | list[str]]
ADVICE = re.compile(r"rb-error-summary.*?<li>(?:<a[^>]*>)?([^<]+)", re.DOTALL)


class Browser:
    """One person with a cookie jar of their own. Paths are taken from the site's address."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._client = httpx2.Client(timeout=PATIENCE_SECONDS, follow_redirects=True, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def open(self, path: str) -> httpx2.Response:
        """The page. Raises NotAsPromised if it is not there."""
        response = self._client.get(self._where(path))
        if response.status_code != httpx2.codes.OK:
            raise NotAsPromised(f"GET {path} answered {response.status_code}.")
        return response

    def peek(self, path: str) -> None:
        """What a link scanner does: HEAD and GET, whatever comes back."""
        self._client.head(self._where(path))
        self._client.get(self._where(path))

    def submit(
        self,
        page: str | httpx2.Response,
        values: Values | None = None,
        *,
        action: str | None = None,
        has: str | None = None,
        button: tuple[str, str] | None = None,
    ) -> httpx2.Response:
        """Fill in a form of this page and send it; returns the page that follows.

        Raises NotAsPromised if the page has no such form or field, or if what was sent is refused.
        """
        opened = self.open(page) if isinstance(page, str) else page
        try:
            form = find_form(opened.text, str(opened.url), action=action, has=has)
            pairs = form.filled(values or {}, button)
        except LookupError as error:
            raise NotAsPromised(str(error)) from error
        response = self._client.post(form.action, data=_grouped(pairs))
        if response.status_code != httpx2.codes.OK:
            advice = "; ".join(ADVICE.findall(response.text))
            raise NotAsPromised(f"POST {form.action} answered {response.status_code}. {advice}".rstrip())
        return response

    def post(self, path: str, values: Values) -> httpx2.Response:
        """Send a form that nobody showed, whatever comes back: for what must be refused."""
        return self._client.post(self._where(path), data=values)

    def _where(self, path: str) -> str:
        return urljoin(self._site, path)


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped
