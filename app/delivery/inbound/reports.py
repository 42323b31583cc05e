"""Reports made for machines: delivery status (RFC 3464, 6533) and complaints (RFC 5965)."""

import re
from dataclasses import dataclass, replace
from typing import Final

from app.delivery.inbound import who
from app.delivery.inbound.causes import cause_of, find_code, find_status
from app.delivery.inbound.mime import RETURNED, Part, storable
from app.delivery.inbound.reading import Cause, Kind, Proof, Reading, Who
from app.delivery.inbound.who import House

STATUS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
FEEDBACK: Final = "message/feedback-report"
RECEIPT: Final = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
MOST_GROUPS: Final = 100
TEXT: Final = 500

# What is no complaint: the person said the opposite, or a machine reports a signature (RFC 6591).
_NO_COMPLAINT: Final = frozenset({"not-spam", "auth-failure", "dmarc", "tls"})
_ACTIONS: Final = {"delayed": Cause.DELAYED, "delivered": Cause.DELIVERED, "relayed": Cause.DELIVERED}
_ACTIONS_LEFT: Final = {"expanded": Cause.DELIVERED}
_ESCAPED: Final = re.compile(r"\\x\{([0-9a-f]{2,6})\}", re.I)

Group = dict[str, str]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a mail: ``own`` were written for us, ``returned`` are what it returns or forwards."""

    own: list[Part]
    returned: list[Part]

    @classmethod
    def of(cls, mail: Part) -> "Parts":
        """Where a returned mail begins, everything within it is returned."""
        own: list[Part] = []
        returned: list[Part] = []
        waiting = [mail]
        while waiting:
            part = waiting.pop(0)
            own.append(part)
            if part.type in RETURNED:
                returned += part.walk()[1:]
            else:
                waiting = [*part.parts, *waiting]
        return cls(own, returned)

    def first(self, types: frozenset[str] | str) -> Part | None:
        """The first part of our own of this type."""
        wanted = {types} if isinstance(types, str) else types
        return next((part for part in self.own if part.type in wanted), None)

    @property
    def words(self) -> str:
        """What stands in the mail for people to read; plain text before markup."""
        texts = [part for part in self.own if part.type in ("text/plain", "text/html") and not _is_attached(part)]
        texts.sort(key=lambda part: part.type == "text/html")
        return next((text for part in texts if (text := part.text.strip())), "")

    @property
    def shown(self) -> list[str]:
        """What the returned mail shows of itself: its header lines and its texts."""
        fields = [f"{name}: {value}" for part in self.returned for name, value in part.fields]
        return [*fields, *(part.text for part in self.returned if part.type.startswith("text/"))]


def status_report(mail: Part, parts: Parts, house: House, envelope_to: str) -> Reading | None:
    """The reading of a delivery status notification; None if the mail is none."""
    report = parts.first(STATUS)
    if report is None:
        return None
    message, recipients = _groups(report)
    if not recipients:
        return None
    group = _decisive(recipients)
    said = group.get("diagnostic-code", "").partition(";")[2].strip() or group.get("diagnostic-code", "")
    words = said or parts.words[:TEXT]
    status = find_status(group.get("status", "")) or find_status(words)
    code = find_code(words)
    action = group.get("action", "").lower().partition(" ")[0]
    cause = (_ACTIONS | _ACTIONS_LEFT).get(action) or cause_of(status, code, words)
    return Reading(
        kind=Kind.DSN,
        cause=cause,
        code=code,
        status=find_status(said) or status,
        text=" ".join(words.split())[:TEXT],
        who=_who(mail, parts, house, envelope_to, message.get("original-envelope-id", ""), group),
        automatic=True,
    )


def complaint(mail: Part, parts: Parts, house: House, envelope_to: str) -> Reading | None:
    """The reading of a complaint about spam (a feedback report, or a mail forwarded by a feedback loop); else None."""
    report = parts.first(FEEDBACK)
    if report is None:
        return _forwarded_complaint(mail, parts, house, envelope_to)
    groups = _all_groups(report)
    fields = groups[0] if groups else {}
    type_ = fields.get("feedback-type", "").lower()
    kind = Kind.AUTO_REPLY if type_ in _NO_COMPLAINT else Kind.COMPLAINT
    named = {"final-recipient": fields.get("original-rcpt-to", "") or fields.get("removal-recipient", "")}
    envelope = _envelopes(parts, envelope_to, fields.get("original-mail-from", ""))
    return Reading(
        kind=kind,
        text=f"{type_} {fields.get('user-agent', '')}".strip()[:TEXT],
        who=_who(mail, parts, house, envelope, fields.get("original-envelope-id", ""), named),
        automatic=True,
    )


def _envelopes(parts: Parts, envelope_to: str, stated: str = "") -> str:
    """Where the envelope sender of the mail that somebody complains of may stand (RFC 5965, 3.2; RFC 5321, 4.4)."""
    return " ".join([envelope_to, stated, *(part.get("return-path") for part in parts.returned)])


def identified(mail: Part, parts: Parts, house: House, envelope_to: str, words: str) -> Who:
    """Who a report in words speaks of: whose text, too, may show the header of the mail that it returns."""
    return _who(mail, parts, house, envelope_to, "", {}, [words])


def address_in(value: str) -> str:
    """The address of a recipient field, without its type (RFC 3464, 2.3.2; RFC 6533, 3)."""
    type_, semicolon, address = value.partition(";")
    found = (address if semicolon else type_).strip().strip("<>").strip()[:320]
    return storable(_ESCAPED.sub(_letter, found) if type_.strip().lower() == "utf-8" else found)


def _letter(escaped: re.Match[str]) -> str:
    number = int(escaped[1], 16)
    return chr(number) if 0x20 <= number < 0x110000 else escaped[0]


def _forwarded_complaint(mail: Part, parts: Parts, house: House, envelope_to: str) -> Reading | None:
    told = [part.get("x-hmxmroriginalrecipient") for part in [mail, *parts.returned]]
    recipient = next((value for value in told if value), "")
    if not recipient:
        return None
    found = _who(mail, parts, house, _envelopes(parts, envelope_to), "", {"final-recipient": recipient})
    return Reading(kind=Kind.COMPLAINT, text="forwarded by a feedback loop", who=found, automatic=True)


def _who(
    mail: Part, parts: Parts, house: House, envelope_to: str, envid: str, group: Group, texts: list[str] | None = None
) -> Who:
    original = address_in(group.get("original-recipient", ""))
    stated = address_in(group.get("final-recipient", "")) or original
    shown = who.returned([*parts.shown, *(texts or [])], house)
    verp = who.addressed_to(mail, house, envelope_to)
    named = who.envelope_id(envid)
    if verp is not None:
        found = Who(Proof.VERP, verp, shown.reference if shown.delivery_id == verp else "", shown.link)
    elif named.proof is Proof.ENVID:
        found = replace(named, link=shown.link)
    elif shown.proof is not Proof.NONE:
        found = shown
    else:
        found = named
    if found.proof is Proof.NONE and stated:
        found = Who(Proof.ADDRESS)
    return replace(found, recipient=stated, original=original)


def _groups(report: Part) -> tuple[Group, list[Group]]:
    groups = _all_groups(report)
    recipients = [group for group in groups if "final-recipient" in group or "action" in group]
    message = next((group for group in groups if group not in recipients), {})
    return message, recipients


def _all_groups(report: Part) -> list[Group]:
    groups: list[Group] = []
    for block in report.text.replace("\r\n", "\n").split("\n\n")[:MOST_GROUPS]:
        group: Group = {}
        last = ""
        for line in block.split("\n"):
            name, colon, value = line.partition(":")
            if line[:1] in (" ", "\t") and last:
                group[last] = f"{group[last]} {line.strip()}"[:2000]
            elif colon and name.strip():
                last = name.strip().lower()
                group.setdefault(last, value.strip()[:2000])
        if group:
            groups.append(group)
    return groups


def _decisive(recipients: list[Group]) -> Group:
    """Of several recipients the one that failed, else the one that waits."""
    for action in ("failed", "delayed"):
        for group in recipients:
            if group.get("action", "").lower().startswith(action):
                return group
    return recipients[0] if recipients else {}


def _is_attached(part: Part) -> bool:
    return part.get("content-disposition").lower().startswith("attachment")
