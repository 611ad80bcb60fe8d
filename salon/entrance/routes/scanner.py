"""Page of the scanner, its offline files, and the enrolment of a device."""

from flask import render_template
from flask.typing import ResponseReturnValue

from salon.accounts.access import sign_ins
from salon.accounts.models import StationKind
from salon.accounts.services import stations
from salon.entrance.presenters.device_pages import Shell
from salon.entrance.presenters.labels import CHECK_WORDS, VERDICT_WORDS
from salon.entrance.routes import blueprint
from salon.platform.pages.acts import request_act
from salon.platform.web.access import find_identity, network, public, settings
from salon.platform.web.limits import count_try

SHELL = Shell("/scanner", ("js/scanner/*.js", "vendor/zxing/*"))
PAGES = {
    StationKind.SCANNER: SHELL.address,
    StationKind.DESK: SHELL.address,
    StationKind.KIOSK: "/borne",
    StationKind.PRINTER: "/borne/impression",
}


def _page() -> str:
    """Return the page of every scanner; it holds no personal data."""
    return render_template(
        "entrance/scanner.html",
        version=SHELL.version(),
        file=SHELL.file_address,
        verdicts=VERDICT_WORDS,
        check_words=CHECK_WORDS,
        identity=None,
        demo=None,
    )


@blueprint.get("/scanner")
@public
def scanner() -> ResponseReturnValue:
    return _page()


@blueprint.get("/scanner/sw.js")
@public
def scanner_worker() -> ResponseReturnValue:
    return SHELL.worker_response(_page())


@blueprint.get("/scanner/fichiers/<version>/<path:name>")
@public
def scanner_file(version: str, name: str) -> ResponseReturnValue:
    return SHELL.file_response(version, name)


@blueprint.get("/scanner/manifest.webmanifest")
@public
def scanner_manifest() -> ResponseReturnValue:
    return SHELL.manifest_response("Contrôle des entrées", "Entrées")


@blueprint.get("/scanner/fin")
@public
def scanner_left() -> ResponseReturnValue:
    """Close the session of a device that was given back."""
    return render_template("entrance/scanner_left.html")


@blueprint.get("/scanner/enrolement/<code>")
@public
def enrol(code: str) -> ResponseReturnValue:
    return render_template("entrance/enrol.html", code=code)


@blueprint.post("/scanner/enrolement/<code>")
@public
def use_enrolment(code: str) -> ResponseReturnValue:
    count_try(f"enrolment:{network()}", settings().sign_in_tries_per_minute * 4, 60)
    station, token = stations.enrol_station(request_act(), code)
    if find_identity() is None and station.kind == StationKind.DESK:
        # The welcome desk's pages know the device by its session; its calls by the token. Other
        # stations open none of these pages.
        sign_ins.enter(station_id=station.id)
    page = render_template(
        "entrance/use_enrolment.html",
        station=station,
        token=token,
        following=PAGES[station.kind],
        file=SHELL.file_address,
    )
    return page, {"Cache-Control": "no-store"}
