"""The stations' API, version 1. It answers JSON only, errors included."""

from dataclasses import astuple
from datetime import datetime

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from salon.accounts.models import DEVICES, READS_BADGES, Station, StationKind
from salon.accounts.queries import STATION_LIFETIME, get_station
from salon.badges.actions import BadgeAction
from salon.badges.engine.codes import short_code_in
from salon.badges.models import BadgeSettings, Category
from salon.badges.models.labels import Need, printed_function
from salon.badges.queries import category_colours, colour_of, settings_of, short_code
from salon.entrance.documents import answers
from salon.entrance.engine.offline_list import pack
from salon.entrance.imports import scans
from salon.entrance.models import EntranceSettings, Verdict
from salon.entrance.presenters.roll_call import roll_call
from salon.entrance.queries import live as queries
from salon.entrance.queries import places, stations
from salon.entrance.queries.names import names_since
from salon.entrance.queries.scan_statements import BadgeRow
from salon.entrance.rules.door import Decision, words_of
from salon.entrance.rules.scans import NoEditionOpen
from salon.entrance.rules.zones import FAIR_CANCELLED, hours_at
from salon.entrance.services import scans as services
from salon.entrance.services.conflicts import record_oddities
from salon.entrance.services.scan_items import ScanResult
from salon.entrance.services.stations import save_report
from salon.fair.access import get_request_edition
from salon.fair.models import Edition, ZoneHours
from salon.platform.database.identity import Role
from salon.platform.database.journal import note
from salon.platform.settings.clock import in_zone, local, now, real_now
from salon.platform.settings.edition import find_time_zone
from salon.platform.web.access import LAST_ROW, actor, find_identity, only, public, settings
from salon.platform.web.devices.description import Operation, description_of
from salon.platform.web.devices.fields import Json
from salon.platform.web.error_pages import error_page
from salon.platform.web.json_answers import fair_clock, json_answer
from salon.platform.web.limits import count_try
from salon.platform.words.errors import BadInput

PREFIX = "/api/v1"
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)

WORDS = {
    "title": "Salon des maires\u00a0: stations, bornes et lectures",
    "version": "1.0.0",
    "description": "Enregistre les passages aux portes. Un passage n’est jamais perdu\u00a0: même "
    "refusé, il est gardé. Sous /editions, d’autres services lisent les faits publics d’une "
    "édition. Toutes les réponses sont en JSON, les refus aussi.",
}

SCANS = (*READS_BADGES, StationKind.KIOSK)
"""Kinds of stations that send scans and store the list of badges."""

SHORTEST_SEARCH = 3
ROLL_CALLS_AN_HOUR = 60
WHOLE_NAMES_AN_HOUR = 12
"""Times per hour that a station gets all names; afterwards it asks for the changes only."""


class SearchTooShort(BadInput):
    message = (
        f"Tapez au moins {SHORTEST_SEARCH} lettres du nom ou de la commune, ou le numéro du badge."
    )


@blueprint.post("/scans")
@only(Role.STATION, kinds=SCANS)
@Operation(
    f"Enregistre de 1 à {scans.MOST_SCANS} passages",
    takes=scans.Scans,
    gives=answers.Results,
    answers="Un verdict par passage.",
    details="Les passages sont jugés dans l’ordre de leur heure et répondus dans l’ordre de "
    "l’envoi. Si l’un d’eux est mal formé, aucun n’est enregistré.",
    refuses=(413, 415, 503),
)
def record_scans() -> ResponseReturnValue:
    if request.mimetype != "application/json":
        return error_page(415)
    station = find_identity()
    assert station is not None
    assert station.id is not None
    items = scans.read_scans(request.get_data())
    with in_zone(find_time_zone()):  # one look-up, rather than ten a scan
        results = services.record_scans(station.id, None, items, now())
        scan_answers = [_answer(result) for result in results]
        return json_answer({"results": scan_answers, "now": fair_clock()})


def _answer(result: ScanResult) -> answers.Result:
    presence = result.presence
    decision = Decision(result.verdict, result.barred)
    successor = short_code(result.holder.successor) if result.holder else ""
    word, message, warning = words_of(
        decision, result.zone, presence, result.happened_at, successor.strip()
    )
    answer: answers.Result = {
        "scan_id": result.scan_id,
        "verdict": result.verdict,
        "word": word,
        "message": message,
    }
    if warning:
        answer["warning"] = warning
    if presence is not None and presence.first_entry_at is not None:
        answer["first_entry_at"] = local(presence.first_entry_at).isoformat(timespec="seconds")
        answer["first_door"] = presence.first_door
    if result.holder is not None:
        answer["holder"] = _holder(result.holder, result.verdict == Verdict.WRONG_EDITION)
    return answer


def _holder(badge: BadgeRow, is_of_another_edition: bool = False) -> answers.Holder:
    """Return who bears a badge; how they are received is said in their own edition alone."""
    category = Category(badge.category)
    return {
        "name": f"{badge.first_name} {badge.last_name}",
        "function": printed_function(badge.function, badge.function_other, badge.civility),
        "on_behalf_of": badge.on_behalf_of,
        "category": category.label,
        "colour": colour_of(category, badge.colours or {}),
        "vip": badge.is_vip and not is_of_another_edition,
        "needs": [need.label for need in Need if need in badge.needs and not is_of_another_edition],
    }


