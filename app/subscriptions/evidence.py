"""The evidence of a consent on one page: what was shown, what was sent, when, how it was answered, and that it holds.

As a value, as JSON and as PDF/UA (ISO 14289-1); Art. 7 (1) GDPR.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from app import delivery
from app.kernel import clock, identity, privacy
from app.kernel.db import session
from app.kernel.i18n import _, language, lazy, moment_text, ngettext
from app.kernel.later import Later
from app.subscriptions.declarations import broken_in, entries_of, seal_of
from app.subscriptions.disclosure import KINDS, erasures_of, facts_of_content
from app.subscriptions.models import Declaration, ShownText, Subscriber

if TYPE_CHECKING:
    import typst
else:
    typst = Later("typst")

TEMPLATE: Final = Path(__file__).parent / "templates" / "subscriptions" / "evidence.typ"
TEXTS: Final[dict[str, Any]] = {
    "consent": lazy("Einwilligung"),
    "form": lazy("Formular"),
    "privacy": lazy("Datenschutzhinweis"),
    "mail": lazy("E-Mail, wie sie versendet wurde, ohne den geheimen Teil der Links"),
    "information": lazy("Information nach Art. 14 DSGVO"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that was shown or sent, word for word; ``number`` is where it stands in the appendix."""

    number: int
    what: str
    text: str
    hash: str
    lang: str
    first_shown_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One declaration: what, when, its values (label and value), which texts were shown (by number), its hash."""

    number: int
    kind: str
    at: datetime
    values: tuple[tuple[str, str], ...]
    texts: tuple[int, ...]
    hash: str
    sound: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The whole story of an address. ``broken`` are the entries that are not as they were declared, empty: it holds."""

    address: str
    chain: str
    made_at: datetime
    publisher: str
    erased_at: datetime | None
    steps: tuple[Step, ...]
    texts: tuple[Shown, ...]
    broken: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Whether every entry is as it was declared, and none is missing."""
        return not self.broken


def of_person(person: Subscriber) -> Evidence:
    """The evidence about somebody who is known."""
    return _of_chain(person.chain, person.address, person.id, None)


def of_address(address: str) -> list[Evidence]:
    """The evidence about an address (as typed): of the person, and what erasures have left of earlier ones."""
    key = delivery.address_key(address)
    person = session.scalar(select(Subscriber).where(Subscriber.normalised == key))
    past = [
        _of_chain(chain, address, None, erasure.at)
        for erasure in erasures_of(key)
        for chain in erasure.chains
        if entries_of(chain)
    ]
    return [*past, *([of_person(person)] if person else [])]


def _of_chain(chain: str, address: str, owner: int | None, erased_at: datetime | None) -> Evidence:
    entries = entries_of(chain)
    texts = _texts(entries)
    broken = broken_in(entries, owner, seal_of(chain))
    who = identity.current()
    return Evidence(
        address=address,
        chain=chain,
        made_at=clock.now(),
        publisher=who.publisher or who.site_name,
        erased_at=erased_at,
        steps=tuple(_step(entry, texts, broken) for entry in entries),
        texts=tuple(texts.values()),
        broken=tuple(broken),
    )


def _named(entry: Declaration) -> dict[str, str]:
    """The texts of an entry: what they are, and their hashes."""
    return {**({"consent": entry.shown_text} if entry.shown_text else {}), **entry.also_shown}


def _texts(entries: Sequence[Declaration]) -> dict[str, Shown]:
    """Every text that was shown, once, by its hash, in the order of the story."""
    order = {digest: what for entry in entries for what, digest in _named(entry).items()}
    kept = {row.hash: row for row in session.scalars(select(ShownText).where(ShownText.hash.in_(order)))}
    return {
        digest: Shown(number, str(TEXTS.get(what, what)), row.text, digest, row.lang, row.first_shown_at)
        for number, (digest, what) in enumerate(order.items(), start=1)
        if (row := kept.get(digest))
    }


def _step(entry: Declaration, texts: Mapping[str, Shown], broken: Sequence[int]) -> Step:
    values = tuple(
        (str(one.label), privacy.readable(one.value))
        for one in facts_of_content(entry.content or {})
        if one.value is not None
    )
    return Step(
        number=entry.number,
        kind=str(KINDS.get(entry.kind, str(entry.kind))),
        at=entry.at,
        values=values,
        texts=tuple(texts[digest].number for digest in _named(entry).values() if digest in texts),
        hash=entry.hash,
        sound=entry.number not in broken,
    )


def as_json(evidence: Evidence) -> bytes:
    """The evidence for machines."""
    return json.dumps(_plain(evidence), ensure_ascii=False, indent=2).encode()


def _plain(evidence: Evidence) -> dict[str, Any]:
    def encode(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: encode(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [encode(one) for one in value]
        return value.isoformat() if isinstance(value, datetime) else value

    plain: dict[str, Any] = encode(asdict(evidence))
    return {**plain, "holds": evidence.holds}


def as_pdf(evidence: Evidence) -> bytes:
    """The evidence as a tagged PDF (PDF/UA-1), in the reader's language. Takes some 0.2 s: never inside a write."""
    told = {**_plain(evidence), "lang": language(), "words": _words(evidence)}
    for step, one in zip(told["steps"], evidence.steps, strict=True):
        step["at"] = exact(one.at)
    for text, shown in zip(told["texts"], evidence.texts, strict=True):
        text["first_shown_at"] = exact(shown.first_shown_at)
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", pdf_standards=["ua-1"], sys_inputs={"data": json.dumps(told)}
    )
    return made


