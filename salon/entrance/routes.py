"""The scanner's page, the enrolment of stations, the live page."""

from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from salon import formats
from salon.access import actor, find_identity, only, public, settings
from salon.accounts import services as accounts
from salon.accounts import signing
from salon.accounts.queries import get_station, stations_of
from salon.entrance import arrivals as check_ins
from salon.entrance import forms, queries, services
from salon.entrance.rules import StationExists
from salon.fair.models import PartnerBody
from salon.fair.queries import bodies_of, doors_of, find_current_edition, get_current_edition
from salon.identity import Role
from salon.limits import count_try
from salon.staffing.queries.agents import find_agent_of_account
from salon.staffing.queries.day import get_body_of_stand
from salon.times import now

blueprint = Blueprint("entrance", __name__)


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
            form.name.data or "", form.door.data, get_current_edition().id, actor()
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
        last_scans=queries.last_scans(edition.id),
    )


@blueprint.get("/organisation/entrees")
@only(Role.ORGANISER)
def live() -> ResponseReturnValue:
    moment = now()
    figures = queries.live_figures(get_current_edition().id, moment)
    tables = _tables(figures)
    return render_template("entrance/live.html", figures=figures, tables=tables, moment=moment)


@blueprint.get("/organisation/entrees.json")
@only(Role.ORGANISER)
def live_figures() -> ResponseReturnValue:
    moment = now()
    figures = queries.live_figures(get_current_edition().id, moment)
    return jsonify(
        {
            "at": formats.hour(moment),
            "figures": {
                "entered": formats.number(figures.entered),
                "inside": formats.number(figures.inside),
                "communes": formats.number(figures.communes),
            },
            "tables": {name: rows for name, _, rows in _tables(figures)},
        }
    )


def _tables(figures: queries.Live) -> list[tuple[str, str, list[list[Any]]]]:
    """(name, caption, rows) of each table of the live page, as shown."""
    quarters = [[formats.hour(at), count] for at, count in figures.by_quarter]
    counts = [
        ("category", "Par catégorie", figures.by_category),
        ("door", "Par porte d’entrée", figures.by_door),
        ("epci", "Par intercommunalité", figures.by_epci),
    ]
    refusals = [
        [formats.hour(one.happened_at), one.verdict.label, one.holder or "Inconnu", one.door]
        for one in figures.refusals
    ]
    return [
        ("quarter", "Premières entrées par quart d’heure", quarters),
        *(
            (name, caption, [[one.label, one.entered, one.inside] for one in rows])
            for name, caption, rows in counts
        ),
        ("refusal", "Derniers refus", refusals),
    ]


@blueprint.get("/organisation/village/pointage")
@only(Role.ORGANISER, Role.AGENT, Role.STATION)
def arrivals() -> ResponseReturnValue:
    bodies = [one for one in bodies_of(get_current_edition()) if _may_check_in(one)]
    if not bodies and actor().role == Role.AGENT:
        abort(403)
    return render_template("entrance/arrivals.html", bodies=bodies)


@blueprint.route("/organisation/village/pointage/<number>", methods=["GET", "POST"])
@only(Role.ORGANISER, Role.AGENT, Role.STATION)
def stand_arrivals(number: str) -> ResponseReturnValue:
    edition, form = get_current_edition(), forms.CheckInForm()
    body = get_body_of_stand(edition, number)
    if not _may_check_in(body):
        abort(404)
    if request.method == "GET":
        return _check_in_page(body, form)
    if not form.validate():
        return _check_in_page(body, form), 400
    reading = form.code.data
    found = check_ins.check_in(edition, body, reading, actor(), now())
    return _check_in_page(body, form, found, reading)


def _check_in_page(
    body: PartnerBody,
    form: forms.CheckInForm,
    found: check_ins.CheckIn | None = None,
    reading: str = "",
) -> str:
    form.code.data = "" if found else form.code.data
    return render_template(
        "entrance/stand_arrivals.html", body=body, form=form, found=found, reading=reading[:40]
    )


def _may_check_in(body: PartnerBody) -> bool:
    """An organiser or a station at any stand, a coordinator at that of their body."""
    by = actor()
    if by.role != Role.AGENT:
        return True
    agent = find_agent_of_account(get_current_edition(), by.id or 0)
    return agent is not None and agent.is_coordinator and agent.body_id == body.id
