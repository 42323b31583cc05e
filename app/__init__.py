"""Rundbrief: say it once, approve it once; every channel says the same at the same moment."""

from flask import Flask
from flask_migrate import Migrate

from app import wiring
from app.accounts import views as sign_in
from app.kernel import db, i18n, identity, mail, privacy, tokens, web
from app.kernel.config import ROOT, Settings
from app.runners import cli as runners


def create_app(settings: Settings) -> Flask:
    """Build the application from its settings: read, wire, return."""
    app = Flask("app", instance_path=str(settings.instance_path), root_path=str(ROOT / "app"))
    app.config.update(
        RUNDBRIEF=settings, SECRET_KEY=settings.secret_key, SECRET_KEY_FALLBACKS=list(settings.secret_key_previous)
    )
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}  # errors say no names and addresses
    app.jinja_env.add_extension("jinja2.ext.do")
    app.extensions["wiring"] = wiring
    tokens.use(tokens.Keyring(settings.secret_key, settings.secret_key_previous))
    db.db.init_app(app)
    Migrate(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    i18n.install(app)
    web.install(app, settings, wiring.NAVIGATION, wiring.DESK_NAVIGATION)
    sign_in.install(app)
    privacy.use(wiring.PERSONAL_DATA, wiring.PRIVACY_NOTICE)
    mail.use(identity=identity.current, public_url=lambda: settings.public_url)
    for blueprint in [*wiring.BLUEPRINTS, *(wiring.DEMO_BLUEPRINTS if settings.demo else [])]:
        app.register_blueprint(blueprint)
    for command in wiring.COMMANDS:
        app.cli.add_command(command)
    app.cli.add_command(runners.worker(wiring.JOBS, app.app_context))
    web.exempt_one_click(app)
    return app
