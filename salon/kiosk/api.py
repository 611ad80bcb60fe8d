"""The API of kiosks and print stations, under /api/v1/kiosk. It answers JSON only."""

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.accounts.queries import get_station
from salon.badges.imports.typed_person import person_of, read_place
from salon.badges.models.visit_days import written_days
from salon.badges.queries import payload_of, search_places, settings_of
from salon.badges.services import Person, send_badges_like
from salon.entrance.imports import scans
from salon.entrance.queries.stations import find_edition_of
from salon.entrance.services.scans import record_scans
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition
from salon.kiosk import documents, forms, imports, queries, rules, services
from salon.kiosk.engine import visit_tokens
from salon.kiosk.presenters import welcome
from salon.kiosk.presenters.way import way_shown
from salon.platform.database.identity import Role
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import local, now, real_now
from salon.platform.web.access import actor, only, settings
from salon.platform.web.devices.description import Operation
from salon.platform.web.devices.fields import Json
from salon.platform.web.devices.reading import Content, read, read_json
from salon.platform.web.json_answers import fair_clock, json_answer
from salon.platform.web.limits import count_try
from salon.platform.words.errors import BadInput

blueprint = Blueprint("kiosk_api", __name__, url_prefix="/api/v1/kiosk")

MOST_PLACES = 6
LONGEST_SEARCH = 100


class WrongFields(BadInput):
    """`errors`: the messages of each field; `choices`: places that may have been meant."""

    message = "Vérifiez ce qui est indiqué sous les champs."

    def __init__(self, errors: Json, choices: list[str] | None = None) -> None:
        super().__init__()
        self.errors = {name: str(messages[0]) for name, messages in errors.items() if messages}
        self.choices = choices or []


@blueprint.errorhandler(WrongFields)
def wrong_fields(error: WrongFields) -> Response:
    content = {"message": error.message, "errors": error.errors, "choices": error.choices}
    return _json({"status": error.status, **content}, error.status)


@blueprint.post("/visits")
@only(Role.STATION, kinds=(StationKind.KIOSK,))
@Operation("Accueille le porteur d’un badge", takes=imports.Presented, gives=documents.KioskWelcome)
def begin_visit() -> ResponseReturnValue:
    """Check the badge in, as POST /scans does with the same scan, and welcome its holder."""
    station_id, _ = _station()
    item = scans.read_scan(_content().get("scan"))
    (result,) = record_scans(station_id, None, [item], now())
    answer: Json = {
        "verdict": result.verdict,
        "message": welcome.verdict_sentence(result),
    }
    if result.verdict in welcome.WELCOMED and result.holder is not None:
        badge = queries.get_badge(result.holder.id)
        visit = visit_tokens.begin(station_id, badge.id, real_now())
        answer |= {**_opened(visit), "person": welcome.holder_shown(badge)}
    return _json(answer)


@blueprint.post("/visits/renew")
@only(Role.STATION, kinds=(StationKind.KIOSK,))
@Operation("Prolonge la visite", takes=imports.Visit, gives=documents.KioskOpened, refuses=(410,))
def renew_visit() -> ResponseReturnValue:
    visit, _ = _visit(_read(imports.Visit))
    return _json(_opened(visit))


@blueprint.post("/visits/correct")
@only(Role.STATION, kinds=(StationKind.KIOSK,))
@Operation(
    "Corrige l’orthographe d’un nom",
    takes=imports.Respelling,
    gives=documents.KioskCorrected,
    refuses=(409, 410, 429),
    corrects=documents.KioskWrongFields,
)
def correct_holder() -> ResponseReturnValue:
    content = _content()
    visit, _ = _visit(imports.Visit.model_validate(content))
    count_try(f"kiosk-correct:{visit.station_id}", rules.CORRECTIONS_AN_HOUR, 3600)
    form = forms.CorrectForm(forms.form_data(content))
    if not form.validate():
        raise WrongFields(form.errors)
    badge = services.correct_holder(
        request_act(),
        visit.badge_id,
        int(form.version.data or 0),
        form.first_name.data or "",
        form.last_name.data or "",
    )
    return _json({**_opened(visit), "person": welcome.holder_shown(badge)})


@blueprint.post("/visits/day")
@only(Role.STATION, kinds=(StationKind.KIOSK,))
@Operation(
    "La suite de la journée", takes=imports.DayAsked, gives=documents.KioskDay, refuses=(410,)
)
def show_day() -> ResponseReturnValue:
    """Return the rest of the holder's day, and the way to their next appointment."""
    content = _read(imports.DayAsked)
    visit, edition = _visit(content)
    badge = queries.get_badge(visit.badge_id)
    day = queries.day_of(edition, badge.attendee_id, now())
    return _json(
        {
            **_opened(visit),
            "appointments": [
                welcome.appointment_shown(appointment) for appointment in day.appointments
            ],
            "talks": [welcome.talk_shown(talk) for talk in day.talks],
            "way": way_shown(edition, day, content.near),
        }
    )


@blueprint.get("/places")
@only(Role.STATION, kinds=(StationKind.KIOSK,))
@Operation(
    "Propose des communes et des intercommunalités",
    query=documents.Typed,
    gives=documents.KioskPlaces,
    answers="Au plus six.",
    refuses=(429,),
)
def suggest_places() -> ResponseReturnValue:
    station_id, _ = _station()
    count_try(f"kiosk-places:{station_id}", rules.SEARCHES_A_MINUTE, 60)
    text = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    places = search_places(text, MOST_PLACES) if len(text) > 1 else []
    return _json({"places": [place.name for place in places]})


