"""The stations of the fair, as organisers see them."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from salon.access import actor, only, settings
from salon.accounts import services as accounts
from salon.accounts.models import StationKind
from salon.accounts.queries import get_station, stations_of
from salon.entrance import forms
from salon.entrance.queries.stations import last_scans
from salon.entrance.routes import blueprint
from salon.entrance.rules.stations import StationExists
from salon.entrance.services import stations as services
from salon.fair.queries import doors_of, get_current_edition
from salon.identity import Role


@blueprint.get("/organisation/stations")
@only(Role.ORGANISER)
def stations() -> ResponseReturnValue:
    return _stations_page(_station_form())


@blueprint.post("/organisation/stations")
@only(Role.ORGANISER)
def open_station() -> ResponseReturnValue:
    form = _station_form()
    if not form.validate():
        return _stations_page(form), 400
    try:
        station = services.open_station(
            form.name.data or "",
            StationKind(form.kind.data),
            form.door.data,
            get_current_edition().id,
            actor(),
        )
    except StationExists as error:
        form.name.errors = [error.message]
        return _stations_page(form), error.status
    return _offer(station.id)


@blueprint.post("/organisation/stations/<int:station_id>/enrolement")
@only(Role.ORGANISER)
def offer_enrolment(station_id: int) -> ResponseReturnValue:
    return _offer(station_id)


@blueprint.get("/organisation/stations/<int:station_id>")
@only(Role.ORGANISER)
def station(station_id: int) -> ResponseReturnValue:
    found = get_station(station_id)
    offered = session.get("enrolment", {})
    address = None
    if offered.get("station") == station_id and found.revoked_at is None:
        address = settings().public_url + url_for("entrance.enrol", code=offered["code"])
    return render_template("entrance/station.html", station=found, address=address)


@blueprint.post("/organisation/stations/<int:station_id>/revoquer")
@only(Role.ORGANISER)
def revoke_station(station_id: int) -> ResponseReturnValue:
    accounts.revoke_station(station_id, actor())
    flash("Station révoquée\u00a0: son prochain passage sera refusé.", "success")
    return redirect(url_for("entrance.stations"))


def _offer(station_id: int) -> ResponseReturnValue:
    code = accounts.offer_enrolment(station_id, actor())
    session["enrolment"] = {"station": station_id, "code": code}
    return redirect(url_for("entrance.station", station_id=station_id))


def _station_form() -> forms.StationForm:
    form = forms.StationForm()
    doors = doors_of(get_current_edition())
    form.offer_doors([(door.code, f"{door.code} – {door.label}") for door in doors])
    return form


def _stations_page(form: forms.StationForm) -> str:
    edition = get_current_edition()
    return render_template(
        "entrance/stations.html",
        form=form,
        stations=stations_of(edition.id),
        last_scans=last_scans(edition.id),
    )
