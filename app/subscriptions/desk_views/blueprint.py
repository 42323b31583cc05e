"""What all these pages belong to."""

from flask import Blueprint

blueprint = Blueprint(
    "subscriptions_desk", __name__, template_folder="../templates", url_prefix="/redaktion/abonnements"
)
