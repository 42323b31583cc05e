"""Flask-Security on our own tables: it keeps the sessions and the passwords, and none of its routes exist.

Its links that act on GET stay off, as all of its pages: ours ask first and act on POST.
"""

from datetime import timedelta
from typing import Any, Final

from flask_security import SQLAlchemyUserDatastore

from app.accounts.models import Role, User
from app.kernel import db

SETTINGS: Final[dict[str, Any]] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # no pepper: changing SECRET_KEY must not lock everybody out
    # What OWASP asks of argon2id at least: 19 MiB, two passes; some 30 ms.
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__memory_cost": 19_456,
        "argon2__time_cost": 2,
        "argon2__parallelism": 1,
    },
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_SEND_REGISTER_EMAIL": False,
    "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
}


class UserStore(SQLAlchemyUserDatastore):
    """The datastore of Flask-Security, within our transactions: it opens them for writing and never ends them."""

    def __init__(self) -> None:
        super().__init__(db.db, User, Role)

    def commit(self) -> None:
        """Write what changed; the request around it commits."""
        db.session.flush()

    def put(self, model: Any) -> Any:
        """Keep a person or role. Raises NotOpenForWriting if it was changed before the session was opened."""
        db.begin_write()
        db.session.add(model)
        return model

    def delete(self, model: Any) -> None:
        """Remove a person or role."""
        db.begin_write()
        db.session.delete(model)
