"""Verbs of syndication: channels, what became of a dispatch, what a partner says to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app import delivery
from app.announcements import Channel, Dispatch, DispatchState
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import _, lazy
from app.syndication import rules
from app.syndication.kinds.webhook import Webhook, new_secret

SHOWN = 300  # characters of an error that are kept


@dataclass(frozen=True, slots=True)
class Fate:
    """What the mail delivery says of the mail of a dispatch: accepted at a moment, or an error."""

    accepted_at: datetime | None
    error: str = ""


def add_channel(name: str, kind: str, config: dict[str, Any]) -> Channel:
    """A new, active channel; a webhook gets a secret if it has none. Raises Invalid (``name``) if the name is taken."""
    if session.scalar(select(Channel.id).where(Channel.name == name)):
        raise Invalid(name=lazy("Diesen Namen hat schon ein anderer Kanal. Bitte wählen Sie einen anderen."))
    if kind == Webhook.name and not config.get("secret"):
        config = {**config, "secret": new_secret()}
    position = (session.scalar(select(func.max(Channel.position))) or 0) + 1
    channel = Channel(name=name, kind=kind, config=config, active=True, position=position)
    session.add(channel)
    session.flush()
    audit.record("channel.added", f"channel:{channel.id}", {"name": name, "kind": kind})
    return channel


def change_channel(channel: Channel, name: str, config: dict[str, Any], *, active: bool) -> Channel:
    """Change the settings of a channel; its secret stays. Raises Invalid (``name``) if the name is taken."""
    if session.scalar(select(Channel.id).where(Channel.name == name, Channel.id != channel.id)):
        raise Invalid(name=lazy("Diesen Namen hat schon ein anderer Kanal. Bitte wählen Sie einen anderen."))
    channel.name = name
    channel.config = {**channel.config, **config}
    channel.active = active
    audit.record("channel.changed", f"channel:{channel.id}", {"name": name, "active": active})
    return channel


def renew_secret(channel: Channel) -> str:
    """Give a webhook a new secret; the old one signs nothing any more. Returned once, to be shown once."""
    secret = new_secret()
    channel.config = {**channel.config, "secret": secret}
    audit.record("channel.secret_renewed", f"channel:{channel.id}")
    return secret


def try_again(dispatch: Dispatch) -> None:
    """Try a failed dispatch again now. Raises Conflict if it did not fail."""
    if dispatch.state != DispatchState.FAILED:
        raise Conflict(lazy("Diese Zustellung ist nicht fehlgeschlagen. Bitte laden Sie die Seite neu."))
    dispatch.due_at = clock.now()
    audit.record("dispatch.retried", f"dispatch:{dispatch.id}")


def record_taken(dispatch_id: int, state: DispatchState, evidence: dict[str, Any]) -> None:
    """The channel took it, or its mail is on its way."""
    dispatch = _locked(dispatch_id)
    dispatch.state = state
    dispatch.evidence = {**dispatch.evidence, **evidence}
    dispatch.last_error = ""
    dispatch.due_at = None
    if state == DispatchState.SENT:
        dispatch.sent_at = clock.now()
        audit.record("dispatch.sent", f"dispatch:{dispatch_id}", {"channel": dispatch.channel.name})


def record_failed(dispatch_id: int, error: str, *, final: bool = False) -> None:
    """The channel did not take it: shown, and tried again later unless that is of no use."""
    dispatch = _locked(dispatch_id)
    if dispatch.state == DispatchState.SUPERSEDED:
        return
    dispatch.state = DispatchState.FAILED
    dispatch.last_error = error[:SHOWN]
    dispatch.due_at = None if final else rules.next_attempt(dispatch.attempts, clock.now())
    audit.record("dispatch.failed", f"dispatch:{dispatch_id}", {"error": dispatch.last_error})


def fate_of_mail(dispatch: Dispatch) -> Fate | None:
    """What became of the mail of a dispatch; None while the delivery still tries."""
    mail = delivery.find(dispatch.evidence["group"], dispatch.evidence["to"])
    if mail is None:
        return Fate(None, _("Die E-Mail ist nicht mehr im Versand. Bitte stellen Sie erneut zu."))
    if mail.accepted_at is not None:
        return Fate(mail.accepted_at)
    if mail.state in (delivery.State.FAILED, delivery.State.SKIPPED, delivery.State.UNCERTAIN):
        said = f"{mail.smtp_code or ''} {mail.smtp_text or mail.reason}".strip()
        return Fate(None, _("Die E-Mail wurde nicht angenommen: %(said)s", said=said))
    return None


def record_fate(dispatch_id: int, fate: Fate) -> None:
    """Write down what became of the mail."""
    if fate.accepted_at is None:
        record_failed(dispatch_id, fate.error)
        return
    dispatch = _locked(dispatch_id)
    dispatch.state = DispatchState.SENT
    dispatch.sent_at = fate.accepted_at
    audit.record("dispatch.sent", f"dispatch:{dispatch_id}", {"channel": dispatch.channel.name})


def acknowledge(dispatch: Dispatch, *, taken: bool, link: str = "") -> None:
    """What the partner says became of it: taken over (where), or not. The last word counts; all are audited."""
    dispatch.state = DispatchState.ACKNOWLEDGED
    dispatch.acknowledged_at = clock.now()
    dispatch.sent_at = dispatch.sent_at or dispatch.acknowledged_at
    dispatch.due_at = None
    dispatch.last_error = ""
    dispatch.evidence = {**dispatch.evidence, "taken": taken, "link": link}
    audit.record("dispatch.acknowledged", f"dispatch:{dispatch.id}", {"taken": taken, "link": link})


def _locked(dispatch_id: int) -> Dispatch:
    asked = select(Dispatch).where(Dispatch.id == dispatch_id).with_for_update(of=Dispatch)
    return session.scalars(asked.execution_options(populate_existing=True)).one()
