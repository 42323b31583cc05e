"""Reading a mail that came back: a pure function of its bytes, within fixed limits of time and memory."""

import re
from dataclasses import replace
from email.utils import parseaddr
from typing import Final

from app.delivery.inbound import heuristics, reports, who
from app.delivery.inbound.causes import cause_of, find_code, find_status
from app.delivery.inbound.mime import MOST_BYTES, Part, parse
from app.delivery.inbound.reading import Cause, Kind, Proof, Reading, Who
from app.delivery.inbound.reports import RECEIPT, TEXT, Parts
from app.delivery.inbound.who import House

BODY: Final = 20_000
TITLE: Final = 300

_LEAVE: Final = re.compile(
    r"\W*(?:bitte\s+)?(?:um\s+)?(?:(?:den\s+|vom\s+|newsletter\s+|mich\s+)*"
    r"(?:abmelden|abmeldung|abbestellen|abbestellung|austragen|unsubscribe|remove me|opt[- ]?out|k(?:ü|ue)ndigen)"
    r"(?:\s+(?:me|bitte|please|newsletter|vom newsletter|from (?:this )?list))*)\W*",
    re.I,
)
_REPLY_MARK: Final = re.compile(r"^(?:\s*(?:re|aw|antw|fwd?|wg)\s*:)+\s*", re.I)
_QUOTED: Final = re.compile(r"^\s*(?:>|-{3,}|_{5,}|(?:von|from|am|on) .{1,200}:?\s*$|-- ?$)", re.I)


def read(raw: bytes, house: House, envelope_to: str = "") -> Reading:
    """What this mail says. ``envelope_to`` is the address it was sent to, where the mail system tells it.

    A report for machines counts before words; a valid unsubscribe token in the subject counts whoever, or whatever,
    sent it (RFC 2369: mail programs do it by themselves); all else that no person wrote is an automatic answer.
    """
    mail = parse(raw)
    parts = Parts.of(mail)
    found = (
        reports.complaint(mail, parts, house, envelope_to)
        or reports.status_report(mail, parts, house, envelope_to)
        or _unsubscribe(mail)
        or _in_words(mail, parts, house, envelope_to, raw)
        or _written(mail, parts, house, envelope_to)
    )
    name, address = parseaddr(mail.get("from")[: TITLE * 2])
    return replace(
        found,
        sender=address[:320].lower(),
        sender_name=" ".join(name.split())[:200],
        title=" ".join(mail.get("subject").split())[:TITLE],
        body=parts.words[:BODY],
        ours=_is_ours(mail, address, house),
        attachments=sum(1 for part in parts.own if part.get("content-disposition").lower().startswith("attachment")),
        cut=len(raw) > MOST_BYTES,
    )


def _unsubscribe(mail: Part) -> Reading | None:
    token = who.unsubscribe_token(mail.get("subject"))
    return Reading(kind=Kind.UNSUBSCRIBE, token=token, automatic=heuristics.is_automatic(mail)) if token else None


def _in_words(mail: Part, parts: Parts, house: House, envelope_to: str, raw: bytes) -> Reading | None:
    """A mail system that speaks in words only."""
    if parts.first(RECEIPT) is not None:
        found = reports.identified(mail, parts, house, envelope_to, "")
        return Reading(kind=Kind.AUTO_REPLY, who=found, automatic=True)
    words = parts.words
    judged = heuristics.returned(mail, parts, words, raw)
    if judged is None:
        return None
    said = judged.said[: TEXT * 4]
    status, code = find_status(said), find_code(said)
    identified = reports.identified(mail, parts, house, envelope_to, words)
    return Reading(
        kind=Kind.DSN,
        cause=Cause.DELAYED if judged.is_warning else cause_of(status, code, said),
        code=code,
        status=status,
        text=" ".join(said.split())[:TEXT],
        who=replace(identified, recipient=judged.recipient, proof=_at_least_address(identified, judged.recipient)),
        automatic=True,
    )


def _at_least_address(found: Who, recipient: str) -> Proof:
    return Proof.ADDRESS if found.proof is Proof.NONE and recipient else found.proof


def _written(mail: Part, parts: Parts, house: House, envelope_to: str) -> Reading:
    """What a person or their absence wrote."""
    quoted = "\n".join([mail.get("in-reply-to"), mail.get("references")])
    found = reports.identified(mail, parts, house, envelope_to, quoted)
    if heuristics.is_automatic(mail):
        return Reading(kind=Kind.AUTO_REPLY, who=found, automatic=True)
    if "@" not in mail.get("from"):
        return Reading(kind=Kind.UNKNOWN, who=found)
    if _wants_to_leave(mail.get("subject"), parts.words):
        return Reading(kind=Kind.UNSUBSCRIBE, who=found)
    return Reading(kind=Kind.REPLY, who=found)


def _wants_to_leave(subject: str, words: str) -> bool:
    if _LEAVE.fullmatch(_REPLY_MARK.sub("", subject[:TITLE]).strip()[:80]):
        return True
    lines = [line.strip() for line in words[:BODY].split("\n")]
    own: list[str] = []
    for line in lines:
        if _QUOTED.match(line[:300]):
            break
        if line:
            own.append(line)
    return len(own) > 0 and len(own[0]) <= 80 and len(own) <= 4 and bool(_LEAVE.fullmatch(own[0]))


def _is_ours(mail: Part, address: str, house: House) -> bool:
    """Whether we sent it ourselves: a mail of ours that came round is never answered, forwarded or counted."""
    own_id = re.fullmatch(
        rf"<\d{{1,15}}\.[0-9a-z.-]{{8,60}}@{re.escape(house.domain)}>", mail.get("message-id").strip()
    )
    return own_id is not None or (bool(house.mail_from) and address.lower() == house.mail_from)
