"""The entry point: ``flask --app wsgi …`` and ``gunicorn wsgi:app``."""

import os
import sys

from app.factory import create_app
from app.kernel import config, logs

logs.install()
try:
    app = create_app(config.read(os.environ))
except config.SettingsError as error:
    sys.exit(str(error))
