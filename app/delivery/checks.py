"""What the doctor looks at here: whether our mails can be signed."""

from typing import Final

from app.delivery import dkim
from app.kernel import config
from app.kernel.health import Check, Finding


def signing() -> Finding:
    """Whether the DKIM key can be read; says which DNS record has to stand for it."""
    settings = config.current()
    if not settings.dkim_key_file:
        return Finding("dkim", True, "the relay signs. It has to sign List-Unsubscribe-Post too (RFC 8058).")
    try:
        name, content = dkim.record(settings)
    except ValueError as error:
        return Finding("dkim", False, f"mails cannot be signed. Check DKIM_KEY_FILE. {error}")
    return Finding("dkim", True, f"we sign. The DNS has to have: {name} TXT {content}")


CHECKS: Final[list[Check]] = [signing]
