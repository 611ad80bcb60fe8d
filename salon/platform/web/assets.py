"""Addresses of static files, each with a digest of its content, so that caches are never stale.

Modules of pages lie in a folder whose address holds a digest of all of them: a module imports
another by a relative address, and both are of one version.
"""

import hashlib
import mimetypes
import os
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from posixpath import dirname, normpath

from flask import Flask, Response, abort, g, request, send_from_directory
from markupsafe import Markup
from werkzeug.security import safe_join

from salon.platform.settings.installation import ROOT
from salon.platform.settings.prefixes import plain_url_for

STATIC = ROOT / "static"
COPIES = STATIC / "vendor" / "compressed"
"""Compressed copies of static files, each named by the digest of its original
(`scripts/compress_static.py`); without one, the file itself is sent.
"""
ALL_ICONS, PUBLIC_ICONS = "vendor/icons/bootstrap-icons.svg", "vendor/icons/public.svg"
"""Written by `scripts/build_icons.py`; scripts of pages take theirs from the first."""
SYMBOL = re.compile(r'<symbol [^>]*id="([^"]+)"')
ENCODINGS = {"br": ".br", "gzip": ".gz"}
IMPORT = re.compile(r'^(?:import|export) .*?"(\.\.?/[^"]+)"', re.MULTILINE)


@lru_cache(maxsize=1000)
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


@lru_cache
def _public_icons() -> frozenset[str]:
    path = STATIC / PUBLIC_ICONS
    return frozenset(SYMBOL.findall(path.read_text())) if path.exists() else frozenset()


def icon_sheet(name: str) -> str:
    """Return the address of the drawings that hold an icon: the public pages load few.

    A page names some hundred icons: each address is written once.
    """
    sheet = PUBLIC_ICONS if name in _public_icons() else ALL_ICONS
    addresses: dict[str, str] = g.setdefault("icon_sheets", {})
    if sheet not in addresses:
        addresses[sheet] = asset(sheet)
    return addresses[sheet]


def file_response(name: str, max_age: int) -> Response:
    """Return static/<name>, compressed as the browser accepts it. `max_age` in seconds."""
    path = safe_join(str(STATIC), name)
    if path is None or not os.path.isfile(path):
        abort(404)
    digest = _digest(name, os.stat(path).st_mtime_ns)
    copies = {
        encoding: f"{digest}{ending}"
        for encoding, ending in ENCODINGS.items()
        if (COPIES / f"{digest}{ending}").is_file()
    }
    encoding = next((name for name in copies if request.accept_encodings.quality(name) > 0), None)
    folder, file = (STATIC, name) if encoding is None else (COPIES, copies[encoding])
    kind = mimetypes.guess_type(name)[0]
    response = send_from_directory(folder, file, mimetype=kind, max_age=max_age)
    if copies:
        response.vary.add("Accept-Encoding")
    if encoding is not None:
        response.content_encoding = encoding
    return response


def register_assets(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, icon_sheet=icon_sheet, module=module)

    def static_file(filename: str, version: str = "") -> Response:
        response = file_response(filename, max_age=365 * 24 * 3600)
        if version or "v" in request.args:
            response.cache_control.immutable = True
        return response

    app.add_url_rule("/static/modules/<version>/<path:filename>", endpoint="static")
    app.view_functions["static"] = static_file
