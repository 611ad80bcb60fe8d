"""Typing codes back: one field, the answer on the page; a plain form without script."""

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.accounts.queries import get_station
from salon.entrance.models import Direction
from salon.entrance.queries.stations import find_edition_of
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition
from salon.fair.queries import doors_of
from salon.paper import forms, queries, rules
from salon.paper.engine.short_codes import codes_in
from salon.paper.routes import blueprint
from salon.paper.services import typing_back as services
from salon.paper.services.typing_back import Pointing, TypedLine
from salon.platform.database.identity import Domain, Role
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, only
from salon.platform.words.errors import RuleBroken


@blueprint.get("/organisation/papier")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def type_codes() -> ResponseReturnValue:
    form = forms.TypingForm(formdata=None)
    prepare(form)
    return _typing_page(form)


@blueprint.post("/organisation/papier")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def record_codes() -> ResponseReturnValue:
    form = forms.TypingForm()
    prepare(form)
    if not form.validate():
        return _refuse(form, " ".join(_messages(form)), 400)
    try:
        lines = services.type_codes(
            fair_act(own_edition()), codes_in(form.codes.data or ""), pointing_of(form)
        )
    except RuleBroken as error:
        form.refuse(error, on="codes")
        return _refuse(form, error.message, error.status)
    status = 200 if any(line.is_recorded for line in lines) else 400
    if _wants_json():
        words = render_template("paper/_lines.html", lines=lines, at=pointing_of(form).at)
        states = [line.state for line in lines]
        return jsonify(lines=words, states=states), status
    form.codes.data = "" if status == 200 else form.codes.data
    return _typing_page(form, lines), status


def own_edition() -> Edition:
    """Return the edition that a station works for, or the current one of an organiser."""
    identity = actor()
    if identity.role == Role.STATION and identity.id is not None:
        return find_edition_of(get_station(identity.id)) or get_request_edition()
    return get_request_edition()


def prepare(form: forms.PointingForm) -> None:
    """Set the doors to choose from, and the current quarter of an hour."""
    identity = actor()
    station_door = (
        get_station(identity.id).door
        if identity.role == Role.STATION and identity.id is not None
        else ""
    )
    form.offer_doors(
        [(door.code, f"{door.code} – {door.label}") for door in doors_of(own_edition())],
        station_door,
    )
    if not request.form:
        form.hour.data = f"{rules.quarter_of(now()):%H:%M}"


def pointing_of(form: forms.PointingForm) -> Pointing:
    """Return the door, direction and time of a valid form. Raises HourToCome, HourTooOld."""
    hour = rules.hour_in(form.hour.data or "")
    assert hour is not None, "the form was not validated"
    direction = Direction(form.direction.data)
    return Pointing(form.door.data or "", direction, rules.moment_of(hour, now()))


def _messages(form: forms.TypingForm) -> list[str]:
    return [str(message) for errors in form.errors.values() for message in errors]


def _refuse(form: forms.TypingForm, message: str, status: int) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(problem=message), status
    return _typing_page(form), status


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _typing_page(form: forms.TypingForm, lines: list[TypedLine] | None = None) -> str:
    return render_template(
        "paper/type_codes.html",
        form=form,
        lines=lines or [],
        typed=queries.last_typed_scans(own_edition().id),
        moment=now(),
    )