@blueprint.errorhandler(scans.UnreadableScans)
def unreadable(error: scans.UnreadableScans) -> Response:
    body = {"status": error.status, "message": error.message, "errors": error.errors}
    return json_answer(body, error.status)


@blueprint.get("/attendees")
@only(Role.STATION, kinds=READS_BADGES)
@Operation(
    "Cherche une personne par son nom, sa commune ou le numéro de son badge (journalisé)",
    query=answers.Search,
    gives=answers.Attendees,
    answers="Au plus vingt personnes.",
    refuses=(400, 429),
)
def search_attendees() -> ResponseReturnValue:
    station = actor()
    assert station.id is not None
    station_row = get_station(station.id)
    text = request.args.get("q", "").strip()
    is_short = sum(character.isalpha() for character in text) < SHORTEST_SEARCH
    if is_short and short_code_in(text) is None:
        raise SearchTooShort
    count_try(f"station-search:{station.id}", settings().searches_per_minute, 60)
    edition_id = station_row.edition_id or get_request_edition().id
    matches = queries.search_badges(edition_id, text, now())
    note(
        station,
        BadgeAction.ATTENDEES_SEARCHED,
        f"station:{station.id}",
        text=text[:60],
        found=len(matches),
    )
    return json_answer(
        {
            "attendees": [
                {**_holder(badge), "category_code": badge.category, **state}
                for badge, state in matches
            ]
        }
    )


@blueprint.get("/names")
@only(Role.STATION, kinds=READS_BADGES)
@Operation(
    "Les noms qu’un contrôle de badges tient en mémoire (journalisé)",
    query=answers.Version,
    gives=answers.Names,
    answers="Au plus quelques milliers\u00a0: redemandez.",
    refuses=(429,),
)
def list_names() -> ResponseReturnValue:
    """Return the names that a door holds in memory only (see `docs/decisions/0020`)."""
    identity = actor()
    station, edition = _station_and_edition()
    since = _requested_serial(edition)
    if since == 0:
        count_try(f"station-names:{station.id}", WHOLE_NAMES_AN_HOUR, 3600)
        note(identity, BadgeAction.ATTENDEES_LISTED, f"station:{station.id}")
    serial, names = names_since(edition.id, since)
    rows = [[code_hash, *(astuple(label) if label else ())] for code_hash, label in names]
    answer = {"edition": edition.id, "serial": serial, "names": rows, "now": fair_clock()}
    return json_answer(answer)


@blueprint.get("/inside")
@only(Role.STATION, kinds=READS_BADGES)
@Operation(
    "L’appel\u00a0: qui est à l’intérieur, par lieu (journalisé)",
    gives=answers.RollCall,
    answers="Les noms, que la station garde en mémoire seulement.",
    refuses=(429,),
)
def call_roll() -> ResponseReturnValue:
    """Return the people inside, for an evacuation (see `docs/decisions/0020`)."""
    station, edition = _station_and_edition()
    count_try(f"station-roll-call:{station.id}", ROLL_CALLS_AN_HOUR, 3600)
    note(actor(), BadgeAction.ATTENDEES_CALLED, f"station:{station.id}")
    called = roll_call(edition, now(), real_now())
    groups = [
        [
            group.label,
            [[line.badge, line.name, line.more, line.needs] for line in group.lines],
        ]
        for group in called.groups
    ]
    return json_answer({"words": called.count.words, "groups": groups, "now": fair_clock()})


@blueprint.get("/station")
@only(Role.STATION, kinds=DEVICES)
@Operation(
    "Ce que la station doit savoir\u00a0: portes, zones, règles",
    gives=answers.Station,
    answers="La station.",
)
def describe_station() -> ResponseReturnValue:
    station, edition = _station_and_edition()
    rules, badges = stations.settings_of(edition), settings_of(edition.id)
    expires_at = (station.enrolled_at or real_now()) + STATION_LIFETIME
    seconds_left = max(0, int((expires_at - real_now()).total_seconds()))
    checks_codes = station.kind in READS_BADGES
    at = now()
    doors = [_door(door, code, at) for code, door in places.doors_by_code(edition.id, at)]
    return json_answer(
        {
            "station": {
                "id": station.id,
                "name": station.name,
                "kind": station.kind,
                "door": station.door,
                "signed_in_seconds": seconds_left,
            },
            "edition": {"id": edition.id, "name": edition.short_name, "day": edition.day_label},
            "closed": FAIR_CANCELLED if edition.is_cancelled else "",
            "doors": doors,
            "lets_unknown_in": rules.lets_unknown_in,
            **({"code_key": edition.code_key.hex()} if checks_codes else {}),
            **({"kiosk": _kiosk_rules(rules, badges)} if station.kind == StationKind.KIOSK else {}),
            "categories": {
                category: [Category(category).label, colour]
                for category, colour in category_colours(badges.colours).items()
            },
            "needs": Need.choices(),
            "qr_prefix": settings().qr_prefix,
            "list_serial": stations.list_serial(edition.id),
            "now": fair_clock(),
        }
    )


