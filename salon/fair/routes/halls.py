"""Pages of the halls, and the doors beside them."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import get_request_edition
from salon.fair.forms.halls import AddHallForm, ChangeHallForm
from salon.fair.models import Edition, Hall
from salon.fair.routes import blueprint
from salon.fair.services import halls as services
from salon.platform.access import actor, only
from salon.platform.confirmation import Question
from salon.platform.identity import Domain
from salon.platform.setting_pages import SettingPage, removal_form, removal_stamp
from salon.platform.versions import stamp_of

PLACE = "/organisation/reglages/halls"
GAP = 10
"""Metres between a new hall and the others, on the plan of the park."""


@blueprint.get(PLACE)
@only(Domain.FAIR)
def hall_settings() -> ResponseReturnValue:
    edition = get_request_edition()
    return render_template(
        "fair/hall_settings.html",
        halls=queries.halls_of(edition),
        doors=queries.doors_of(edition),
    )


@blueprint.route(f"{PLACE}/nouveau", methods=["GET", "POST"])
@only(Domain.FAIR)
def add_hall() -> ResponseReturnValue:
    edition = get_request_edition()
    form = AddHallForm(data=_first_values(edition))

    def save() -> None:
        services.add_hall(edition, _values(form), form.submission_key.data or "", actor())

    return _page(form).answer(form, save)


@blueprint.route(f"{PLACE}/<int:hall_id>", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_hall(hall_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    hall = queries.get_hall_by_id(edition, hall_id)
    values = services.hall_values(hall)
    form = ChangeHallForm(data={**values, "stamp": stamp_of(values)})

    def save() -> None:
        services.change_hall(edition, hall, _values(form), form.stamp.data or "", actor())

    return _page(form, hall).answer(form, save)


@blueprint.post(f"{PLACE}/<int:hall_id>/retirer")
@only(Domain.FAIR)
def remove_hall(hall_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    hall = queries.get_hall_by_id(edition, hall_id)
    stamp, name = removal_stamp(), hall.name
    question = Question(
        title=f"Retirer le hall {name}",
        button="Retirer ce hall",
        back=url_for("fair.change_hall", hall_id=hall.id),
        facts=["Il n’a aucun stand : rien d’autre ne change."],
        section="dashboard.settings",
    )
    form = ChangeHallForm(formdata=None, data=services.hall_values(hall))
    return _page(form, hall).remove(
        form,
        question,
        lambda: services.remove_hall(edition, hall, stamp, actor()),
        f"Le hall {name} est retiré.",
    )


def _page(form: Any, hall: Hall | None = None) -> SettingPage:
    return SettingPage(
        "fair/change_hall.html",
        url_for("fair.hall_settings"),
        f"Le hall {form.name.data} est enregistré.",
        lambda: services.hall_values(hall) if hall else {},
        context={
            "hall": hall,
            "remove": removal_form(services.hall_values(hall)) if hall else None,
        },
    )


def _first_values(edition: Edition) -> dict[str, Any]:
    """Return the values of a new hall, east of the others."""
    east = max((hall.x + hall.width for hall in queries.halls_of(edition)), default=-GAP)
    return {"x": east + GAP, "y": 0, "aisle": 3, "power_kw": 9}


def _values(form: Any) -> dict[str, Any]:
    values = {name: form[name].data for name in services.FIELDS}
    return {**values, "description": form.description.data or ""}
