"""The greeting and the address as they stand in the body: quoted-printable, escaped in HTML."""

import re
from collections.abc import Callable
from typing import Final

from markupsafe import escape

from app.kernel import i18n
from app.kernel.i18n import _
from app.kernel.mail import quoted

Escape = Callable[[str], str]

escaped: Final[dict[str, Escape]] = {"text": str, "html": lambda value: str(escape(value))}
_NAME: Final = "\x01"  # stands for the name while the sentence is taken apart
# What is the same in text, HTML and quoted-printable, and begins with no dot.
_simple_name: Final = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*").fullmatch
_simple_address: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9@._-]{{,{quoted.LINE_AT_MOST - 1}}}").fullmatch


class Greeting:
    """„Guten Tag Anna Amsel,“ in the language of the message, ready for its place in this part of the mail."""

    def __init__(self, lang: str, escape: Escape) -> None:
        with i18n.force(lang):
            self._nobody = quoted.value(escape(_("Guten Tag,")))
            self._sentence = _("Guten Tag %(name)s,", name=_NAME)
        self._escape = escape
        self._before, _name, self._after = quoted.value(escape(self._sentence)).partition(b"=01")
        self._room = quoted.LINE_AT_MOST - len(self._before) - len(self._after)

    def to(self, name: str) -> bytes:
        """The greeting of a person of this name, as ``phrases.tidy`` leaves it; without a name, of nobody by name."""
        if not name:
            return self._nobody
        if len(name) <= self._room and _simple_name(name):
            return b"%b%b%b" % (self._before, name.encode("ascii"), self._after)
        return quoted.value(self._escape(self._sentence.replace(_NAME, name)))


def quoted_address(address: str, escape: Escape) -> bytes:
    """The address as the person wrote it."""
    return address.encode("ascii") if _simple_address(address) else quoted.value(escape(address))
