"""Who is inside by name, for an evacuation."""

from flask import render_template
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.entrance.presenters.roll_call import roll_call as read_roll_call
from salon.entrance.routes import blueprint
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import note
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import actor, only


@blueprint.get("/organisation/entrees/appel")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def roll_call() -> ResponseReturnValue:
    moment = now()
    note(actor(), "attendees.called")
    called = read_roll_call(get_request_edition(), moment, real_now())
    return render_template(
        "entrance/roll_call.html", groups=called.groups, count=called.count, moment=moment
    )
