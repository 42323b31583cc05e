"""The desk's pages of the channels: what each got of each announcement, and their settings."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import announcements
from app.announcements import Channel
from app.kernel import db, web
from app.kernel.errors import Invalid
from app.kernel.forms import ActionForm
from app.kernel.i18n import _
from app.syndication import queries, services
from app.syndication.forms import ChannelForm
from app.syndication.kinds.base import Kind, NotTaken
from app.syndication.kinds.webhook import Webhook

blueprint = Blueprint("syndication_desk", __name__, url_prefix="/redaktion/kanaele", template_folder="templates")


@blueprint.get("")
@web.requires("editor", "approver", "admin")
def index() -> Response:
    """Each channel's health, and what it got of the last announcements."""
    return web.page(
        "syndication/desk/index.html",
        channels=announcements.channels(),
        rows=queries.overview(),
        failing=queries.failing(),
        kinds={name: kind.label for name, kind in _kinds().items()},
    )


@blueprint.route("/neu", methods=["GET", "POST"])
@web.requires("admin")
def new() -> AnyResponse:
    """A new channel; the secret of a webhook is shown once, in the answer."""
    form = ChannelForm.of(None)
    if form.accepted():
        try:
            channel = services.add_channel(form.name.data, form.kind.data, form.config())
        except Invalid as error:
            form.show(error)
        else:
            return _saved(channel, channel.config.get("secret", ""))
    return web.page("syndication/desk/edit.html", form=form, channel=None)


@blueprint.route("/<int:channel_id>", methods=["GET", "POST"])
@web.requires("admin")
def edit(channel_id: int) -> AnyResponse:
    """Change the settings of a channel; its kind stays."""
    channel = queries.get_channel(channel_id)
    form = ChannelForm.of(channel)
    if form.is_submitted():
        form.kind.data = channel.kind
    if form.accepted():
        try:
            services.change_channel(channel, form.name.data, form.config(), active=form.active.data)
        except Invalid as error:
            form.show(error)
        else:
            return _saved(channel, "")
    return web.page("syndication/desk/edit.html", form=form, channel=channel)


@blueprint.post("/<int:channel_id>/geheimnis")
@web.requires("admin")
def renew(channel_id: int) -> AnyResponse:
    """A new secret for a webhook, shown once."""
    channel = queries.get_channel(channel_id)
    if ActionForm().accepted() and channel.kind == Webhook.name:
        return _saved(channel, services.renew_secret(channel))
    return redirect(url_for(".edit", channel_id=channel_id), 303)


@blueprint.post("/<int:channel_id>/testen")
@web.requires("admin")
def test(channel_id: int) -> AnyResponse:
    """Send something that says that it is a test; what the channel answers is shown at once."""
    channel = queries.get_channel(channel_id)
    form = ActionForm()
    if form.validate_on_submit():
        kind = _kinds()[channel.kind]
        package = kind.trial(channel)
        db.rollback()  # the network is asked outside of any transaction
        try:
            kind.carry(package)
        except NotTaken as error:
            web.note(error, "danger")
        else:
            if form.accepted():
                kind.settle(package)
            web.note(_("Der Test ist unterwegs an %(to)s.", to=package.to))
    return redirect(url_for(".index"), 303)


@blueprint.post("/zustellungen/<int:dispatch_id>/erneut")
@web.requires("editor", "approver", "admin")
def retry(dispatch_id: int) -> AnyResponse:
    """Try a failed dispatch again now."""
    dispatch = queries.get_dispatch(dispatch_id)
    if ActionForm().accepted():
        services.try_again(dispatch)
        web.note(_("Die Meldung wird sofort noch einmal zugestellt."))
    return redirect(url_for(".index"), 303)


def _saved(channel: Channel, secret: str) -> AnyResponse:
    if secret:
        return web.page("syndication/desk/secret.html", channel=channel, secret=secret)
    web.note(_("Der Kanal ist gespeichert."))
    return redirect(url_for(".index"), 303)


def _kinds() -> dict[str, Kind]:
    kinds: list[Any] = current_app.extensions["wiring"].CHANNEL_KINDS
    return {kind.name: kind for kind in kinds if hasattr(kind, "carry")}
