"""The commands of the application, as a person types them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from salon import create_app
from salon.platform.database.db import db
from salon.platform.files import uploads
from salon.platform.settings.clock import clock
from salon.platform.settings.installation import ROOT, read_settings
from tests.processes import PATIENCE_S
from untrusted_files.__main__ import reader

OF_THEIR_OWN = ("db", "serve")
"""Commands that set up logging or signals: they always have a process of their own."""


def environment(folder: Path, **more: str) -> dict[str, str]:
    saved_environment = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ
    }
    return {**saved_environment, "SALON_DATA": str(folder), **more}


def ease(engine: Engine) -> None:
    """Let SQLite leave its writes to the system, since no test of this process cuts the power;
    and wait for a PostgreSQL that a busy machine makes slow.

    With the service's own five seconds, one slow moment while the tables are made fails every
    test of this process on PostgreSQL.
    """

    @event.listens_for(engine, "connect")
    def relax(connection: Any, record: Any) -> None:
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA synchronous=OFF")
            return
        for name in ("statement_timeout", "lock_timeout"):
            connection.execute(f"SET {name} = '{PATIENCE_S}s'")
        connection.commit()


@contextmanager
def own_files() -> Iterator[None]:
    """Read files in this process: those of the demonstration are ours, and a hundred processes
    take as long as all the rest of its loading."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads, "read_apart", lambda task, content: reader(task)(content))
        yield


@contextmanager
def application(environ: Mapping[str, str], syncs: bool = False) -> Iterator[Flask]:
    """Yield the application of an environment, in its context. `syncs`: on the disk, as it does."""
    app = create_app(read_settings(environ))
    with app.app_context():
        if not syncs:
            ease(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()
    clock.follow(None)


def flask(folder: Path, *words: str, code: int = 0, **more: str) -> str:
    """Return the output of the command; it must end with `code`.

    It runs in this process where it can: another takes two seconds to start.
    """
    if words[0] in OF_THEIR_OWN:
        return start(folder, *words, code=code, **more)
    with application(environment(folder, **more), syncs=words[0] == "doctor") as app:
        result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def start(folder: Path, *words: str, code: int = 0, root: Path = ROOT, **more: str) -> str:
    """Run a command as `flask` does, but in a process of its own; return its output.

    `root`: the folder of the application's code.
    """
    completed = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=root,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
    )
    assert completed.returncode == code, completed.stdout + completed.stderr
    return completed.stdout + completed.stderr
