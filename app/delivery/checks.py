"""What the doctor looks at here: whether mail servers and mailbox let us in, and whether our mails can be signed."""

from typing import Final
from urllib.parse import urlsplit

from app.delivery import dkim, smtp
from app.delivery.inbound.mailbox import TROUBLE, opened
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


def mail_server() -> Finding:
    """Whether the mail server lets us in as for sending."""
    return _knock("smtp", "SMTP_URL", config.current().smtp_url)


def mail_server_of_issues() -> Finding:
    """The same for the one that the issues leave by."""
    url = config.current().smtp_url_bulk
    return _knock("smtp_bulk", "SMTP_URL_BULK", url) if url else Finding("smtp_bulk", True, "issues leave by SMTP_URL")


def _knock(name: str, setting: str, url: str) -> Finding:
    host = urlsplit(url).hostname
    try:
        offer = smtp.knock(url, config.current().ca_file)
    except smtp.TransportDown as down:
        return Finding(name, False, f"{host} does not let us in. Check {setting}. {down}")
    size = f"mails up to {offer.size_at_most // 1_000_000} MB" if offer.size_at_most else "mails of any size"
    return Finding(name, True, f"{host} lets us in and takes {size}" + (", pipelined" if offer.pipelining else ""))


def mailbox() -> Finding:
    """Whether the mailbox that bounces come to lets us in, and how many mails wait there."""
    settings = config.current()
    if not settings.imap_url:
        return Finding("mailbox", True, "no IMAP_URL: mails that come back are handed in by flask --app wsgi inbound")
    try:
        with opened(settings.imap_url, settings.ca_file) as inbox:
            return Finding("mailbox", True, f"{len(inbox.waiting(1000))} mails wait")
    except TROUBLE as error:
        return Finding("mailbox", False, f"it does not let us in. Check IMAP_URL. {error}")


CHECKS: Final[list[Check]] = [mail_server, mail_server_of_issues, mailbox, signing]
