"""Who is inside by name, for an evacuation; who came, by commune and by EPCI."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.badges.actions import BadgeAction
from salon.entrance.documents.came_places import places_table
from salon.entrance.presenters.roll_call import roll_call as read_roll_call
from salon.entrance.queries.came_places import add_up, by_epci, count_by_commune
from salon.entrance.routes import blueprint
from salon.fair.access import get_request_edition
from salon.platform.database.day_presences import are_readings_destroyed
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import note
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import actor, only
from salon.platform.web.long_answers import long_answer


@blueprint.get("/organisation/entrees/appel")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def roll_call() -> ResponseReturnValue:
    moment = now()
    note(actor(), BadgeAction.ATTENDEES_CALLED)
    called = read_roll_call(get_request_edition(), moment, real_now())
    return render_template(
        "entrance/roll_call.html", groups=called.groups, count=called.count, moment=moment
    )


@blueprint.get("/organisation/entrees/communes")
@only(Domain.WELCOME, Domain.REGISTRATIONS)
def came_places() -> ResponseReturnValue:
    edition, moment = get_request_edition(), now()
    places = count_by_commune(edition, moment)
    return render_template(
        "entrance/came_places.html",
        places=places,
        epcis=by_epci(places),
        total=add_up(places, "Total"),
        days=[day.day_on for day in edition.days],
        moment=moment,
        has_readings=not are_readings_destroyed(edition.id),
    )


@blueprint.get("/organisation/entrees/communes.<any(csv,xlsx):kind>")
@only(Domain.WELCOME, Domain.REGISTRATIONS)
@long_answer
def came_places_file(kind: str) -> ResponseReturnValue:
    edition = get_request_edition()
    if are_readings_destroyed(edition.id):
        abort(404)
    days = [day.day_on for day in edition.days]
    return places_table(count_by_commune(edition, now()), days).download("communes-venues", kind)
