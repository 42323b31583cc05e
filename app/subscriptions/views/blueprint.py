"""What all these pages belong to."""

from flask import Blueprint

blueprint = Blueprint("subscriptions", __name__, template_folder="../templates")
