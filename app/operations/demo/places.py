"""Where the demo keeps things and on which ports its helpers listen; everything on loopback."""

from app.kernel import config
from app.operations.demo import partners
from app.operations.demo.mailbox import Mailbox
from app.operations.demo.partners import Inbox


def mailbox() -> Mailbox:
    """The mailbox of this demo instance."""
    return Mailbox(config.current().instance_path / "mailbox")


def mailbox_port() -> int:
    """The port of the demo's SMTP server: the one after the website's."""
    return config.current().port + 1


def inbox() -> Inbox:
    """What the demo's partner has received."""
    return Inbox(config.current().instance_path / "partners")


def partners_port() -> int:
    """The port of the demo's partner."""
    return config.current().port + 2


def webhook_url() -> str:
    """Where the demo's partner receives announcements."""
    return f"http://127.0.0.1:{partners_port()}{partners.PATH}"
