"""Lists that exist already: hand in, say what the columns mean, look at each verdict, take over."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from flask import Response, redirect, request, stream_with_context, url_for

from app.kernel import web
from app.kernel.errors import Invalid, NotFound
from app.kernel.forms import ActionForm
from app.kernel.i18n import _, lazy
from app.subscriptions import exporting, importing
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.forms import ImportForm, mapping_form
from app.subscriptions.importing import Verdict, files, source
from app.subscriptions.models import Import, Stage

SHOWN: Final = 100  # rows of one verdict on the page; the file has them all
STAGES: Final[dict[Stage, Any]] = {
    Stage.UPLOADED: lazy("Spalten zuordnen"),
    Stage.CHECKING: lazy("wird geprüft"),
    Stage.CHECKED: lazy("geprüft, noch nicht übernommen"),
    Stage.RUNNING: lazy("wird übernommen"),
    Stage.DONE: lazy("übernommen"),
    Stage.DISCARDED: lazy("verworfen"),
    Stage.FAILED: lazy("nicht lesbar"),
}


@blueprint.route("/importe", methods=["GET", "POST"])
@web.requires("editor", "admin")
def imports() -> Any:
    """The imports, and the form to hand in another list."""
    form = ImportForm()
    if form.accepted():
        try:
            file, by = form.file.data, web.me().name
            made = importing.hand_in(
                file.stream, file.filename or "", form.newsletter.data, form.grounds(), by, form.lang.data
            )
            return redirect(url_for("subscriptions_desk.one_import", import_id=made.id), 303)
        except Invalid as error:
            form.show(error)
    return web.page("subscriptions/desk/imports.html", form=form, imports=importing.newest(), stages=STAGES)


@blueprint.route("/importe/<int:import_id>", methods=["GET", "POST"])
@web.requires("editor", "admin")
def one_import(import_id: int) -> Any:
    """One import, whatever comes next in it."""
    made = importing.get(import_id)
    if made.stage is not Stage.UPLOADED and "zuordnen" not in request.args:
        return _stage_page(made)
    form = mapping_form(made.columns, made.mapping)
    if form.accepted():
        try:
            importing.check(made, form.meanings())
            return redirect(url_for("subscriptions_desk.one_import", import_id=import_id), 303)
        except Invalid as error:
            form.show(error)
    if made.files_deleted_at is not None or made.stage not in (Stage.UPLOADED, Stage.CHECKED):
        return _stage_page(made)
    _names, sample = source.head(files.source(made.id), made.kind)
    return web.page("subscriptions/desk/import_columns.html", form=form, made=made, sample=sample)


def _stage_page(made: Import) -> Response:
    counted = made.done if made.stage in (Stage.RUNNING, Stage.DONE) else made.found
    chosen = request.args.get("urteil", "")
    rows = importing.judged(made.id, chosen if chosen in set(Verdict) else "") if made.stage is Stage.CHECKED else ()
    shown = [(*row[:3], importing.sentence(*row[3:])) for row in islice(rows, SHOWN)]
    return web.page(
        "subscriptions/desk/import.html",
        made=made,
        reloads=made.is_at_work and request.args.get("neu-laden") == "1",
        stage=STAGES[made.stage],
        counted=[(verdict, importing.VERDICTS[verdict], counted.get(verdict.value, 0)) for verdict in Verdict],
        taken=sum(counted.get(verdict.value, 0) for verdict in importing.TAKEN),
        gone_through=sum(counted.values()),
        verdicts=importing.VERDICTS,
        shown=shown,
        chosen=chosen,
        most=SHOWN,
        uninformed=importing.uninformed(made.id) if made.stage is Stage.DONE and not made.wants_consent else 0,
    )


@blueprint.get("/importe/<int:import_id>/pruefung.csv")
@web.requires("editor", "admin")
def verdicts(import_id: int) -> Response:
    """Each row with its verdict, as a file for Excel."""
    made = importing.get(import_id)
    if made.files_deleted_at is not None or not files.report(import_id).exists():
        raise NotFound(lazy("Diese Prüfung ist gelöscht, wie vorgesehen. Bitte reichen Sie die Liste neu ein."))
    lines = stream_with_context(_lines(import_id))
    response = Response(lines, mimetype="text/csv", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="pruefung-{import_id}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(import_id: int) -> Iterator[str]:
    labels = {verdict: str(label) for verdict, label in importing.VERDICTS.items()}
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([_("Zeile"), _("Adresse"), _("Urteil"), _("Grund")])
    yield "\ufeff" + buffer.getvalue()
    for number, address, verdict, reason, about in importing.judged(import_id):
        buffer.seek(0)
        buffer.truncate()
        said = importing.sentence(reason, about)
        writer.writerow([number, *map(exporting.guarded, (address, labels[verdict], said))])
        yield buffer.getvalue()


@blueprint.post("/importe/<int:import_id>/uebernehmen")
@web.requires("editor", "admin")
def take_over(import_id: int) -> Any:
    """Let the import begin."""
    if ActionForm().accepted():
        importing.take_over(importing.get(import_id))
    return redirect(url_for("subscriptions_desk.one_import", import_id=import_id), 303)


@blueprint.post("/importe/<int:import_id>/verwerfen")
@web.requires("editor", "admin")
def discard(import_id: int) -> Any:
    """Give the import up."""
    if ActionForm().accepted():
        importing.discard(importing.get(import_id))
        web.note(_("Der Import ist verworfen, die Datei ist gelöscht."))
    return redirect(url_for("subscriptions_desk.imports"), 303)
