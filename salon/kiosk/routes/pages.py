"""The kiosk and the print station: pages that name nobody, the same for every device.

The kiosk opens without network: its service worker keeps it with its files (`entrance.shell`).
"""

from flask import Response, abort, jsonify, render_template, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from salon.access import public
from salon.assets import STATIC, asset
from salon.entrance.shell import Shell
from salon.kiosk import forms
from salon.kiosk.routes import blueprint

SHELL = Shell(
    "/borne",
    (
        *("js/kiosk/*.js", "js/station/*.js", "js/scanner-worker.js"),
        *("vendor/idb/*.js", "vendor/uqr/*.js", "vendor/zxing/*"),
    ),
)
DECODER = "js/scanner-worker.js"
LONG = 365 * 24 * 3600


@blueprint.get("/borne")
@public
def kiosk() -> ResponseReturnValue:
    return _kiosk_page()


def _kiosk_page() -> str:
    return render_template(
        "kiosk/kiosk.html",
        correct=forms.CorrectForm(formdata=None),
        walk_in=forms.WalkInForm(formdata=None),
        version=SHELL.version(),
        files=_folder(),
        decoder=DECODER,
    )


@blueprint.get("/borne/impression")
@public
def print_station() -> ResponseReturnValue:
    return render_template("kiosk/print_station.html", files=_folder())


def _folder() -> str:
    return f"{SHELL.address}/fichiers/{SHELL.version()}"


@blueprint.get("/borne/sw.js")
@public
def service_worker() -> ResponseReturnValue:
    """Keeps the kiosk on the device. The script names nobody, so that anybody may read it."""
    script = SHELL.worker_script(_kiosk_page())
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = SHELL.address
    return response


@blueprint.get("/borne/fichiers/<version>/<path:name>")
@public
def file(version: str, name: str) -> ResponseReturnValue:
    """A file of the kiosk, under the kiosk's own address. A former version's is not there."""
    if version != SHELL.version() or name not in SHELL.names():
        abort(404)
    return send_from_directory(STATIC, name, max_age=LONG)


@blueprint.get("/borne/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    response = jsonify(
        {
            "name": "Borne d’accueil du salon des maires",
            "short_name": "Borne",
            "lang": "fr",
            "start_url": url_for("kiosk.kiosk"),
            "scope": url_for("kiosk.kiosk"),
            "display": "fullscreen",
            "background_color": "#F6F1E7",
            "theme_color": "#083F53",
            "icons": [
                {"src": asset("images/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
            ],
        }
    )
    response.mimetype = "application/manifest+json"
    return response
