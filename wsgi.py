"""The entrypoint of a server, `gunicorn wsgi:app`, and of the commands, `flask --app wsgi …`."""

import gc
import sys

from app import create_app
from config import ConfigError

try:
    app = create_app()
except ConfigError as error:
    sys.exit(f"Second Read cannot start. {error}")

# What has been loaded by now stays: the collector of garbage need not look through it over and over.
gc.collect()
gc.freeze()
