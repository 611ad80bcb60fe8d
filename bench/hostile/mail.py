"""A mail server whose certificate nobody vouches for: what it is told."""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.fairs import Fair, sqlite_fair
from bench.hostile.cases import Case
from bench.report import exactly
from bench.web import ROOT
from salon import create_app
from salon.platform.database.db import db, transaction
from salon.platform.mail.outbox import post
from salon.platform.settings.installation import read_settings
from tests.certificates import Authority
from tests.postman import open_postman


def secrets_told() -> float:
    """Return how many sign-ins and messages the server received from `flask worker --once`."""
    with tempfile.TemporaryDirectory() as folder, sqlite_fair(0) as fair:
        _post(fair)
        context = Authority(Path(folder)).server_context()
        with open_postman(starttls=context) as postman:
            environ = fair.environment(
                SMTP_HOST="127.0.0.1",
                SMTP_PORT=str(postman.port),
                SMTP_TLS="1",
                SMTP_USER="salon",
                SMTP_PASSWORD="secret",
            )
            command = [sys.executable, "-m", "flask", "--app", "app", "worker", "--once"]
            subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
            return len(postman.sign_ins) + len(postman.received)


def _post(fair: Fair) -> None:
    app = create_app(read_settings(fair.environment()))
    with app.app_context():
        with transaction() as session:
            post(session, "sign_in_code", "maire@commune.example", code="1234", minutes=10)
        db.session.remove()
        db.engine.dispose()


CASES = (
    Case(
        "wrong SMTP certificate: passwords and messages told",
        "all",
        exactly(0),
        secrets_told,
        digits=0,
    ),
)
