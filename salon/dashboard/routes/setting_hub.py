"""The page that leads to every setting of the fair."""

from flask import render_template
from flask.typing import ResponseReturnValue

from salon.dashboard.presenters.setting_cards import setting_groups
from salon.dashboard.routes import blueprint
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.web.access import only

OF_CARDS = (
    Domain.REGISTRATIONS,
    Domain.FAIR,
    Domain.EXHIBITORS,
    Domain.MONEY,
    Domain.WELCOME,
    Domain.VILLAGE,
    Domain.APPOINTMENTS,
)
"""Rights that open at least one of the pages it leads to."""


@blueprint.get("/organisation/reglages")
@only(*OF_CARDS)
def settings() -> ResponseReturnValue:
    groups = setting_groups(get_request_edition())
    return render_template("dashboard/settings.html", groups=groups)
