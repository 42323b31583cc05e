"""Why a mail did not arrive: from codes and words of the other side to one cause, in German and English.

The codes are those of RFC 3463, 5248 and 7293; where a server says one thing by its code and another by its words, what
is gentler on the person counts.
"""

import re
from typing import Final

from app.delivery.inbound.reading import Cause

MOST_TEXT: Final = 2_000

_STATUS: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]\d)(?!\d)")
_CODE: Final = re.compile(r"(?<![\d.#:-])([45]\d\d)(?=[\s,;:-]|$)")
_ADDRESS_OR_LINK: Final = re.compile(r"https?://\S{1,300}|\S{1,64}@\S{1,255}")

_BY_STATUS: Final[dict[str, Cause]] = {
    **dict.fromkeys(("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"), Cause.HARD),
    **dict.fromkeys(("5.7.13", "5.7.17", "5.7.18"), Cause.HARD),
    **dict.fromkeys(("4.2.2", "5.2.2", "4.3.1", "5.3.1"), Cause.FULL),
    **dict.fromkeys(("5.2.3", "5.3.4"), Cause.MESSAGE),
    **dict.fromkeys(("5.1.7", "5.1.8", "4.1.7", "4.1.8"), Cause.POLICY),
}
_GENERIC: Final = frozenset({"5.0.0", "5.1.0", "5.2.0", "5.3.0", "5.4.0", "5.4.1", "5.5.0", "5.5.1", "5.5.2", "5.9.9"})


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


_POLICY: Final = _words(
    r"\bspam", r"block[- ]?list", r"black[- ]?list", r"\bblocked\b", r"\bdnsbl\b", r"\brbl\b", r"reputation",
    r"\bspf\b", r"\bdkim\b", r"\bdmarc\b", r"\bpolic(?:y|ies)\b", r"\bts{1,2}\d\d\b", r"rate[- ]limit",
    r"gr[ea]y[- ]?list",
    r"authenticat", r"not authori[sz]ed", r"sender (?:address )?(?:rejected|denied)",
    r"relay(?:ing)? (?:access )?(?:denied|not)",
    r"(?:unable|not permitted|not allowed) to relay",
    r"unsolicited",
    r"\bbulk\b",
    r"too many (?:connections|recipients|requests|messages from)", r"reverse dns", r"\brdns\b", r"bad helo", r"no ptr",
    r"\brichtlinie", r"aus sicherheitsgr", r"sperrliste", r"gesperrt(?:er)? (?:absender|server|ip)",
    r"unerw(?:ü|ue)nscht", r"delivery restrict", r"is restricted", r"keine berechtigung", r"administrative prohibition",
    r"ask your postmaster", r"a problem occurred",
    r"content rejected", r"virus", r"malware", r"sender verify", r"absender(?:adresse)? (?:wurde )?abgelehnt",
)  # fmt: skip
_FULL: Final = _words(
    r"quota", r"mailbox (?:is |size |has |storage )?(?:full|limit|exceeded)", r"over ?limit", r"inbox is full",
    r"(?:mailbox|storage|disk|account)\b.{0,40}\b(?:full|exceeded|exhausted)", r"exceeded.{0,30}storage",
    r"out of storage",
    r"insufficient (?:system )?(?:storage|disk)", r"no (?:more )?space", r"too many messages (?:on|in)",
    r"postfach.{0,40}\bvoll", r"ist voll\b", r"speicherplatz", r"speichervolumen", r"zu ?viele mails",
    r"(?:ü|ue)berf(?:ü|ue)llt",
)  # fmt: skip
_TOO_LARGE: Final = _words(
    r"(?:message|mail|size)\b.{0,40}\b(?:too (?:large|big)|exceeds|limit exceeded|limit)", r"too large",
    r"\bzu gro(?:ß|ss)\b", r"line too long", r"nicht[- ]?ascii", r"conversion",
)  # fmt: skip
_GONE: Final = _words(
    r"(?:user|recipient|mailbox|account|address|alias)\b.{0,60}\b(?:unknown|not found|disabled|inactive"
    r"|closed|deactivated"
    r"|suspended|discontinued|deleted|expired|invalid)",
    r"\b(?:unknown|invalid|illegal|bad|inactive|nonexistent|no such|unrout(?:e)?able|undeliverable)\b.{0,30}"
    r"\b(?:user|recipient|mailbox|account|address|alias|local part|person|destination)",
    r"(?:doesn'?t|does not|didn'?t|did not) (?:exist|have an? )", r"doesn['’]t have", r"not our customer",
    r"no mailbox",
    r"(?:couldn['’]t|could not|wasn['’]t|was not|can(?:not|['’]t)) be found|wasn['’]t found", r"mailbox unavailable",
    r"not (?:listed|known)", r"no longer (?:exists|available|valid|active|on server|works|employed)",
    r"address rejected",
    r"(?:benutzer|empf(?:ä|ae)nger|adresse|postfach|konto)\b.{0,60}\b(?:unbekannt|nicht bekannt|gel(?:ö|oe)scht"
    r"|deaktiviert|nicht (?:gefunden|vorhanden|verf(?:ü|ue)gbar|mehr))", r"unbekannte[rn]? (?:benutzer|empf|adress)",
    r"existiert nicht", r"gibt es (?:hier )?nicht", r"kein (?:solches )?postfach", r"recipientnotfound",
)  # fmt: skip
_RATE: Final = _words(r"receiving mail (?:at|too)", r"too quickly", r"thread limit", r"throttl")


