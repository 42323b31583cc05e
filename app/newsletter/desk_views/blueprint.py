"""The blueprint that all pages of this desk stand in."""

from flask import Blueprint

blueprint = Blueprint("newsletter_desk", __name__, template_folder="../templates", url_prefix="/redaktion")
