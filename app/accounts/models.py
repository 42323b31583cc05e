"""The people of the team, their roles, the invitations and resets they were sent, and failed sign-ins.

The classes are called ``User`` and ``Role`` because Flask-Security asks for these names.
"""

from datetime import datetime
from typing import Any, Final

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.kernel.i18n import lazy

EDITOR: Final = "editor"
APPROVER: Final = "approver"
ADMIN: Final = "admin"
ROLES: Final[dict[str, Any]] = {
    EDITOR: lazy("Redaktion"),
    APPROVER: lazy("Freigabe"),
    ADMIN: lazy("Administration"),
}

roles_users = Table(
    "roles_users",
    Base.metadata,
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True),
    Column("role_id", Integer, ForeignKey("roles.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """What a person may do: ``editor``, ``approver`` or ``admin``."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return str(ROLES.get(self.name, self.name))


class User(Base, UserMixin):
    """A person of the team. Without a password they cannot sign in yet; inactive ones cannot sign in any more.

    ``fs_uniquifier`` stands in the session cookie: a new one ends all sessions of this person.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=roles_users, lazy="selectin", order_by=Role.name
    )

    @property
    def role_names(self) -> frozenset[str]:
        """The names of the roles."""
        return frozenset(role.name for role in self.roles)


class PasswordLink(Base):
    """A link by which a person sets a password: an invitation or a reset. Only the hash of its token is stored."""

    __tablename__ = "password_links"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class FailedSignIn(Base):
    """One sign-in that failed, by the hash of address and network; kept for as long as the lock-out looks back."""

    __tablename__ = "failed_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
