"""Addresses of static files, each with a digest of its content, so that caches are never stale.

Modules of pages lie in a folder whose address holds a digest of all of them: a module imports
another by a relative address, and both are of one version.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from posixpath import dirname, normpath

from flask import Flask, Response
from markupsafe import Markup

from salon.platform.prefixes import plain_url_for
from salon.platform.settings import ROOT

STATIC = ROOT / "static"
IMPORT = re.compile(r'^(?:import|export) .*?"(\.\.?/[^"]+)"', re.MULTILINE)


@lru_cache
def _digest(path: str, stamp: int) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]


def asset(path: str) -> str:
    """Return the address of static/<path>."""
    try:
        version = _digest(path, os.stat(f"{STATIC}/{path}").st_mtime_ns)
    except FileNotFoundError:
        version = "0"
    return plain_url_for("static", filename=path, v=version)


def names_of(*patterns: str) -> list[str]:
    """Return the files that these patterns name under static/."""
    paths = {path for pattern in patterns for path in STATIC.glob(pattern)}
    return sorted(path.relative_to(STATIC).as_posix() for path in paths)


def version_of(names: Iterable[str]) -> str:
    """Return a digest of these files, which changes with any of them."""
    digests = [(name, _digest(name, (STATIC / name).stat().st_mtime_ns)) for name in names]
    return hashlib.sha256(repr(digests).encode()).hexdigest()[:12]


@lru_cache
def with_imports(*names: str) -> list[str]:
    """Return these modules and all that they import, each once."""
    ordered = list(dict.fromkeys(names))
    for name in ordered:
        addresses = IMPORT.findall((STATIC / name).read_text())
        imported = (normpath(f"{dirname(name)}/{address}") for address in addresses)
        ordered += [name for name in dict.fromkeys(imported) if name not in ordered]
    return ordered


@lru_cache
def _modules_version() -> str:
    return version_of(names_of("js/**/*.js"))


def _module_address(name: str) -> str:
    return plain_url_for("static", version=_modules_version(), filename=name)


def module(name: str, address: Callable[[str], str] = _module_address) -> Markup:
    """Return the element that runs a module; what it imports is fetched at the same time."""
    script, *imported = map(address, with_imports(name))
    preloads = "".join(f'<link rel="modulepreload" href="{name}">' for name in imported)
    return Markup(f'{preloads}<script type="module" src="{script}"></script>')


def register_assets(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, module=module)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600

    def static_file(filename: str, version: str = "") -> Response:
        return app.send_static_file(filename)

    app.add_url_rule("/static/modules/<version>/<path:filename>", endpoint="static")
    app.view_functions["static"] = static_file
