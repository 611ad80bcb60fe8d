"""Days and hours of the fair: what a change touches is said first, and it is undone in one act."""

from functools import partial

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.fair.forms.settings import DaysForm
from salon.fair.routes import blueprint
from salon.fair.routes.settings import PLACE
from salon.fair.services import days as services
from salon.fair.services.days import DayHours
from salon.platform.database.consequences import Consequences
from salon.platform.database.identity import Domain
from salon.platform.database.versions import Values
from salon.platform.pages.setting_pages import (
    SettingPage,
    Undo,
    flash_left_out,
    setting_question,
    undo_entry,
)
from salon.platform.web.access import only


@blueprint.route(f"{PLACE}/jours", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_days() -> ResponseReturnValue:
    edition = get_request_edition()
    last_change = services.last_change(edition)
    page = SettingPage(
        "fair/change_days.html",
        DaysForm.about(services.days_of, edition),
        url_for("dashboard.settings"),
        "Les jours et les heures du salon sont enregistrés.",
        {"last_change": last_change, "former_days": services.former_days(last_change)},
    )
    question = setting_question(
        "Changer les jours ou les heures du salon",
        "Changer les jours et les heures",
        url_for("fair.change_days"),
    )
    undo = Undo(url_for("fair.undo_days_change"), partial(services.last_change, edition))

    def change(values: Values, stamp: str) -> Consequences:
        days = [DayHours(**day) for day in values["days"]]
        return services.change_days(fair_act(edition), {**values, "days": days}, stamp)

    return page.follow(change, question, undo)


@blueprint.post(f"{PLACE}/jours/retablir")
@only(Domain.FAIR)
def undo_days_change() -> ResponseReturnValue:
    done = services.undo_days_change(fair_act(), undo_entry())
    flash_left_out(done)
    flash("Les jours et les heures d’avant sont rétablis, avec ce qui en dépend.", "success")
    return redirect(url_for("fair.change_days"))
