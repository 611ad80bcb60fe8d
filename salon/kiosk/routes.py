"""Pages of the kiosk and of the print station, the same for every device, without personal data.

The kiosk opens without network: its service worker saves it with its files (`Shell`).
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from salon.badges.queries.accepted_texts import texts_in_force
from salon.entrance.presenters.device_pages import Shell
from salon.entrance.presenters.labels import CHECK_WORDS
from salon.fair.access import find_request_edition
from salon.kiosk import forms
from salon.kiosk.presenters.welcome import VERDICT_WORDS
from salon.platform.web.access import public

blueprint = Blueprint("kiosk", __name__)

SHELL = Shell("/borne", ("js/kiosk/*.js", "js/scanner/decoder.js", "vendor/zxing/*"))


@blueprint.get("/borne")
@public
def kiosk() -> ResponseReturnValue:
    return _kiosk_page()


def _kiosk_page() -> str:
    walk_in = forms.WalkInForm(formdata=None)
    if (edition := find_request_edition()) is not None:
        walk_in.show_texts(texts_in_force(edition.id))
    return render_template(
        "kiosk/kiosk.html",
        correct=forms.CorrectForm(formdata=None),
        walk_in=walk_in,
        version=SHELL.version(),
        verdicts=VERDICT_WORDS,
        check_words=CHECK_WORDS,
        file=SHELL.file_address,
    )


@blueprint.get("/borne/impression")
@public
def print_station() -> ResponseReturnValue:
    return render_template("kiosk/print_station.html", file=SHELL.file_address)


@blueprint.get("/borne/sw.js")
@public
def service_worker() -> ResponseReturnValue:
    return SHELL.worker_response(_kiosk_page())


@blueprint.get("/borne/fichiers/<version>/<path:name>")
@public
def file(version: str, name: str) -> ResponseReturnValue:
    return SHELL.file_response(version, name)


@blueprint.get("/borne/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    return SHELL.manifest_response("Borne d’accueil du salon", "Borne", "fullscreen")
