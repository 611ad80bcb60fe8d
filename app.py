"""Entry point found by `flask run`, granian and gunicorn."""

from salon import create_app

app = create_app()
