"""A `flask worker` of a fair, started, watched and killed, and mail for it to send."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Self

import psutil

from bench.fairs import Fair
from bench.web import ROOT
from salon import create_app
from salon.platform.database.db import db, transaction
from salon.platform.mail.outbox import post
from salon.platform.settings.installation import read_settings
from salon.platform.work.heartbeat import last_beat

PATIENCE_S = 300
CALM_S, CALM_SHARE = 10.0, 0.02


class Worker:
    """A worker that runs until the end of its context; `more` goes into its environment."""

    def __init__(self, fair: Fair, **more: str) -> None:
        self.command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
        self.environ = fair.environment(**more)
        self.data = fair.data
        self.closing = ExitStack()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environ, stdout=self.log, stderr=self.log
        )

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def wait_for(self, condition: Callable[[], bool]) -> float:
        """Wait until it is true; return the seconds it took."""
        begin = time.monotonic()
        while not condition():
            if self.process.poll() is not None or time.monotonic() - begin > PATIENCE_S:
                raise RuntimeError(f"the worker did not: {self.said()[-2000:]}")
            time.sleep(0.02)
        return time.monotonic() - begin

    def wait_until_calm(self) -> None:
        """Wait until the work that a fair's opening brings is done."""
        share = 1.0
        while share > CALM_SHARE:
            before = self.processor_s()
            time.sleep(CALM_S)
            share = (self.processor_s() - before) / CALM_S

    def processor_s(self) -> float:
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        self.log = self.closing.enter_context(tempfile.TemporaryFile())
        self.start()
        self.wait_for(lambda: last_beat(self.data) is not None)
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.closing.close()


def post_mail(fair: Fair, *recipients: str) -> None:
    """Post one message to each, as a page would: a row in the outbox."""
    app = create_app(read_settings(fair.environment()))
    with app.app_context():
        with transaction() as session:
            for recipient in recipients:
                post(session, "sign_in_code", recipient, code="1234 5678", minutes=10)
        db.session.remove()
        db.engine.dispose()
