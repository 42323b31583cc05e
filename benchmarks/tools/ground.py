"""An app on a database of its own, readers for it, and a message of 19 KB with personal parts."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, String, TextualSelect, select, text

from app import delivery
from app.delivery import addresses
from app.factory import create_app
from app.kernel import identity
from app.kernel.db import db, transaction
from app.kernel.mail import Mail
from tests.support import databases, house

TEXT = "%%greeting%%\n\n" + "Der Landkreis lädt zum Regionalworkshop über die nächsten Onlinedienste ein.\n" * 40
HTML = (
    '<html lang="de"><body style="margin:0;font-family:Arial,sans-serif"><p>%%greeting%%</p>'
    + '<p style="margin:0 0 16px;font-size:16px;line-height:24px;color:#1d1d1d">Der Landkreis lädt zum Regionalworkshop'
    " über die nächsten Onlinedienste ein.</p>\n"
    * 80
    + '<p><a href="%%unsubscribe_url%%">Abmelden</a> <a href="%%preferences_url%%">Einstellungen</a></p></body></html>'
)
MAIL = Mail(
    subject="OZG-Newsletter: Neues aus Sachsen",
    text=TEXT + "\nAbmelden: %%unsubscribe_url%%\nEinstellungen: %%preferences_url%%\n",
    html=HTML,
)


@contextmanager
def app_on(kind: str, smtp_url: str, **environ: str) -> Iterator[Any]:
    """An app on a fresh database of this kind, sending unlocked, without a limit of pace."""
    with tempfile.TemporaryDirectory() as folder:
        running = databases.start(kind, Path(folder))
        url = running.fresh("empty", house.build_empty)
        settings = {"SEND_RATE": "0", "SEND_CONNECTIONS": "10", **environ}
        app = create_app(house.settings(url, smtp_url, Path(folder) / "instance", **settings))
        with app.app_context():
            with transaction():
                identity.set_values(**house.IDENTITY)
            yield app
            db.session.remove()
        house.close(app)
        running.stop()


def environ(app: Any) -> dict[str, str]:
    """What a process of the product has to know that works on the database of this app, without a limit of pace."""
    settings = app.config["RUNDBRIEF"]
    return {
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "SMTP_URL": settings.smtp_url,
        "SECRET_KEY": settings.secret_key,
        "PUBLIC_URL": settings.public_url,
        "MAIL_FROM": settings.mail_from,
        "INSTANCE_PATH": str(settings.instance_path),
        "SEND_RATE": "0",
        "SEND_CONNECTIONS": "10",
        "PATH": os.environ["PATH"],
    }


def people(count: int) -> TextualSelect:
    """So many readers, as an audience."""
    rows = text(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        " SELECT 'vorname.nachname' || i || '@gemeinde.example' AS address,"
        " 'vorname.nachname' || i || '@gemeinde.example' AS address_key,"
        " 'Vorname Nachname' AS name, i AS subject_id, 1 AS generation FROM n"
    )
    return rows.columns(address=String, address_key=String, name=String, subject_id=Integer, generation=Integer)


def enter(count: int) -> None:
    """Give their addresses numbers, as somebody gets one who subscribes."""
    asked = people(count).subquery()
    with transaction():
        addresses.number_all(select(asked.c.address_key.label("key"), asked.c.subject_id).subquery())


def owe(group: str, count: int) -> None:
    """Prepare an issue for so many readers."""
    with transaction():
        message = delivery.freeze(group, "issue", MAIL)
        delivery.prepare(message, people(count))  # type: ignore[arg-type]
