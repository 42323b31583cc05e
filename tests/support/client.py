"""A visitor who fills in the forms that are really on the page, CSRF token and all; an operator who types commands."""

from typing import Any

from flask.testing import FlaskClient, FlaskCliRunner
from werkzeug.datastructures import MultiDict

from app.operations.demo.forms_in_html import find_form


class Visitor(FlaskClient):
    """The test client, with ``submit``: open a page, fill in its form, send it."""

    def submit(
        self,
        page: str,
        values: dict[str, Any] | None = None,
        *,
        action: str | None = None,
        has: str | None = None,
        button: tuple[str, str] | None = None,
        follow: bool = False,
    ) -> Any:
        """Fill in the one form of this page (or the one with this action, or field) and send it.

        What is not named in ``values`` is sent as it stands on the page. Raises KeyError for a field that the form does
        not have, AssertionError if the page itself is not there.
        """
        opened = self.get(page, follow_redirects=True)
        assert opened.status_code == 200, f"{page} answered {opened.status_code}"
        where = opened.request.path
        form = find_form(opened.text, where, action=action, has=has)
        return self.post(form.action, data=MultiDict(form.filled(values or {}, button)), follow_redirects=follow)


class Operator(FlaskCliRunner):
    """``invoke(args=["doctor"])`` inside the context that the ``flask`` program opens around every command."""

    def invoke(self, *args: Any, **kwargs: Any) -> Any:
        with self.app.app_context():
            return super().invoke(*args, **kwargs)
