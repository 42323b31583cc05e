"""Pushes what is owed to channels: claim in a short transaction, carry outside of any, record in a short transaction.

Each dispatch fails alone; a channel that failed is left in peace for the rest of the run.
"""

import logging
from collections.abc import Sequence

from sqlalchemy import select

from app import announcements
from app.announcements import Dispatch, DispatchState
from app.kernel import clock, web
from app.kernel.db import session, transaction
from app.kernel.i18n import _
from app.syndication import rules, services
from app.syndication.kinds.base import Kind, NotTaken, Package, Parcel
from app.syndication.links import acknowledge_token

log = logging.getLogger(__name__)


def dispatch_due(kinds: Sequence[Kind]) -> int:
    """Bring every due dispatch to its channel, and look what became of the mails; returns how many things were done."""
    done = _follow_mails()
    by_name = {kind.name: kind for kind in kinds}
    sick: set[int] = set()
    while claimed := _claim(sick):
        dispatch_id, channel_id = claimed
        if not _dispatch(by_name, dispatch_id):
            sick.add(channel_id)
        done += 1
    return done


def _follow_mails() -> int:
    with transaction(write=False):
        handed = list(session.scalars(select(Dispatch.id).where(Dispatch.state == DispatchState.HANDED)))
    done = 0
    for dispatch_id in handed:
        with transaction(write=False):
            dispatch = session.get_one(Dispatch, dispatch_id)
            outcome = services.fate_of_mail(dispatch)
        if outcome is not None:
            with transaction():
                services.record_fate(dispatch_id, outcome)
            done += 1
    return done


def _claim(sick: set[int]) -> tuple[int, int] | None:
    """The id of the dispatch that is due longest, and of its channel; nobody else gets it while the lease lasts."""
    now = clock.now()
    waiting = (DispatchState.OWED, DispatchState.FAILED)
    due = select(Dispatch.id).where(Dispatch.state.in_(waiting), Dispatch.due_at <= now)
    due = due.where(Dispatch.channel_id.not_in(sick)).order_by(Dispatch.due_at, Dispatch.id).limit(1)
    with transaction(write=False):
        if session.scalar(due) is None:
            return None
    with transaction():
        found = session.scalar(due.with_for_update(skip_locked=True))
        if found is None:
            return None
        dispatch = session.get_one(Dispatch, found, populate_existing=True)
        dispatch.attempts += 1
        dispatch.due_at = now + rules.LEASE
        return dispatch.id, dispatch.channel_id


def _dispatch(kinds: dict[str, Kind], dispatch_id: int) -> bool:
    try:
        kind, package = _pack(kinds, dispatch_id)
        evidence = kind.carry(package)
        with transaction():
            state = kind.settle(package)
            services.record_taken(dispatch_id, state, evidence)
    except NotTaken as error:
        _failed(dispatch_id, str(error), final=error.final)
        return False
    except Exception as error:
        log.exception("dispatch %d could not be made", dispatch_id)
        _failed(dispatch_id, _("Die Zustellung ist gescheitert (%(error)s).", error=type(error).__name__), final=False)
        return False
    return True


def _pack(kinds: dict[str, Kind], dispatch_id: int) -> tuple[Kind, Package]:
    with transaction(write=False):
        dispatch = session.get_one(Dispatch, dispatch_id)
        kind = kinds.get(dispatch.channel.kind)
        if kind is None:
            raise NotTaken(_("Diese Art von Kanal gibt es nicht mehr. Bitte legen Sie den Kanal neu an."), final=True)
        return kind, kind.pack(_parcel(dispatch))


def _parcel(dispatch: Dispatch) -> Parcel:
    earlier = [d for d in announcements.dispatches(dispatch.announcement_id) if d.channel_id == dispatch.channel_id]
    reached = any(d.id < dispatch.id and (d.sent_at or d.state == DispatchState.HANDED) for d in earlier)
    return Parcel(
        channel=dispatch.channel,
        revision=dispatch.revision,
        form=rules.form_of(dispatch.revision, had_earlier=reached),
        key=rules.key_of(dispatch),
        attempt=dispatch.attempts,
        acknowledge_url=web.url("syndication.partner", token=acknowledge_token(dispatch.id)),
    )


def _failed(dispatch_id: int, error: str, *, final: bool) -> None:
    with transaction():
        services.record_failed(dispatch_id, error, final=final)
