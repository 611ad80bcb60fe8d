"""The page on which a stand reads badges: it opens and works without network."""

import json
from typing import Any

from flask import Response, abort, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from salon.access import actor, only, public
from salon.assets import STATIC, asset
from salon.entrance.shell import Shell
from salon.errors import error_page
from salon.exhibitors.own import own_exhibitor
from salon.identity import Role
from salon.leads.incoming import read_readings
from salon.leads.labels import NOT_SHARED
from salon.leads.routes import blueprint
from salon.leads.rules import SENDINGS_PER_MINUTE, TYPED_PER_MINUTE
from salon.leads.services.reading import ReadResult, ReadState, record_readings
from salon.leads.shared import SharedPerson
from salon.limits import count_try
from salon.times import local, now

PATH = "/mon-stand/<int:exhibitor_id>/contacts/lecture"
FILES = (
    *("js/leads_*.js", "js/station/*.js", "js/scanner-worker.js"),
    *("vendor/idb/*", "vendor/zxing/*"),
)
WHOLE_DAY_S = 24 * 3600


@blueprint.get(PATH)
@public
def scan(exhibitor_id: int) -> ResponseReturnValue:
    """The page is the same for everybody and names nobody: it is kept on the phone as it is."""
    return _page(exhibitor_id)


def _page(exhibitor_id: int) -> str:
    shell = _shell(exhibitor_id)
    folder = f"{shell.address}/fichiers/{shell.version()}"
    return render_template(
        "leads/scan.html", exhibitor_id=exhibitor_id, folder=folder, identity=None, demo=None
    )


def _shell(exhibitor_id: int) -> Shell:
    return Shell(url_for("leads.scan", exhibitor_id=exhibitor_id), FILES)


@blueprint.get(f"{PATH}/etat")
@only(Role.EXHIBITOR)
def scan_state(exhibitor_id: int) -> ResponseReturnValue:
    """What the page asks before it sends: whether one is still signed in, a token, the time."""
    own_exhibitor(exhibitor_id)
    return _json({"csrf_token": generate_csrf(), "now": _clock()})


@blueprint.post(PATH)
@only(Role.EXHIBITOR)
def record(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    if request.mimetype != "application/json":
        return error_page(415)
    items = read_readings(request.get_data())
    count_try(f"leads:{exhibitor.id}", SENDINGS_PER_MINUTE, 60)
    for _ in [one for one in items if one.short_code]:
        count_try(f"leads-typed:{exhibitor.id}", TYPED_PER_MINUTE, 60)
    results = record_readings(exhibitor, items, actor(), now())
    return _json({"results": [_answer(exhibitor.id, one) for one in results], "now": _clock()})


def _answer(exhibitor_id: int, result: ReadResult) -> dict[str, Any]:
    line = result.line
    answer: dict[str, Any] = {
        "reading_id": result.reading_id,
        "state": result.state,
        "word": result.state.label,
    }
    if result.state == ReadState.KEPT and line is not None:
        answer["word"] = "Contact partagé" if line.person else NOT_SHARED
        answer["number"] = line.id
        answer["address"] = url_for("leads.contact", exhibitor_id=exhibitor_id, lead_id=line.id)
        answer["person"] = _person(line.person) if line.person else None
    return answer


def _person(who: SharedPerson) -> dict[str, Any]:
    return {
        "title": who.title,
        "lines": [one for one in (who.function, who.on_behalf_of, who.email, who.phone) if one],
        "allowed": [f"{purpose}\u00a0: {fields}" for purpose, fields in who.allowed],
    }


@blueprint.get(f"{PATH}/sw.js")
@public
def scan_worker(exhibitor_id: int) -> ResponseReturnValue:
    """The service worker. It changes with the page and with each file that it keeps."""
    shell = _shell(exhibitor_id)
    response = Response(shell.worker_script(_page(exhibitor_id)), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = shell.address
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get(f"{PATH}/fichiers/<version>/<path:name>")
@public
def scan_file(exhibitor_id: int, version: str, name: str) -> ResponseReturnValue:
    """A file of the page; one of another version is gone."""
    shell = _shell(exhibitor_id)
    if version != shell.version() or name not in shell.names():
        abort(404)
    return send_from_directory(STATIC, name, max_age=WHOLE_DAY_S)


@blueprint.get(f"{PATH}/application.webmanifest")
@public
def scan_manifest(exhibitor_id: int) -> ResponseReturnValue:
    """What makes the page an application of the phone; it names no exhibitor."""
    address = url_for("leads.scan", exhibitor_id=exhibitor_id)
    content = {
        "name": "Contacts du stand",
        "short_name": "Contacts",
        "lang": "fr",
        "id": address,
        "start_url": address,
        "scope": address,
        "display": "standalone",
        "background_color": "#083F53",
        "theme_color": "#083F53",
        "icons": [{"src": asset("images/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return Response(json.dumps(content), mimetype="application/manifest+json")


def _clock() -> str:
    return local(now()).isoformat(timespec="milliseconds")


def _json(content: dict[str, Any]) -> Response:
    response = Response(json.dumps(content, ensure_ascii=False), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
