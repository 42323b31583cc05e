"""The list of who takes what, as a file."""

from collections.abc import Iterator
from typing import IO, Any, Final

from flask import Response, request

from app.kernel import clock, web
from app.subscriptions import exporting, queries
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.forms import ExportForm

_BLOCK: Final = 1 << 16


@blueprint.route("/export", methods=["GET", "POST"])
@web.requires("editor", "admin")
def export() -> Any:
    """What to export; the button answers with the file, and the audit log knows who took it."""
    form = ExportForm(request.form if request.method == "POST" else request.args)
    wanted = form.wanted()
    if form.accepted():
        return _download(exporting.write(wanted, form.format.data))
    return web.page("subscriptions/desk/export.html", form=form, count=queries.subscriptions(wanted).total)


def _download(exported: exporting.Exported) -> Response:
    response = Response(_blocks(exported.file), content_type=exported.mimetype)
    name = f"abonnements-{clock.today():%Y-%m-%d}.{exported.suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK):
            yield block
