"""Pages of the landmarks of the plan."""

from functools import partial

from flask import url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import fair_act, get_request_edition
from salon.fair.forms.landmarks import AddLandmarkForm, ChangeLandmarkForm
from salon.fair.models import Landmark
from salon.fair.routes import blueprint
from salon.fair.services import landmarks as services
from salon.platform.database.identity import Domain
from salon.platform.pages.setting_pages import SettingPage, setting_question
from salon.platform.web.access import only

PLACE = "/organisation/reglages/reperes"


@blueprint.route(f"{PLACE}/nouveau", methods=["GET", "POST"])
@only(Domain.FAIR)
def add_landmark() -> ResponseReturnValue:
    form = AddLandmarkForm()
    return _page(form).save(partial(services.add_landmark, fair_act()))


@blueprint.route(f"{PLACE}/<int:landmark_id>", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_landmark(landmark_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    landmark = queries.get_landmark(edition, landmark_id)
    form = ChangeLandmarkForm.about(services.landmark_values, landmark)
    return _page(form, landmark).save(
        partial(services.change_landmark, fair_act(edition), landmark)
    )


@blueprint.post(f"{PLACE}/<int:landmark_id>/retirer")
@only(Domain.FAIR)
def remove_landmark(landmark_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    landmark = queries.get_landmark(edition, landmark_id)
    question = setting_question(
        f"Retirer « {landmark.name} »",
        "Retirer ce repère",
        url_for("fair.change_landmark", landmark_id=landmark.id),
        "Il n’est plus dessiné sur le plan, et la recherche ne le trouve plus.",
        is_destructive=True,
    )
    form = ChangeLandmarkForm.about(services.landmark_values, landmark, is_fresh=True)
    remove = partial(services.remove_landmark, fair_act(edition), landmark)
    return _page(form, landmark).remove(question, remove, f"« {landmark.name} » est retiré.")


def _page(
    form: AddLandmarkForm | ChangeLandmarkForm, landmark: Landmark | None = None
) -> SettingPage:
    halls = queries.halls_by_name(get_request_edition())
    form.hall_id.choices = [
        *((str(hall.id), f"Hall {hall.name}") for hall in halls),
        ("", "Dehors, sur le plan du parc"),
    ]
    return SettingPage(
        "fair/change_landmark.html",
        form,
        url_for("fair.floors", _anchor="reperes"),
        f"« {form.name.data} » est sur le plan.",
        {"landmark": landmark},
    )
