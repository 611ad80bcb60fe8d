"""Modules that a web worker loads before its first request."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from salon.platform.settings.installation import ROOT

LATER = {
    *(
        "PIL",
        "aiosmtplib",
        "alembic",
        "cryptography",
        "email_validator",
        "facturx",
        "flask_migrate",
        "fontTools",
    ),
    *(
        "authlib",
        "httpx2",
        "joserfc",
        "prometheus_client",
        "sentry_sdk",
        "icalendar",
        "lxml",
        "markdown_it",
        "nh3",
        "numpy",
        "obstore",
        "ortools",
        "psycopg",
        "pypdf",
        "pyrage",
    ),
    *(
        "python_calamine",
        "qrcode",
        "rapidfuzz",
        "rdflib",
        "reportlab",
        "stdnum",
        "svglib",
        "tomli_w",
        "tomllib",
        "xlsxwriter",
        "xml",
        "zxcvbn",
    ),
}
"""Slow imports that few pages need: each is made where it serves."""

FACTS = f"""
import gc, json, os, sys, webserver.forkserver, app
loaded = sorted({LATER!r} & set(sys.modules))
threads = len(os.listdir("/proc/self/task"))
print(json.dumps([loaded, gc.isenabled(), gc.get_freeze_count(), threads]))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> "StartFacts":
    """Return a process that has loaded what web processes are forked from."""
    folder = tmp_path_factory.mktemp("started")
    completed = subprocess.run(
        [sys.executable, "-c", FACTS],
        cwd=ROOT,
        env={**os.environ, "SALON_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return StartFacts(folder, *json.loads(completed.stdout))


class StartFacts(NamedTuple):
    """`loaded`: those modules of LATER that are."""

    folder: Path
    loaded: list[str]
    collects: bool
    frozen: int
    threads: int


def test_what_few_pages_need_is_not_loaded_at_start(started: StartFacts) -> None:
    assert started.loaded == []
    assert started.collects, "what requests leave behind is collected"
    assert started.frozen > 100_000, "what start-up made is not walked again"


def test_what_is_loaded_bears_a_fork(started: StartFacts) -> None:
    assert started.threads == 1
    assert [path.name for path in started.folder.rglob("*sqlite*")] == [], "no open database"
