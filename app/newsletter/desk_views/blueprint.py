"""The blueprint that all pages of this desk stand in."""

from typing import Final

from flask import Blueprint

# Who may read; what each may do beyond that, each view says.
TEAM: Final = ("editor", "approver", "admin")

blueprint = Blueprint("newsletter_desk", __name__, template_folder="../templates", url_prefix="/redaktion")
