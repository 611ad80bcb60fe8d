"""The scanner's page and the enrolment of a device."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from salon.access import actor, find_identity, public, settings
from salon.accounts import services as accounts
from salon.accounts import signing
from salon.entrance.routes import blueprint
from salon.fair.queries import doors_of, find_current_edition
from salon.limits import count_try


@blueprint.get("/scanner")
@public
def scanner() -> ResponseReturnValue:
    edition = find_current_edition()
    doors = doors_of(edition) if edition else []
    return render_template("entrance/scanner.html", doors=doors)


@blueprint.get("/scanner/enrolement/<code>")
@public
def enrol(code: str) -> ResponseReturnValue:
    return render_template("entrance/enrol.html", code=code)


@blueprint.post("/scanner/enrolement/<code>")
@public
def use_enrolment(code: str) -> ResponseReturnValue:
    count_try(f"enrolment:{request.remote_addr}", settings().sign_in_tries_per_minute * 4, 60)
    station, token = accounts.enrol_station(code, actor())
    if find_identity() is None:
        # The welcome desk's pages know the device by its session; its calls by the token.
        signing.enter(station_id=station.id)
    page = render_template("entrance/use_enrolment.html", station=station, token=token)
    return page, {"Cache-Control": "no-store"}