@blueprint.post("/registrations")
@only(Role.STATION, kinds=(StationKind.KIOSK,))
@Operation(
    "Inscrit quelqu’un qui n’a pas de badge",
    takes=imports.Registration,
    gives=documents.KioskRegistered,
    refuses=(409, 429),
    corrects=documents.KioskWrongFields,
)
def register_walk_in() -> ResponseReturnValue:
    """Register a person without a badge; return the content of their badge's QR code."""
    station_id, edition = _station()
    count_try(f"kiosk-register:{station_id}", rules.REGISTRATIONS_AN_HOUR, 3600)
    form = forms.WalkInForm(forms.form_data(_content()))
    person = _person(form, edition)
    badge = services.register_walk_in(fair_act(edition), person, str(form.submission_key.data))
    if form.earlier_badge.data:
        send_badges_like(fair_act(edition), person)
    return _json({"code": payload_of(badge, settings().qr_prefix)})


def _person(form: forms.WalkInForm, edition: Edition) -> Person:
    """Return the person that was typed, who comes today."""
    valid = form.validate()
    place = read_place(form)
    if not valid or place is None:
        choices = getattr(form.place_choice, "choices", {})
        raise WrongFields({field.name: field.errors for field in form}, list(choices))
    days = [day.day_on for day in edition.days]
    today = written_days([local(now()).date()], days)
    return person_of(form, place, consents=form.consents, visit_days=today)


@blueprint.post("/print-jobs")
@only(Role.STATION, kinds=(StationKind.KIOSK,))
@Operation(
    "Demande l’impression du badge",
    takes=imports.PrintAsked,
    gives=documents.KioskPrintAsked,
    refuses=(409, 410, 422),
)
def ask_print() -> ResponseReturnValue:
    content = _read(imports.PrintAsked)
    visit, edition = _visit(content)
    layout = settings_of(edition.id).kiosk_layout
    services.ask_print(request_act(), visit.badge_id, content.job_id, layout)
    return _json({**_opened(visit), "waiting": queries.count_waiting(edition.id)})


@blueprint.post("/printings")
@only(Role.STATION, kinds=(StationKind.KIOSK,))
@Operation(
    "Une borne a imprimé d’elle-même",
    takes=imports.Printing,
    gives=documents.KioskRecorded,
    refuses=(422,),
)
def record_printing() -> ResponseReturnValue:
    """Record that a kiosk printed a badge by itself, perhaps some time ago; the badge is named by
    its hash.
    """
    _, edition = _station()
    printing, layout = _read(imports.Printing), settings_of(edition.id).kiosk_layout
    is_recorded = services.record_printing(
        request_act(), edition.id, printing.code_hash, printing.job_id, layout
    )
    return _json({"recorded": is_recorded})


@blueprint.post("/print-jobs/next")
@only(Role.STATION, kinds=(StationKind.PRINTER,))
@Operation("Le prochain badge à imprimer", gives=documents.KioskJob)
def take_next() -> ResponseReturnValue:
    """Return the next badge for a print station, which holds it for a minute."""
    _, edition = _station()
    job = services.take_next(request_act(), edition.id)
    content = None
    if job is not None:
        badge = queries.get_badge(job.badge_id)
        face = welcome.face_shown(badge, payload_of(badge, settings().qr_prefix))
        content = {"id": job.id, "layout": job.layout, "asked_by": job.asked_by, "badge": face}
    return _json({"job": content, "waiting": queries.count_waiting(edition.id)})


@blueprint.post("/print-jobs/<int:number>/done")
@only(Role.STATION, kinds=(StationKind.PRINTER,))
@Operation("Ce badge est imprimé", gives=documents.KioskWaiting, refuses=(404, 409))
def finish_job(number: int) -> ResponseReturnValue:
    _, edition = _station()
    services.finish_job(request_act(), edition.id, number)
    return _json({"waiting": queries.count_waiting(edition.id)})


def _station() -> tuple[int, Edition]:
    """Return the calling station and the edition it works for."""
    identity = actor()
    assert identity.id is not None
    station = get_station(identity.id)
    return station.id, find_edition_of(station) or get_request_edition()


def _visit(content: imports.Visit) -> tuple[visit_tokens.Visit, Edition]:
    """Return the visit of a kiosk's call. Raises VisitOver."""
    station_id, edition = _station()
    return visit_tokens.visit_of(content.visit, station_id, real_now(), _keys()), edition


def _opened(visit: visit_tokens.Visit) -> Json:
    """Return a fresh token of the visit, sent with each answer."""
    lasts = int(rules.VISIT_LASTS.total_seconds())
    return {"visit": visit_tokens.token_of(visit, real_now(), _keys()), "seconds": lasts}


def _keys() -> list[str]:
    secrets = current_app.config
    return [*secrets["SECRET_KEY_FALLBACKS"], secrets["SECRET_KEY"]]


def _read(model: type[Content]) -> Content:
    """Return the body of the request. Raises UnreadableCall."""
    return read(model, request.get_data(), imports.UnreadableCall)


def _content() -> Json:
    """Return the JSON object of the request, which a form checks. Raises UnreadableCall."""
    content = read_json(request.get_data(), imports.UnreadableCall)
    if not isinstance(content, dict):
        raise imports.UnreadableCall
    return content


def _json(content: Json, status: int = 200) -> Response:
    return json_answer({**content, "now": fair_clock()}, status)
