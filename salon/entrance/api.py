"""The stations' API, version 1. It answers JSON only, errors included."""

import json
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from salon.access import actor, find_identity, only, public, settings
from salon.accounts.queries import get_station
from salon.badges.labels import Need, printed_function
from salon.badges.models import Category
from salon.entrance import incoming, queries, services
from salon.entrance.openapi import DESCRIPTION
from salon.entrance.rules import message_for
from salon.entrance.statements import BadgeRow
from salon.errors import BadInput, error_page
from salon.fair.queries import get_current_edition
from salon.identity import Role
from salon.journal import note
from salon.limits import count_try
from salon.times import local, now

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

SHORTEST_SEARCH = 3
write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SearchTooShort(BadInput):
    message = f"Tapez au moins {SHORTEST_SEARCH} lettres du nom."


@blueprint.post("/scans")
@only(Role.STATION)
def record_scans() -> ResponseReturnValue:
    if request.mimetype != "application/json":
        return error_page(415)
    station = find_identity()
    assert station is not None
    assert station.id is not None
    items = incoming.read_scans(request.get_data())
    results = services.record_scans(station.id, None, items, now())
    return _json({"results": [_answer(result) for result in results], "now": _clock()})


def _answer(result: services.ScanResult) -> dict[str, Any]:
    presence = result.presence
    answer: dict[str, Any] = {
        "scan_id": result.scan_id,
        "verdict": result.verdict,
        "word": result.verdict.label,
        "message": message_for(result.verdict, presence, result.happened_at),
    }
    if presence is not None and presence.first_entry_at is not None:
        answer["first_entry_at"] = local(presence.first_entry_at).isoformat(timespec="seconds")
        answer["first_door"] = presence.first_door
    if result.holder is not None:
        answer["holder"] = _holder(result.holder)
    return answer


def _holder(badge: BadgeRow) -> dict[str, Any]:
    category = Category(badge.category)
    return {
        "name": f"{badge.first_name} {badge.last_name}",
        "function": printed_function(badge.function, badge.function_other, badge.civility),
        "on_behalf_of": badge.commune or badge.epci or badge.organisation,
        "category": category.label,
        "colour": category.colour,
        "vip": badge.is_vip,
        "needs": [Need(need).label for need in badge.needs if need in set(Need)],
    }


@blueprint.errorhandler(incoming.UnreadableScans)
def unreadable(error: incoming.UnreadableScans) -> Response:
    body = {"status": error.status, "message": error.message, "errors": error.errors}
    return _json(body, error.status)


@blueprint.get("/attendees")
@only(Role.STATION)
def search_attendees() -> ResponseReturnValue:
    station = actor()
    assert station.id is not None
    text = request.args.get("q", "").strip()
    if sum(character.isalpha() for character in text) < SHORTEST_SEARCH:
        raise SearchTooShort
    count_try(f"station-search:{station.id}", settings().searches_per_minute, 60)
    edition_id = get_station(station.id).edition_id or get_current_edition().id
    found = queries.search_badges(edition_id, text)
    note(station, "attendees.searched", f"station:{station.id}", text=text[:60], found=len(found))
    return _json({"attendees": [{**_holder(badge), **state} for badge, state in found]})


@blueprint.get("/time")
@public
def tell_time() -> ResponseReturnValue:
    return _json({"now": _clock()})


def _clock() -> str:
    return local(now()).isoformat(timespec="milliseconds")


@blueprint.get("/openapi.json")
@public
def describe() -> ResponseReturnValue:
    return jsonify(DESCRIPTION)


def _json(content: dict[str, Any], status: int = 200) -> Response:
    response = Response(write_json(content), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
