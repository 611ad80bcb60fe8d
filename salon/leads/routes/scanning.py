"""The page on which a stand scans badges, which opens and works offline."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from salon.entrance.presenters.device_pages import Shell
from salon.exhibitors.access import own_exhibitor
from salon.leads.imports import read_readings
from salon.leads.models.labels import NOT_SHARED
from salon.leads.queries.shared import SharedPerson
from salon.leads.routes import blueprint
from salon.leads.rules import SENDINGS_PER_MINUTE, TYPED_PER_MINUTE
from salon.leads.services.reading import ReadResult, ReadState, record_readings
from salon.platform.database.identity import Role
from salon.platform.pages.acts import request_act
from salon.platform.web.access import only, public
from salon.platform.web.devices.fields import Json
from salon.platform.web.error_pages import error_page
from salon.platform.web.json_answers import fair_clock, json_answer
from salon.platform.web.limits import count_try

PATH = "/mon-stand/<int:exhibitor_id>/contacts/lecture"
FILES = ("js/leads/*.js", "js/scanner/decoder.js", "vendor/zxing/*")


@blueprint.get(PATH)
@public
def scan(exhibitor_id: int) -> ResponseReturnValue:
    """Return the page, identical for everyone, so that the phone can cache it."""
    return _page(exhibitor_id)


def _page(exhibitor_id: int) -> str:
    file = _shell(exhibitor_id).file_address
    return render_template(
        "leads/scan.html", exhibitor_id=exhibitor_id, file=file, identity=None, demo=None
    )


def _shell(exhibitor_id: int) -> Shell:
    return Shell(url_for("leads.scan", exhibitor_id=exhibitor_id), FILES)


@blueprint.get(f"{PATH}/etat")
@only(Role.EXHIBITOR)
def scan_state(exhibitor_id: int) -> ResponseReturnValue:
    """Answer with a CSRF token and the fair's time while the session lasts."""
    own_exhibitor(exhibitor_id)
    return json_answer({"csrf_token": generate_csrf(), "now": fair_clock()})


@blueprint.post(PATH)
@only(Role.EXHIBITOR)
def record(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    if request.mimetype != "application/json":
        return error_page(415)
    items = read_readings(request.get_data())
    count_try(f"leads:{exhibitor.id}", SENDINGS_PER_MINUTE, 60)
    for _ in [item for item in items if item.short_code]:
        count_try(f"leads-typed:{exhibitor.id}", TYPED_PER_MINUTE, 60)
    results = record_readings(request_act(), exhibitor, items)
    return json_answer(
        {"results": [_answer(exhibitor.id, result) for result in results], "now": fair_clock()}
    )


def _answer(exhibitor_id: int, result: ReadResult) -> Json:
    line = result.line
    answer: Json = {
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


def _person(person: SharedPerson) -> dict[str, object]:
    return {
        "title": person.title,
        "lines": [
            line
            for line in (person.function, person.on_behalf_of, person.email, person.phone)
            if line
        ],
        "allowed": [f"{purpose}\u00a0: {fields}" for purpose, fields in person.allowed],
    }


@blueprint.get(f"{PATH}/sw.js")
@public
def scan_worker(exhibitor_id: int) -> ResponseReturnValue:
    return _shell(exhibitor_id).worker_response(_page(exhibitor_id))


@blueprint.get(f"{PATH}/fichiers/<version>/<path:name>")
@public
def scan_file(exhibitor_id: int, version: str, name: str) -> ResponseReturnValue:
    return _shell(exhibitor_id).file_response(version, name)


@blueprint.get(f"{PATH}/application.webmanifest")
@public
def scan_manifest(exhibitor_id: int) -> ResponseReturnValue:
    return _shell(exhibitor_id).manifest_response("Contacts du stand", "Contacts")