def _kiosk_rules(rules: EntranceSettings, badges: BadgeSettings) -> dict[str, object]:
    return {
        "pin_salt": rules.kiosk_pin_salt,
        "pin_hash": rules.kiosk_pin_hash,
        "layout": badges.kiosk_layout,
        "lines": badges.lines,
        "prints": rules.kiosk_prints,
    }


def _station_and_edition() -> tuple[Station, Edition]:
    """Return the calling station and the edition it works for. Raises NoEditionOpen."""
    identity = actor()
    assert identity.id is not None
    station = get_station(identity.id)
    edition = stations.find_edition_of(station)
    if edition is None:
        raise NoEditionOpen
    return station, edition


def _door(door: places.DoorState, code: str, at: datetime) -> dict[str, object]:
    zone = door.facts.zone
    return {
        "code": code,
        "label": door.label,
        "admits": list(door.facts.admits),
        "zone": zone
        and {
            "id": zone.id,
            "label": zone.label,
            "admits": list(zone.admits),
            "vip_only": zone.is_vip_only,
            "capacity": zone.capacity,
            "inside": door.inside,
            **_hours(hours_at(zone, at)),  # read by devices that are not up to date
            "hours": [_hours(hours) for hours in zone.hours],
            "early_admits": list(zone.early_admits),
            "strict": zone.is_strict,
        },
    }


def _hours(hours: ZoneHours) -> dict[str, str | None]:
    return {name: at and at.isoformat() for name, at in hours._asdict().items()}


@blueprint.get("/badges")
@only(Role.STATION, kinds=SCANS)
@Operation(
    "La liste scellée des badges, ou ce qui en a changé",
    query=answers.Version,
    gives=bytes,
    answers="En-tête de 16 octets (SDM1, édition, numéro, nombre), puis par badge\u00a0: "
    "8 octets du SHA-256 du code, 1 si annulé, longueur, étiquette chiffrée.",
)
def list_badges() -> ResponseReturnValue:
    """Return the list that a station works from without network (see `offline_list.py`)."""
    _, edition = _station_and_edition()
    since = _requested_serial(edition)
    body = pack(
        edition.id, stations.list_serial(edition.id), stations.list_since(edition.id, since)
    )
    response = Response(body, mimetype="application/octet-stream")
    response.headers["Cache-Control"] = "no-store"
    return response


def _requested_serial(edition: Edition) -> int:
    """Return the serial of this edition's list on the device; 0 to send it whole."""
    if request.args.get("edition", type=int) != edition.id:
        return 0
    since = min(max(request.args.get("since", 0, type=int), 0), LAST_ROW)
    # A device may know more than a backup that was restored.
    return since if since <= stations.list_serial(edition.id) else 0


@blueprint.post("/station/report")
@only(Role.STATION, kinds=SCANS)
@Operation(
    "La station dit son état",
    takes=scans.Report,
    gives=answers.Reported,
    answers="Reçu.",
    details="Un nombre hors de ses bornes y est ramené\u00a0; ce qui n’est pas du type dit "
    "est passé sous silence\u00a0: une station malade doit pouvoir le dire.",
)
def report() -> ResponseReturnValue:
    station, edition = _station_and_edition()
    device_report = scans.read_report(request.get_data())
    save_report(station.id, device_report, real_now())
    rules = stations.settings_of(edition)
    return json_answer(
        {
            "list_serial": stations.list_serial(edition.id),
            "lets_unknown_in": rules.lets_unknown_in,
            "now": fair_clock(),
        }
    )


@blueprint.post("/oddities")
@only(Role.STATION, kinds=SCANS)
@Operation(
    "Confie les passages refusés\u00a0: ils vont «\u00a0à vérifier\u00a0», jamais à la corbeille",
    takes=scans.Oddities,
    gives=answers.Kept,
    answers="Gardés.",
)
def keep_oddities() -> ResponseReturnValue:
    """Record what POST /scans refused, so that nothing read by a station is lost."""
    station, edition = _station_and_edition()
    oddities = scans.read_oddities(request.get_data())
    record_oddities(edition, station.id, oddities, now())
    return json_answer({"kept": [oddity.scan_id for oddity in oddities], "now": fair_clock()})


@blueprint.get("/time")
@public
@Operation(
    "L’heure du salon, pour mesurer l’écart de l’horloge d’une station",
    gives=answers.Time,
    answers="L’heure, avec son décalage.",
)
def tell_time() -> ResponseReturnValue:
    return json_answer({"now": fair_clock()})


@blueprint.get("/openapi.json")
@public
@Operation("Cette description", gives=Json, answers="OpenAPI 3.1.")
def describe() -> ResponseReturnValue:
    extensions = current_app.extensions
    if "salon_api" not in extensions:
        extensions["salon_api"] = description_of(current_app, PREFIX, WORDS)
    return jsonify(extensions["salon_api"])
