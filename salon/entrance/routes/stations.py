"""Pages of the stations, for organisers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from salon.accounts.models import Station, StationKind
from salon.accounts.queries import STATION_LIFETIME, get_station, stations_of
from salon.accounts.services import stations as station_services
from salon.entrance import forms
from salon.entrance.models import StationReport
from salon.entrance.presenters.labels import CHECK_WORDS
from salon.entrance.queries.stations import Health, healths_of, list_serial
from salon.entrance.routes import blueprint
from salon.entrance.routes.scanner import PAGES
from salon.entrance.rules.health import troubles_of, urgency_of
from salon.entrance.rules.stations import StationExists, StationState, state_of
from salon.entrance.services import stations as services
from salon.fair.access import get_request_edition
from salon.fair.models import Edition
from salon.fair.queries import doors_of
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.settings.clock import real_now
from salon.platform.web.access import only, settings
from salon.platform.words.formats import short_moment

TO_ENROL = (StationState.EXPIRED, StationState.TO_ENROL)


@blueprint.get("/organisation/stations")
@only(Domain.WELCOME)
def stations() -> ResponseReturnValue:
    return _stations_page(_station_form())


@blueprint.post("/organisation/stations")
@only(Domain.WELCOME)
def open_station() -> ResponseReturnValue:
    form = _station_form()
    if form.validate():
        name, kind = form.name.data or "", StationKind(form.kind.data)
        with form.refusals(StationExists, on="name"):
            station = services.open_station(
                request_act(), name, kind, form.door.data, get_request_edition().id
            )
            return _offer(station.id)
    return _stations_page(form), form.status_code


@blueprint.post("/organisation/stations/<int:station_id>/enrolement")
@only(Domain.WELCOME)
def offer_enrolment(station_id: int) -> ResponseReturnValue:
    return _offer(station_id)


@blueprint.get("/organisation/stations/<int:station_id>")
@only(Domain.WELCOME)
def station(station_id: int) -> ResponseReturnValue:
    edition, station = get_request_edition(), get_station(station_id)
    offered = session.get("enrolment", {})
    address, code = None, ""
    if offered.get("station") == station_id and station.revoked_at is None:
        address = settings().public_url + url_for("entrance.enrol", code=offered["code"])
        code = "-".join(re.findall("....", offered["code"]))
    station_line = _station_lines(edition, [station])[0]
    newest = list_serial(edition.id)
    return render_template(
        "entrance/station.html",
        seen=station_line,
        address=address,
        code=code,
        site=settings().public_url.partition("://")[2] + PAGES[station.kind],
        newest=newest,
    )


@blueprint.post("/organisation/stations/<int:station_id>/revoquer")
@only(Domain.WELCOME)
def revoke_station(station_id: int) -> ResponseReturnValue:
    station_services.revoke_station(request_act(), station_id)
    name = get_station(station_id).name
    flash(f"La station «\u00a0{name}\u00a0» est révoquée : elle ne lit plus de badge.", "success")
    offer_undo(url_for("entrance.restore_station", station_id=station_id), "Rétablir la station")
    return redirect(url_for("entrance.stations"))


@blueprint.post("/organisation/stations/<int:station_id>/retablir")
@only(Domain.WELCOME)
def restore_station(station_id: int) -> ResponseReturnValue:
    station_services.restore_station(request_act(), station_id)
    flash("La station est rétablie. Montrez son code à l’appareil pour l’enrôler.", "success")
    return redirect(url_for("entrance.station", station_id=station_id))


def _offer(station_id: int) -> ResponseReturnValue:
    code = station_services.offer_enrolment(request_act(), station_id)
    session["enrolment"] = {"station": station_id, "code": code}
    return redirect(url_for("entrance.station", station_id=station_id))


def _station_form() -> forms.StationForm:
    form = forms.StationForm()
    doors = doors_of(get_request_edition())
    form.offer_doors([(door.code, f"{door.code} – {door.label}") for door in doors])
    return form


def _stations_page(form: forms.StationForm) -> str:
    edition = get_request_edition()
    lines = _station_lines(edition, stations_of(edition.id))
    groups = {
        "Demandent quelqu’un": [line for line in lines if line.troubles],
        "À enrôler": [line for line in lines if line.state in TO_ENROL],
        "En service": [
            line for line in lines if line.state == StationState.IN_SERVICE and not line.troubles
        ],
        "Révoquées": [line for line in lines if line.state == StationState.REVOKED],
    }
    return render_template("entrance/stations.html", form=form, stations=lines, groups=groups)


@dataclass(frozen=True)
class StationLine:
    """A station as shown on the pages. `expires_at`: when its enrolment ends. `checked_ago`: since
    its device tried itself.
    """

    station: Station
    state: StationState
    expires_at: datetime | None
    health: Health
    troubles: list[str]
    ago: str
    checked_ago: str

    @property
    def check_results(self) -> list[tuple[str, str]]:
        """Return (state, words) of each part that the device tried of itself."""
        check = self.health.device_check
        results = check.results if check else {}
        return [
            (results[part], CHECK_WORDS[part][results[part]])
            for part in CHECK_WORDS
            if part in results
        ]

    @property
    def report(self) -> StationReport | None:
        return self.health.report


def _station_lines(edition: Edition, stations: Sequence[Station]) -> list[StationLine]:
    moment, newest = real_now(), list_serial(edition.id)
    lines = []
    for health in healths_of(edition.id, stations):
        station = health.station
        state = state_of(station.enrolled_at, station.revoked_at, STATION_LIFETIME, moment)
        is_in_service = state == StationState.IN_SERVICE
        troubles = troubles_of(health.facts, newest, moment) if is_in_service else []
        expires_at = station.enrolled_at + STATION_LIFETIME if station.enrolled_at else None
        ago = checked_ago = ""
        if health.report:
            ago = _ago(health.report.received_at, moment)
        if health.report and health.device_check:
            since = timedelta(seconds=health.device_check.seconds_ago)
            checked_ago = _ago(health.report.received_at - since, moment)
        lines.append(StationLine(station, state, expires_at, health, troubles, ago, checked_ago))
    return sorted(lines, key=lambda line: urgency_of(line.health.facts, line.troubles, moment))


def _ago(at: datetime, moment: datetime) -> str:
    """Return « il y a 5 min », in the world's time, which may differ from the demonstration's."""
    minutes = int((moment - at).total_seconds()) // 60
    if minutes < 1:
        return "il y a moins d’une minute"
    if minutes < 120:
        return f"il y a {minutes}\u00a0min"
    return f"il y a {minutes // 60}\u00a0h" if minutes < 60 * 48 else f"le {short_moment(at)}"
