"""Judges rows of a list against what is known of their addresses: some hundred at once, in three questions."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app import delivery
from app.kernel import clock, tokens
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.i18n import short_date
from app.subscriptions.disclosure import ERASED
from app.subscriptions.importing.columns import Row
from app.subscriptions.importing.places import Places
from app.subscriptions.importing.verdicts import Addresses, Judged, Verdict, fault_of, proof_missing
from app.subscriptions.models import Basis, Erasure, Import, State, Subscriber, Subscription
from app.subscriptions.rules import Address

_STANDS: dict[State, Verdict] = {
    State.ACTIVE: Verdict.SUBSCRIBED,
    State.REQUESTED: Verdict.PENDING,
    State.WITHDRAWN: Verdict.WITHDRAWN,
}


class _Known(NamedTuple):
    subscriber: int
    state: State | None
    withdrawn_at: datetime | None


class Judge:
    """Judges the rows of one list in their order; it remembers the addresses it has seen, by a number for each."""

    def __init__(self, job: Import) -> None:
        self._newsletter, self._basis, self._handed_in = job.newsletter_id, Basis(job.basis), job.created_at
        self._how, self._wording = job.how, job.wording
        self._seen: dict[int, int] = {}
        self._addresses, self._places = Addresses(), Places()

    def remember(self, rows: Sequence[Row]) -> None:
        """Take note of rows that were done before, so that what repeats them is found."""
        for row in rows:
            address = self._address(row)
            if address is not None:
                self._seen.setdefault(hash(address.key), row.number)

    def judge(self, rows: Sequence[Row], *, locked: bool = False) -> list[Judged]:
        """What becomes of each row. ``locked``: who is known stays as they are until the transaction ends."""
        first = [self._by_itself(row) for row in rows]
        open_ones = [judged for judged in first if judged.verdict is Verdict.NEW]
        keys = [judged.address.key for judged in open_ones if judged.address]
        known = self._known(keys, locked)
        suppressed = {**delivery.suppressed_among(keys), **self._erased(keys)}
        now = clock.now()
        return [
            self._against(judged, known, suppressed, now) if judged.verdict is Verdict.NEW else judged
            for judged in first
        ]

    def _address(self, row: Row) -> Address | None:
        try:
            return self._addresses.read(row.email)
        except Invalid:
            return None

    def _by_itself(self, row: Row) -> Judged:
        address = self._address(row)
        if address is None:
            return Judged(row, Verdict.INVALID, fault_of(row.email))
        number = self._seen.setdefault(hash(address.key), row.number)
        if number != row.number:
            return Judged(row, Verdict.DUPLICATE, "same", str(number), address)
        return Judged(row, Verdict.NEW, address=address)

    def _against(self, judged: Judged, known: dict[str, _Known], suppressed: dict[str, str], now: datetime) -> Judged:
        row, address = judged.row, judged.address
        assert address is not None
        person = known.get(address.key)
        if address.key in suppressed:
            return Judged(row, Verdict.SUPPRESSED, suppressed[address.key], "", address)
        if person and person.state:
            left = short_date(person.withdrawn_at) if person.withdrawn_at else ""
            return Judged(row, _STANDS[person.state], "left" if left else "", left, address)
        missing, about, at = proof_missing(row, self._basis, self._how, self._wording, now)
        if missing:
            return Judged(row, Verdict.UNPROVEN, missing, about, address)
        region = self._places.read(row.region)
        if region is None:
            return Judged(row, Verdict.UNPLACED, "place", row.region[:80], address)
        verdict = Verdict.ADDED if person else Verdict.NEW
        return Judged(row, verdict, "", "", address, region, at, person.subscriber if person else 0)

    def _erased(self, keys: Sequence[str]) -> dict[str, str]:
        """Who has had their data erased since the list was handed in: the list must not bring them back."""
        since = set(session.scalars(select(Erasure.digest).where(Erasure.at >= self._handed_in)))
        return {key: "erased" for key in keys if since and not since.isdisjoint(tokens.keyed_hashes(ERASED, key))}

    def _known(self, keys: Sequence[str], locked: bool) -> dict[str, _Known]:
        people = select(Subscriber.normalised, Subscriber.id).where(Subscriber.normalised.in_(keys))
        if locked:
            people = people.order_by(Subscriber.id).with_for_update()
        ids = {number: key for key, number in session.execute(people)}
        takes = select(Subscription.subscriber_id, Subscription.state, Subscription.withdrawn_at).where(
            Subscription.subscriber_id.in_(ids), Subscription.newsletter_id == self._newsletter
        )
        found = {key: _Known(number, None, None) for number, key in ids.items()}
        for number, state, withdrawn_at in session.execute(takes) if ids else ():
            found[ids[number]] = _Known(number, state, withdrawn_at if state is State.WITHDRAWN else None)
        return found
