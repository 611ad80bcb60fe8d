"""What a web worker loads before its first request."""

import json
import os
import subprocess
import sys
from pathlib import Path

from salon.platform.settings import ROOT

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
        "pyrage",
        "python_calamine",
        "qrcode",
        "rapidfuzz",
        "rdflib",
        "reportlab",
        "svglib",
        "xlsxwriter",
        "zxcvbn",
    ),
}
"""Slow imports that few pages need: each is made where it serves."""

FACTS = f"""
import gc, json, sys, app
print(json.dumps([sorted({LATER!r} & set(sys.modules)), gc.isenabled(), gc.get_freeze_count()]))
"""


def test_what_few_pages_need_is_not_loaded_at_start(tmp_path: Path) -> None:
    loaded, collects, frozen = facts_of_start(tmp_path)
    assert loaded == []
    assert collects, "what requests leave behind is collected"
    assert frozen > 100_000, "what start-up made is not walked again"


def facts_of_start(folder: Path) -> tuple[list[str], bool, int]:
    """Return the modules of LATER that are loaded, and the state of the garbage collector."""
    done = subprocess.run(
        [sys.executable, "-c", FACTS],
        cwd=ROOT,
        env={**os.environ, "SALON_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded, collects, frozen = json.loads(done.stdout)
    return loaded, collects, frozen
