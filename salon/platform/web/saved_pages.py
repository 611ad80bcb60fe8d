"""Pages that a device stores, so that they open without network."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import Response

from salon.platform.web.assets import STATIC, asset

ICONS = (("192x192", "images/station-192.png"), ("512x512", "images/station-512.png"))
WORKER = STATIC / "js" / "offline" / "worker.js"


@dataclass(frozen=True, slots=True)
class DevicePage:
    """A page that is the same for everyone, with all its files."""

    page: str
    version: str
    files: Sequence[str]


@dataclass(frozen=True, slots=True)
class PrivatePages:
    """Pages saved as they are opened, in the caches named after `store`.

    The first group of the pattern `own_page` is the page that an address belongs to.
    """

    store: str
    own_page: str


def worker_script(pages: DevicePage | PrivatePages) -> str:
    """Return the service worker of these pages."""
    settings = dict.fromkeys(("page", "version", "files", "store", "own_page")) | asdict(pages)
    head = (f"const {name.upper()} = {json.dumps(value)};\n" for name, value in settings.items())
    return "".join(head) + WORKER.read_text()


def worker_response(scope: str, pages: DevicePage | PrivatePages) -> Response:
    """Return the service worker of the pages under `scope`, without personal data: it is public.

    Browsers revalidate it at each visit.
    """
    response = Response(worker_script(pages), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = scope
    response.headers["Cache-Control"] = "no-cache"
    return response


def manifest_response(
    address: str, name: str, short_name: str, display: str = "standalone"
) -> Response:
    """Return the manifest that puts a page on a home screen (W3C Web Application Manifest)."""
    content = {
        "name": name,
        "short_name": short_name,
        "lang": "fr",
        "id": address,
        "start_url": address,
        "scope": address,
        "display": display,
        "background_color": "#14232E",
        "theme_color": "#083F53",
        "icons": [
            {"src": asset(path), "sizes": size, "type": "image/png", "purpose": "any maskable"}
            for size, path in ICONS
        ],
    }
    return Response(json.dumps(content), mimetype="application/manifest+json")