def exact(moment: datetime) -> str:
    """A moment for a court: day and time in Berlin, with seconds, and in UTC."""
    local = clock.local(moment)
    return f"{local:%d.%m.%Y, %H:%M:%S} ({moment:%Y-%m-%dT%H:%M:%SZ})"


def verdict(evidence: Evidence) -> str:
    """One sentence: whether the chain holds."""
    if evidence.holds:
        return ngettext(
            "Geprüft: Die Erklärung ist so, wie sie abgegeben wurde.",
            "Geprüft: Alle %(num)s Erklärungen sind so, wie sie abgegeben wurden; keine fehlt.",
            len(evidence.steps),
        )
    return _(
        "Achtung: Die Einträge %(numbers)s sind nicht so, wie sie abgegeben wurden, oder einer davor fehlt.",
        numbers=", ".join(map(str, evidence.broken)),
    )


def _words(evidence: Evidence) -> dict[str, str]:
    """What the PDF says beside the data."""
    gone = moment_text(evidence.erased_at) if evidence.erased_at else ""
    erased = _("Am %(moment)s gelöscht: Es bleiben Zeitpunkte und Prüfsummen.", moment=gone) if gone else ""
    return {
        "title": _("Nachweis der Einwilligung"),
        "address": _("E-Mail-Adresse"),
        "publisher": _("Herausgeber"),
        "made": _("Erstellt"),
        "made_at": moment_text(evidence.made_at),
        "verdict": verdict(evidence),
        "erased": erased,
        "story": _("Erklärungen"),
        "texts": _("Gezeigte und versendete Texte"),
        "text": _("Text"),
        "hash": _("Prüfsumme"),
        "first": _("Zuerst gezeigt"),
        "chain": _("Kette"),
        "how": how_it_works(),
    }


def how_it_works() -> str:
    """Why a change would be found, in words for those who decide."""
    return _(
        "Jede Angabe ist durch eine Prüfsumme (SHA-256) mit zufälligem Zusatz gesichert. Die Prüfsumme jeder Erklärung "
        "schließt die der vorigen ein, und das Ende der Kette ist mit einem Schlüssel versiegelt, der nicht in der "
        "Datenbank steht. Eine geänderte, entfernte, vertauschte oder erfundene Erklärung fällt deshalb auf."
    )
