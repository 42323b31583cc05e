"""What an address makes one ask back: a slip in a well-known domain, letters that only look like others.

It is always a question, never a refusal: whoever says that the address is right, is right.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import email_validator

_PROVIDERS: Final = """
    gmail.com googlemail.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de arcor.de mail.de
    email.de mailbox.org posteo.de outlook.com outlook.de hotmail.com hotmail.de live.com live.de msn.com icloud.com
    me.com mac.com yahoo.com yahoo.de ymail.com aol.com aol.de online.de vodafone.de kabelmail.de magenta.de proton.me
    protonmail.com tutanota.com mail.com
"""
WELL_KNOWN: Final = frozenset(_PROVIDERS.split())
# Domains that exist, or nearly, and are hardly ever meant.
MEANT: Final = {
    "gmail.de": "gmail.com",
    "googlemail.de": "googlemail.com",
    "t-online.com": "t-online.de",
    "tonline.de": "t-online.de",
    "web.com": "web.de",
    "icloud.de": "icloud.com",
}
# Top-level domains that do not exist, and what was meant.
TOP_LEVEL: Final = {
    **dict.fromkeys(("con", "cmo", "ocm", "vom", "xom", "cpm", "comm", "coom"), "com"),
    **dict.fromkeys(("dee", "dw", "ed", "dd"), "de"),
    **dict.fromkeys(("ogr", "rog", "orgg"), "org"),
    **dict.fromkeys(("nte", "ent", "ner", "nett"), "net"),
}
SHORT: Final = 4  # below this many letters nearly every neighbour of a name is somebody else's domain
SCRIPTS: Final = frozenset({"LATIN", "CYRILLIC", "GREEK"})
# Letters of the two other scripts that are drawn like Latin ones (Unicode Technical Standard 39, in part).
LOOKALIKES: Final = str.maketrans("асԁеһіјӏорԛѕѵԝхуαικνορυχ", "acdehijlopqsvwxyaiknopux")


class Doubt(StrEnum):
    """Why one asks back."""

    SLIP = "slip"
    LOOKALIKE = "lookalike"


@dataclass(frozen=True, slots=True)
class Question:
    """Whether another address is meant; ``suggestion`` is empty where nobody can say which."""

    doubt: Doubt
    suggestion: str


def question(typed: str, familiar: Iterable[str] = ()) -> Question | None:
    """What to ask about this address, or None; ``familiar`` are domains that people write to besides the well-known.

    Knows nothing of who is subscribed. An address that is none raises no question.
    """
    try:
        checked = email_validator.validate_email(typed, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    local, domain = checked.local_part, checked.domain
    plain = [_plain(part) for part in (local, *domain.split("."))]
    if any(text is None for text in plain):
        return Question(Doubt.LOOKALIKE, "")
    unmasked = f"{plain[0]}@{'.'.join(text or '' for text in plain[1:])}"
    if unmasked != f"{local}@{domain}":
        return Question(Doubt.LOOKALIKE, unmasked)
    meant = meant_domain(domain, WELL_KNOWN.union(familiar))
    return Question(Doubt.SLIP, f"{local}@{meant}") if meant else None


def meant_domain(domain: str, known: Iterable[str]) -> str:
    """The domain that was probably meant: one slip away from a known one; empty if there is no doubt."""
    known = frozenset(known)
    if domain in known:
        return ""
    name, _, top = domain.rpartition(".")
    mended = f"{name}.{TOP_LEVEL.get(top, top)}"
    near = sorted(other for other in known if _is_near(mended, other))
    return MEANT.get(mended) or (near[0] if near else mended if mended != domain else "")


def _is_near(typed: str, meant: str) -> bool:
    name = meant.rpartition(".")[0]
    swapped_only = len(name) < SHORT or typed.rpartition(".")[0] == name
    return typed == meant or is_one_slip(typed, meant, swapped_only=swapped_only)


def is_one_slip(typed: str, meant: str, *, swapped_only: bool = False) -> bool:
    """Whether one letter too many, too few or wrong, or two letters swapped, lie between the two."""
    begin = _alike(typed, meant)
    left, right = typed[begin:], meant[begin:]
    end = _alike(left[::-1], right[::-1])
    left, right = left[: len(left) - end], right[: len(right) - end]
    if len(left) == len(right) == 2:
        return left == right[::-1]
    return not swapped_only and max(len(left), len(right)) == 1


def _alike(left: str, right: str) -> int:
    """How many letters at the beginning are the same."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(left), len(right)))


def _plain(part: str) -> str | None:
    """The same letters in their usual form and one script; None if they mix scripts and cannot be told apart."""
    usual = unicodedata.normalize("NFKC", part)
    scripts = {script for letter in usual if letter.isalpha() and (script := _script(letter)) in SCRIPTS}
    latin = usual.lower().translate(LOOKALIKES)
    if scripts <= {"LATIN"}:
        return usual
    if latin.isascii():
        return latin
    return usual if len(scripts) == 1 else None


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
