"""The demo with one of everything in every state that asks people for something, and all forms that they then see."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from app.operations.demo.forms_in_html import Pairs
from tests.browser import demo, pages
from tests.browser.demo import CONSENTER, WRITER
from tests.support.client import Visitor
from tests.support.dump import dump
from tests.support.filling import Filling, fillings
from tests.support.team import sign_in

_FORMS: list[Filling] = []


def build(url: str) -> None:
    """The demo, and beside it what waits for a decision, for a time, for a new password, or for a partner's word."""
    from pathlib import Path

    from app.factory import create_app
    from app.kernel.db import transaction
    from tests.support import house

    demo.build(url)
    app = create_app(house.settings(url, "smtp://127.0.0.1:9", Path("/nonexistent")))
    with app.app_context(), transaction():
        _announcement("Was noch zu entscheiden ist")
        _consent(_announcement("Was noch zu veröffentlichen ist"))
        _issue()
    app.test_client_class = Visitor
    visitor = app.test_client()
    visitor.submit("/redaktion/passwort-vergessen", {"email": demo.ALL_ROLES}, has="email")
    house.close(app)
    house.settle_url(url)


def _announcement(title: str) -> Any:
    from app import announcements

    made = announcements.draft(announcements.Content(title=title, lead="Ein Satz.", regions=("14",)), WRITER)
    announcements.submit(made, WRITER)
    return made


def _consent(made: Any) -> None:
    from app import announcements
    from app.kernel import clock

    announcements.approve(made, made.content_hash, CONSENTER, clock.now() + timedelta(days=30))


def _issue() -> None:
    from app import newsletter, subscriptions
    from app.kernel import text

    words = {"id": 1, "kind": "text", "heading": "", "body": text.from_markdown("Ein Satz.")}
    made = newsletter.draft(subscriptions.newsletters()[0].id, WRITER, title="Freigegeben", blocks=[words])
    newsletter.approve(made.id, newsletter.submit(made.id, WRITER).content_hash, CONSENTER)


def numberless(name: str) -> str:
    """The address without ids: ``/redaktion/termine/<number>/absagen``."""
    return re.sub(r"/\d+(?=/|$)", "/<number>", name)


class House:
    """The furnished demo with a visitor and a person of the team who has all roles."""

    def __init__(self, fresh: Callable[[], Any]) -> None:
        self._fresh = fresh
        self.renew()

    def renew(self) -> None:
        """As it was at the beginning."""
        self.app = self._fresh()
        self._visitors = {"anybody": self.app.test_client(), "team": sign_in(self.app, demo.ALL_ROLES)}

    def forms(self) -> list[Filling]:
        """Every form of every page in which there is something to fill in, once; the same in every copy."""
        if not _FORMS:
            _FORMS.extend(self._forms())
        return _FORMS

    def _forms(self) -> list[Filling]:
        found: dict[tuple[str, ...], Filling] = {}
        for path in self.pages():
            for visitor in self._visitors.values():
                page = visitor.get(path)
                if page.mimetype == "text/html":
                    for one in fillings(page.text, path):
                        found.setdefault((one.form.action, *sorted(one.kinds)), one)
        return [found[key] for key in sorted(found)]

    def pages(self) -> list[str]:
        """The addresses of all pages, with the links of what waits."""
        examples = demo.examples(self.app)
        examples["accounts.reset"] = [{"token": self._token("passwort")}]
        examples["newsletter_desk.issue"] = [{"issue_id": number} for number in (1, 2, 3)]
        examples["announcements_desk.show"] = [{"announcement_id": number} for number in self._announcements()]
        return pages.addresses(self.app, examples)

    def send(self, filling: Filling, pairs: Pairs) -> Any:
        """Send the form as this page offers it now, by somebody who sees it, with these values."""
        for visitor in reversed(self._visitors.values()):
            for one in fillings(visitor.get(filling.page).text, filling.page):
                if (one.form.action, one.kinds.keys()) == (filling.form.action, filling.kinds.keys()):
                    token = ("csrf_token", dict(one.form.fields)["csrf_token"])
                    values = [token, *(pair for pair in pairs if pair[0] != "csrf_token")]
                    return visitor.post(one.form.action.partition("#")[0], data=MultiDict(values))
        raise AssertionError(f"{filling.page} has no longer the form for {filling.name}")

    def endpoint(self, filling: Filling) -> str:
        """The view that a form is sent to."""
        path = filling.form.action.partition("#")[0]
        return str(self.app.url_map.bind("").match(path, method="POST")[0])

    def posted_to(self) -> set[str]:
        """All views that take what is sent."""
        return {rule.endpoint for rule in self.app.url_map.iter_rules() if "POST" in (rule.methods or ())}

    def dump(self) -> Any:
        """All rows."""
        from app.kernel.db import db

        with self.app.app_context():
            return dump(db.engine)

    def _announcements(self) -> list[int]:
        from app import announcements
        from app.kernel.db import session

        with self.app.app_context():
            asked = session.query(announcements.Announcement).where(
                announcements.Announcement.state.in_(["submitted", "scheduled"])
            )
            return [found.id for found in asked]

    def _token(self, what: str) -> str:
        from sqlalchemy import select

        from app import delivery
        from app.kernel.db import session

        with self.app.app_context():
            texts = session.scalars(select(delivery.Message.text)).all()
        [token] = {found[1] for text in texts if (found := re.search(rf"/redaktion/{what}/([\w-]+)", text))}
        return token
