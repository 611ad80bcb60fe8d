"""Days and hours of the fair: what a change touches is said first, and it is undone in one act."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import get_request_edition
from salon.fair.forms.settings import DaysForm
from salon.fair.routes import blueprint
from salon.fair.routes.settings import PLACE
from salon.fair.services import days as services
from salon.fair.services.days import DayHours
from salon.platform.database.consequences import Consequences
from salon.platform.database.identity import Domain
from salon.platform.database.versions import stamp_of
from salon.platform.pages.acts import offer_undo
from salon.platform.pages.confirmation import Confirmation, consequences_page
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.web.access import actor, only

BLANK_DAY = {"day_on": None, "opens": None, "closes": None}


@blueprint.route(f"{PLACE}/jours", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_days() -> ResponseReturnValue:
    edition = get_request_edition()
    last_change = services.last_change(edition)
    current = services.days_of(edition)
    form = DaysForm(data={"days": [*current["days"], BLANK_DAY], "stamp": stamp_of(current)})

    def change() -> Consequences:
        days = [
            DayHours(entry.form.day_on.data, entry.form.opens.data, entry.form.closes.data)
            for entry in form.days
            if entry.form.day_on.data
        ]
        changes: dict[str, Any] = {"days": days, "words": form.mail_words.data or ""}
        return services.change_days(edition, changes, form.stamp.data or "", actor())

    def ask() -> str | None:
        return consequences_page(
            Confirmation(
                "Changer les jours ou les heures du salon",
                "Changer les jours et les heures",
                url_for("fair.change_days"),
                facts=["Voici ce que ce changement touche. Rien n’est encore enregistré."],
                section="dashboard.settings",
                is_destructive=False,
            ),
            change,
        )

    def save() -> None:
        change()
        if entry := services.last_change(edition):
            offer_undo(url_for("fair.undo_days_change"), entry=str(entry.id))

    page = SettingPage(
        "fair/change_days.html",
        url_for("dashboard.settings"),
        "Les jours et les heures du salon sont enregistrés.",
        lambda: services.days_of(edition),
        context={"last_change": last_change, "former_days": services.former_days(last_change)},
    )
    return page.answer(form, save, ask)


@blueprint.post(f"{PLACE}/jours/retablir")
@only(Domain.FAIR)
def undo_days_change() -> ResponseReturnValue:
    entry_id = request.form.get("entry", type=int) or 0
    services.undo_days_change(get_request_edition(), entry_id, actor())
    flash("Les jours et les heures d’avant sont rétablis, avec ce qui en dépend.", "success")
    return redirect(url_for("fair.change_days"))
