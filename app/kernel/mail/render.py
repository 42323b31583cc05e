"""A mail is a directory in ``mail_templates/`` and a function that fills it: subject, plain text and HTML."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from app.kernel import i18n, text

TEMPLATES: Final = Path(__file__).parent.parent.parent.parent / "mail_templates"
# Filled in for each recipient at sending; everything else in a mail is frozen.
PLACEHOLDERS: Final = ("%%greeting%%", "%%unsubscribe_url%%", "%%preferences_url%%", "%%email%%")


@dataclass(frozen=True, slots=True)
class Mail:
    """A rendered mail: one line of subject, plain text, and HTML with its styles inlined."""

    subject: str
    text: str
    html: str
    lang: str = "de"


@dataclass(frozen=True, slots=True)
class MailSample:
    """A mail filled with plausible values, for the preview, the golden files and the tests.

    ``name`` is its directory, such as ``subscriptions/confirm``; ``make`` renders it in a language.
    """

    name: str
    make: Callable[[str], Mail]


_context: dict[str, Callable[[], Any]] = {}


def use(**providers: Callable[[], Any]) -> None:
    """Values that every mail template may use (``identity``, ``public_url``), asked for at each rendering."""
    _context.update(providers)


def render(template: str, lang: str, **context: Any) -> Mail:
    """Render the mail in ``mail_templates/<template>/`` in this language (``de`` or ``en``).

    Raises jinja2.UndefinedError if the template needs a value that was not given.
    """
    with i18n.force(lang):
        values = {name: provide() for name, provide in _context.items()} | {"lang": lang} | context
        subject = " ".join(_render(f"{template}/subject.txt", values).split())
        values["subject"] = subject
        plain = _render(f"{template}/body.txt", values).strip() + "\n"
        html = _inliner().inline(_render(f"{template}/body.html", values))
    return Mail(subject=subject, text=_tidy(plain), html=html, lang=lang)


def _render(name: str, values: dict[str, Any]) -> str:
    return environment().get_template(name).render(values)


def _tidy(plain: str) -> str:
    """At most one empty line between paragraphs, none with trailing blanks."""
    lines = [line.rstrip() for line in plain.splitlines()]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept) + "\n"


@cache
def environment() -> Environment:
    """The Jinja environment of the mails; what is not given is an error, not an empty string."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    env.install_gettext_callables(i18n._, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(i18n.FILTERS)
    env.filters.update(rich_html=text.to_mail_html, rich_text=text.to_plain)
    env.globals["styles"] = lambda: Markup((TEMPLATES / "_layout" / "mail.css").read_text())  # noqa: S704  (our file)
    return env


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        keep_style_tags=True,
        remove_inlined_selectors=True,
        apply_width_attributes=True,
        load_remote_stylesheets=False,
    )
