"""Private pages that a phone stores, so that they open without network."""

import json

from flask import Response

from salon.platform.assets import STATIC, asset

ICONS = (("192x192", "images/station-192.png"), ("512x512", "images/station-512.png"))
WORKER = STATIC / "js" / "kept_page_worker.js"


def worker_response(scope: str, store: str, own_page: str) -> Response:
    """Return the service worker of the pages under `scope`, without personal data: it is public.

    `store` names the cache on the phone. The first group of the pattern `own_page` is the page that
    an address belongs to.
    """
    head = (
        f"const STORE = {json.dumps(store)};",
        f"const OWN_PAGE = new RegExp({json.dumps(own_page)});",
        WORKER.read_text(),
    )
    response = Response("\n".join(head), mimetype="text/javascript")
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
