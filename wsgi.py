"""The entrypoint of a server, `gunicorn wsgi:app`, and of the commands, `flask --app wsgi …`."""

from app import create_app

app = create_app()
