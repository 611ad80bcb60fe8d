"""Addresses of static files, each with a digest of its content, so that caches are never stale."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

from salon.platform.settings import ROOT

STATIC = ROOT / "static"


@lru_cache
def digest(path: str, stamp: int) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]


def asset(path: str) -> str:
    """Return the address of static/<path>."""
    file: Path = STATIC / path
    version = digest(path, file.stat().st_mtime_ns) if file.is_file() else "0"
    return url_for("static", filename=path, v=version)


def register_assets(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600
