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
# What is the same in text, HTML, quoted-printable and headers, and begins with no dot.
simple_name: Final = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*").fullmatch
_NAME: Final = "\x01"  # stands for the name while the sentence is taken apart


class Greeting:
    """„Guten Tag Anna Amsel,“ in the language of the message, ready for its place in this part of the mail."""

    def __init__(self, lang: str, escape: Escape) -> None:
        with i18n.force(lang):
            self._nobody = quoted.value(escape(_("Guten Tag,")))
            self._sentence = _("Guten Tag %(name)s,", name=_NAME)
        self._escape = escape
        self._before, _name, self._after = quoted.value(escape(self._sentence)).partition(b"=01")
        self._room = quoted.LINE_AT_MOST - len(self._before) - len(self._after)

    def to(self, name: str, *, simple: bool) -> bytes:
        """The greeting of a person of this name, as ``phrases.tidy`` leaves it; without a name, of nobody by name.

        ``simple``: the name is one of ``simple_name``.
        """
        if not name:
            return self._nobody
        written = name.encode("ascii") if simple else quoted.value(self._escape(name))
        if len(written) <= self._room:
            return b"%b%b%b" % (self._before, written, self._after)
        return quoted.value(self._escape(self._sentence.replace(_NAME, name)))
