"""One address: what it takes, and its whole history."""

from flask import Response

from app.kernel import web
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.subscriptions import queries
from app.subscriptions.declarations import history, texts_shown
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.desk_views.words import kind_words, state_words


@blueprint.get("/<int:subscriber_id>")
@web.requires("editor", "approver", "admin")
def person(subscriber_id: int) -> Response:
    """One address: what it takes, and the whole history of what was declared."""
    subscriber = queries.find_subscriber(subscriber_id)
    if subscriber is None:
        raise NotFound(lazy("Dieses Abonnement gibt es nicht. Bitte öffnen Sie die Liste neu."))
    declarations = history(subscriber)
    return web.page(
        "subscriptions/desk/person.html",
        subscriber=subscriber,
        places=queries.narrowed_to(subscriber),
        declarations=declarations,
        texts=texts_shown(declarations),
        words=state_words(),
        kinds=kind_words(),
    )
