"""Pages of the halls, and the doors beside them."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import fair_act, get_request_edition
from salon.fair.forms.halls import AddHallForm, ChangeHallForm, CloseHallForm
from salon.fair.models import Edition, Hall, PartnerBody
from salon.fair.routes import blueprint
from salon.fair.services import halls as services
from salon.platform.database.identity import Domain
from salon.platform.pages.confirmation import confirmation_page, consequences_page
from salon.platform.pages.setting_pages import SettingPage, removal_form, setting_question
from salon.platform.web.access import only

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
        closed_halls=[
            (hall, removal_form(services.closing_values(hall)))
            for hall in queries.closed_halls_of(edition)
        ],
        doors=queries.doors_of(edition),
    )


@blueprint.route(f"{PLACE}/nouveau", methods=["GET", "POST"])
@only(Domain.FAIR)
def add_hall() -> ResponseReturnValue:
    edition = get_request_edition()
    form = AddHallForm(data=_first_values(edition))
    return _page(form).save(partial(services.add_hall, fair_act(edition)))


@blueprint.route(f"{PLACE}/<int:hall_id>", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_hall(hall_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    hall = queries.get_hall_by_id(edition, hall_id)
    if hall.closed_at is not None:
        return _already_closed(hall)
    form = ChangeHallForm.about(services.hall_values, hall)
    return _page(form, hall).save(partial(services.change_hall, fair_act(edition), hall))


@blueprint.post(f"{PLACE}/<int:hall_id>/retirer")
@only(Domain.FAIR)
def remove_hall(hall_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    hall = queries.get_hall_by_id(edition, hall_id)
    question = setting_question(
        f"Retirer le hall {hall.name}",
        "Retirer ce hall",
        url_for("fair.change_hall", hall_id=hall.id),
        "Il n’a aucun stand : rien d’autre ne change.",
        is_destructive=True,
    )
    form = ChangeHallForm.about(services.hall_values, hall, is_fresh=True)
    remove = partial(services.remove_hall, fair_act(edition), hall)
    return _page(form, hall).remove(question, remove, f"Le hall {hall.name} est retiré.")


@blueprint.route(f"{PLACE}/<int:hall_id>/fermer", methods=["GET", "POST"])
@only(Domain.FAIR)
def close_hall(hall_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    hall = queries.get_hall_by_id(edition, hall_id)
    if hall.closed_at is not None:
        return _already_closed(hall)
    form = _close_form(edition, hall)
    question = setting_question(
        f"Fermer le hall {hall.name}",
        "Fermer ce hall",
        url_for("fair.change_hall", hall_id=hall.id),
        "Voici ce que cette fermeture touche. Rien n’est encore enregistré.",
        is_destructive=True,
    )
    close = partial(services.close_hall, fair_act(edition), hall)

    def ask() -> str:
        act = partial(close, form.values, form.token)
        return consequences_page(question, act) or confirmation_page(question)

    return SettingPage(
        "fair/close_hall.html",
        form,
        url_for("fair.hall_settings"),
        f"Le hall {hall.name} est fermé.",
        {
            "hall": hall,
            "has_bodies": bool(form.bodies.entries),
            "lacking": sum(not entry.form.stand_id.data for entry in form.bodies),
        },
    ).save(close, ask)


@blueprint.post(f"{PLACE}/<int:hall_id>/rouvrir")
@only(Domain.FAIR)
def reopen_hall(hall_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    hall = queries.get_hall_by_id(edition, hall_id)
    question = setting_question(
        f"Rouvrir le hall {hall.name}",
        "Rouvrir ce hall",
        url_for("fair.hall_settings"),
        "Chacun retrouve ce qu’il y avait, sauf ce qui a changé depuis.",
    )
    form = ChangeHallForm.about(services.hall_values, hall, is_fresh=True)
    reopen = partial(services.reopen_hall, fair_act(edition), hall)
    return _page(form, hall).settle(question, reopen, f"Le hall {hall.name} est rouvert.")


def _already_closed(hall: Hall) -> ResponseReturnValue:
    flash(f"Le hall {hall.name} est fermé : il se rouvre d’ici.", "info")
    return redirect(url_for("fair.hall_settings"))


def _close_form(edition: Edition, hall: Hall) -> CloseHallForm:
    """Offer the free stands of the other halls to each body, and to withdraw it."""
    stands = services.proposed_stands(edition, hall)
    bodies = _bodies_in(edition, hall)
    proposed = [{"body_id": key, "stand_id": stands.get(key, 0)} for key in bodies]
    form = CloseHallForm.about(services.closing_values, hall, bodies=proposed)
    free = [
        (stand.id, f"{stand.number}, hall {stand.hall}")
        for stand in queries.stands_on_plan(edition)
        if not stand.who and stand.hall != hall.name
    ]
    for entry in form.bodies:
        fields = entry.form
        fields.stand_id.choices = [*free, (0, "Il ne participe plus au salon")]
        if body := bodies.get(fields.body_id.data):
            fields.stand_id.label.text = f"{body.name}, stand {body.stand.number}"
    return form


def _bodies_in(edition: Edition, hall: Hall) -> dict[int, PartnerBody]:
    bodies = queries.bodies_of(edition)
    return {body.id: body for body in bodies if body.stand.hall_id == hall.id}


def _page(form: AddHallForm | ChangeHallForm, hall: Hall | None = None) -> SettingPage:
    return SettingPage(
        "fair/change_hall.html",
        form,
        url_for("fair.hall_settings"),
        f"Le hall {form.name.data} est enregistré.",
        {"hall": hall},
    )


def _first_values(edition: Edition) -> dict[str, object]:
    """Return the values of a new hall, east of the others."""
    east = max((hall.x + hall.width for hall in queries.halls_of(edition)), default=-GAP)
    return {"x": east + GAP, "y": 0, "aisle": 3, "power_kw": 9}
