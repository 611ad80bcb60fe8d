"""Postpone or cancel the fair: what it touches is said first, and it is undone in one act."""

from flask import url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.fair.forms.settings import StandingForm
from salon.fair.presenters.standing import act_label, facts_of
from salon.fair.routes import blueprint
from salon.fair.routes.settings import PLACE
from salon.fair.rules.standing import StandingAct, standing_acts
from salon.fair.services import standing as services
from salon.platform.database.consequences import Consequences
from salon.platform.database.identity import Domain
from salon.platform.database.versions import Values, stamp_of
from salon.platform.pages.acts import offer_undo
from salon.platform.pages.confirmation import consequences_page
from salon.platform.pages.setting_pages import SettingPage, setting_question
from salon.platform.settings.clock import now
from salon.platform.web.access import only


@blueprint.route(f"{PLACE}/reporter-ou-annuler", methods=["GET", "POST"])
@only(Domain.FAIR)
def change_standing() -> ResponseReturnValue:
    edition = get_request_edition()
    former = services.former_standing(edition)
    form = StandingForm.about(services.standing_of, edition)
    form.act.choices = [
        (act.value, act_label(edition, act, former)) for act in standing_acts(edition, now())
    ]

    def change(values: Values, stamp: str) -> Consequences:
        act = StandingAct(values["act"])
        return services.change_standing(fair_act(edition), act, stamp, values["words"])

    def ask() -> str | None:
        act = StandingAct(form.act.data)
        label = act_label(edition, act, former)
        question = setting_question(
            label,
            label,
            url_for("fair.change_standing"),
            *facts_of(act, former),
            "Rien n’est encore enregistré.",
            is_destructive=act == StandingAct.CANCEL,
        )
        return consequences_page(question, lambda: change(form.values, form.token))

    def save(values: Values, stamp: str) -> None:
        change(values, stamp)
        if values["act"] != StandingAct.REINSTATE:
            offer_undo(
                url_for("fair.change_standing"),
                act=StandingAct.REINSTATE.value,
                stamp=stamp_of(services.standing_of(edition)),
                confirmed="yes",
            )

    return SettingPage(
        "fair/change_standing.html",
        form,
        url_for("fair.change_standing"),
        "L’état du salon est enregistré, et chaque page publique le dit.",
        {"last_change": services.last_change(edition)},
    ).save(save, ask)