def find_status(text: str) -> str:
    """The first enhanced code (RFC 3463) in a text, such as 5.1.1; empty if there is none. Addresses of IP are none."""
    found = _STATUS.search(text[:MOST_TEXT])
    return ".".join(found.groups()) if found else ""


def find_code(text: str) -> int | None:
    """The first reply code 4yz or 5yz (RFC 5321) in a text."""
    found = _CODE.search(text[:MOST_TEXT])
    return int(found[1]) if found else None


def cause_of(status: str, code: int | None, text: str) -> Cause:
    """Why the mail was refused or returned; ``status`` of the report counts where the words carry no better one.

    Unknown mailboxes are hard; a full one, a temporary failure and what nobody explains are counted; all that is about
    us, our content or our way of sending never speaks against the person.
    """
    words = _ADDRESS_OR_LINK.sub(" ", text[:MOST_TEXT])
    said = find_status(words)
    exact = said if said and not (said in _GENERIC and status) else status or said
    if _is_temporary(exact, code):
        return _temporary(exact, words)
    known = _BY_STATUS.get(exact)
    if known is Cause.HARD:
        return _gentler(words)
    if known is not None:
        return known
    if exact == "5.4.1" and "recipient address rejected" in words.lower():  # Exchange Online: not in the directory
        return Cause.HARD
    if exact and exact not in _GENERIC:
        return _by_class(exact, words)
    return _by_words(words, code)


def _is_temporary(status: str, code: int | None) -> bool:
    return status.startswith("4.") or (not status and code is not None and code < 500)


def _temporary(status: str, words: str) -> Cause:
    if _BY_STATUS.get(status) is Cause.FULL or _FULL.search(words):
        return Cause.FULL
    if status.startswith("4.7.") or _POLICY.search(words):
        return Cause.POLICY
    return Cause.SOFT


def _gentler(words: str) -> Cause:
    """A hard code with words that say something else: the words count."""
    if _RATE.search(words):
        return Cause.SOFT
    if _FULL.search(words):
        return Cause.FULL
    return Cause.POLICY if _POLICY.search(words) else Cause.HARD


def _by_class(status: str, words: str) -> Cause:
    if status.startswith(("5.7.", "5.5.")):
        return Cause.POLICY
    if status.startswith("5.6."):
        return Cause.MESSAGE
    if _FULL.search(words):
        return Cause.FULL
    return Cause.POLICY if _POLICY.search(words) else Cause.SOFT


def _by_words(words: str, code: int | None) -> Cause:
    for pattern, cause in ((_POLICY, Cause.POLICY), (_FULL, Cause.FULL), (_TOO_LARGE, Cause.MESSAGE)):
        if pattern.search(words):
            return cause
    if _GONE.search(words):
        return Cause.HARD
    return Cause.FULL if code == 552 else Cause.SOFT
