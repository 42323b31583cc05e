"""Addresses that probably belong to the same person. Only a suggestion: two people may share a name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from sqlalchemy import Row, select

from app.kernel.db import session
from app.subscriptions.models import State, Subscriber, Subscription
from app.taxonomy import fold

ALIKE: Final = 0.75  # how alike two domains are, from 0 to 1
SHARED: Final = 40  # a local part that more people have is a role (poststelle@), not a person

Person = Row[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two or more people (id, address, name, organisation), and whether their ``name`` or ``address`` says it."""

    why: str
    people: tuple[Person, ...]


def duplicates(limit: int = 100) -> list[Suggestion]:
    """Who is probably the same person among those who take something, at most so many; in one question."""
    asked = (
        select(Subscriber.id, Subscriber.normalised, Subscriber.name, Subscriber.organisation)
        .where(Subscriber.id.in_(select(Subscription.subscriber_id).where(Subscription.state == State.ACTIVE)))
        .order_by(Subscriber.id)
    )
    people = session.execute(asked).all()
    found = [*_same_name(people), *_same_mailbox(people)]
    groups: dict[tuple[int, ...], Suggestion] = {}
    for suggestion in found:
        groups.setdefault(tuple(person.id for person in suggestion.people), suggestion)
    return list(groups.values())[:limit]


def _same_name(people: Sequence[Person]) -> Iterator[Suggestion]:
    named = (p for p in people if p.name and p.organisation)
    for group in _grouped((f"{fold(p.name)} | {fold(p.organisation)}", p) for p in named):
        yield Suggestion("name", tuple(group))


def _same_mailbox(people: Sequence[Person]) -> Iterator[Suggestion]:
    for group in _grouped((p.normalised.rpartition("@")[0], p) for p in people):
        if len(group) > SHARED:
            continue
        waiting = list(group)
        while waiting:
            first = waiting.pop(0)
            same = [first, *(other for other in waiting if _alike(first.normalised, other.normalised))]
            waiting = [other for other in waiting if other not in same]
            if len(same) > 1:
                yield Suggestion("address", tuple(same))


def _grouped(keyed: Iterable[tuple[str, Person]]) -> list[list[Person]]:
    groups: dict[str, list[Person]] = {}
    for key, person in keyed:
        groups.setdefault(key, []).append(person)
    return [group for group in groups.values() if len(group) > 1]


def _alike(one: str, other: str) -> bool:
    """Whether two domains belong together: one inside the other, or nearly the same name."""
    first, second = one.rpartition("@")[2], other.rpartition("@")[2]
    inside = first.endswith(f".{second}") or second.endswith(f".{first}")
    return inside or SequenceMatcher(None, first.rpartition(".")[0], second.rpartition(".")[0]).ratio() >= ALIKE
