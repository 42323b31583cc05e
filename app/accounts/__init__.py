"""The people who work here: their accounts, roles and sign-in.

What they may do is decided by ``web.requires`` at each view, and by the four eyes of the approvals.
"""

from app.accounts.models import ADMIN, APPROVER, EDITOR, ROLES, Role, User
from app.accounts.queries import everybody, find, find_by_email, get, people_with
from app.accounts.services import LastAdmin, activate, change, create, deactivate, invite

Person = User

__all__ = [
    "ADMIN",
    "APPROVER",
    "EDITOR",
    "ROLES",
    "LastAdmin",
    "Person",
    "Role",
    "User",
    "activate",
    "change",
    "create",
    "deactivate",
    "everybody",
    "find",
    "find_by_email",
    "get",
    "invite",
    "people_with",
]
