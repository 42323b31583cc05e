"""What every process of the product stands on: its settings, its keys, the database, the language, the mails."""

from flask import Flask

from app.kernel import db, i18n, identity, mail, tokens
from app.kernel.config import ROOT, Settings


def create(settings: Settings) -> Flask:
    """An application that can work with the database and speak, and has no pages yet."""
    app = Flask("app", instance_path=str(settings.instance_path), root_path=str(ROOT / "app"))
    app.config.update(
        RUNDBRIEF=settings, SECRET_KEY=settings.secret_key, SECRET_KEY_FALLBACKS=list(settings.secret_key_previous)
    )
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}  # errors say no names and addresses
    tokens.use(tokens.Keyring(settings.secret_key, settings.secret_key_previous))
    db.db.init_app(app)
    i18n.install(app)
    mail.use(identity=identity.current, public_url=lambda: settings.public_url)
    return app
