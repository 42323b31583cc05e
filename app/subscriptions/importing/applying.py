"""Subscribes the people of some hundred rows at once, each with the entry in their history that proves it."""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app import delivery
from app.kernel import clock
from app.kernel.db import session
from app.kernel.i18n import LANGUAGES
from app.subscriptions.declarations import Said, declare_all, keep_text
from app.subscriptions.importing.verdicts import TAKEN, Judged
from app.subscriptions.models import DeclarationKind, Import, State, Subscriber, Subscription
from app.subscriptions.models.people import first_generation

_LANGUAGES = {"de": "de", "deu": "de", "deutsch": "de", "german": "de", "en": "en", "eng": "en", "englisch": "en"}


class Overtaken(RuntimeError):
    """Somebody of these rows signed up at this very moment; nothing of them is kept, and they are judged anew."""


def apply(job: Import, judged: Sequence[Judged]) -> None:
    """Subscribe those whose verdict says so. Raises Overtaken."""
    taken = [one for one in judged if one.verdict in TAKEN]
    if not taken:
        return
    people = _people(job, taken)
    rows = [_subscription(job, one, people[_key(one)][0]) for one in taken]
    session.execute(insert(Subscription.__table__), rows)  # type: ignore[arg-type]
    texts = {wording: keep_text(wording, job.lang) for wording in {_wording(job, one) for one in taken} if wording}
    declare_all([_said(job, one, people[_key(one)], texts) for one in taken])


def _people(job: Import, taken: Sequence[Judged]) -> dict[str, tuple[int, str]]:
    """Id and chain of each of these people, by normalised address; who is new is entered."""
    new = [one for one in taken if not one.known]
    numbers = delivery.numbers_of([_key(one) for one in new])
    rows = [{**_person(job, one), "address_id": numbers[_key(one)]} for one in new]
    if rows:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(
            dialect.insert(Subscriber.__table__).on_conflict_do_nothing(index_elements=["normalised"]), rows
        )
    asked = select(Subscriber.normalised, Subscriber.id, Subscriber.chain)
    found = session.execute(asked.where(Subscriber.normalised.in_([_key(one) for one in taken])))
    people = {key: (number, chain) for key, number, chain in found}
    if any(people[row["normalised"]][1] != row["chain"] for row in rows):
        raise Overtaken
    return people


def _person(job: Import, one: Judged) -> dict[str, Any]:
    assert one.address is not None
    return {
        "address": one.address.mailbox,
        "normalised": one.address.key,
        "name": one.row.name,
        "organisation": one.row.organisation,
        "lang": _lang(job, one),
        "format": "html",
        "chain": secrets.token_hex(16),
        "created_at": clock.now(),
    }


def _subscription(job: Import, one: Judged, subscriber_id: int) -> dict[str, Any]:
    """Active at once, and without a welcome mail: the person knows the newsletter, or gets the information first."""
    now = clock.now()
    return {
        "subscriber_id": subscriber_id,
        "newsletter_id": job.newsletter_id,
        "state": State.ACTIVE,
        "regions": [one.region] if one.region else [],
        "topics": [],
        "requested_at": one.consented_at or now,
        "confirmed_at": one.consented_at or now,
        "welcomed_at": now,
        "generation": first_generation(),
        "basis": job.basis,
        "import_id": job.id,
    }


def _said(job: Import, one: Judged, person: tuple[int, str], texts: dict[str, str]) -> Said:
    row, consented = one.row, one.consented_at
    content = {
        "address": one.address.mailbox if one.address else "",
        "newsletter": job.newsletter.slug,
        "basis": job.basis.value,
        "name": row.name,
        "organisation": row.organisation,
        "regions": [one.region] if one.region else [],
        "justification": "" if job.wants_consent else job.justification,
        "consented_at": consented.isoformat() if consented else "",
        "how": (row.consent_how or job.how) if job.wants_consent else "",
        "source": f"{job.filename}:{row.number}",
    }
    kept = {name: value for name, value in content.items() if value}
    return Said(*person, DeclarationKind.IMPORTED, kept, texts.get(_wording(job, one)))


def _wording(job: Import, one: Judged) -> str:
    return (one.row.consent_wording or job.wording) if job.wants_consent else ""


def _lang(job: Import, one: Judged) -> str:
    said = _LANGUAGES.get(one.row.lang.casefold(), "")
    return said if said in LANGUAGES else job.lang


def _key(one: Judged) -> str:
    assert one.address is not None
    return one.address.key
