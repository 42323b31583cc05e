"""The application: everything there is, in one process. For the website, the desk, the jobs and the commands."""

from flask import Flask
from flask_migrate import Migrate

from app import wiring
from app.accounts import views as sign_in
from app.kernel import db, privacy, process, web
from app.kernel.config import ROOT, Settings
from app.runners import cli as runners


def create_app(settings: Settings) -> Flask:
    """Build the application from its settings: read, wire, return."""
    app = process.create(settings)
    app.extensions["wiring"] = wiring
    app.jinja_env.add_extension("jinja2.ext.do")
    Migrate(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    web.install(app, settings, wiring.NAVIGATION, wiring.DESK_NAVIGATION)
    sign_in.install(app)
    privacy.use(wiring.PERSONAL_DATA, wiring.PRIVACY_NOTICE)
    for blueprint in [*wiring.BLUEPRINTS, *(wiring.DEMO_BLUEPRINTS if settings.demo else [])]:
        app.register_blueprint(blueprint)
    for command in wiring.COMMANDS:
        app.cli.add_command(command)
    app.cli.add_command(runners.worker(wiring.JOBS, app.app_context, wiring.SENDING, settings.send_processes))
    web.exempt_one_click(app)
    return app
