"""Proposed plans: ask for one, wait, read it, accept it."""

from datetime import timedelta

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act
from salon.placement import jobs as services
from salon.placement.forms import AcceptProposalForm, AskProposalForm
from salon.placement.models import PlanProposal
from salon.placement.presenters import view_of
from salon.placement.queries import proposals as queries
from salon.placement.queries.placement import floor_of
from salon.placement.routes import blueprint
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import plural

LATE = timedelta(minutes=2)
"""A plan is computed in seconds: after this long, no worker seems to run."""


@blueprint.post("/organisation/placement/propositions")
@only(Domain.EXHIBITORS)
def ask_proposal() -> ResponseReturnValue:
    if not AskProposalForm().validate():
        raise BadInput
    proposal_id = services.ask_proposal(fair_act())
    return redirect(url_for("placement.proposal", proposal_id=proposal_id))


@blueprint.get("/organisation/placement/propositions/<int:proposal_id>")
@only(Domain.EXHIBITORS)
def proposal(proposal_id: int) -> ResponseReturnValue:
    return _proposal_page(queries.get_proposal(proposal_id))


def _proposal_page(proposal: PlanProposal, refusal: str = "") -> str:
    if proposal.is_in_hand:
        late = now() - proposal.asked_at > LATE
        return render_template(
            "placement/proposal_wait.html", proposal=proposal, refusal=refusal, late=late
        )
    view = view_of(
        proposal, floor_of(proposal.edition_id), queries.current_states_of(proposal.edition_id)
    )
    return render_template("placement/proposal.html", proposal=proposal, view=view, refusal=refusal)


@blueprint.get("/organisation/placement/propositions/<int:proposal_id>.json")
@only(Domain.EXHIBITORS)
def proposal_state(proposal_id: int) -> ResponseReturnValue:
    return jsonify(queries.get_proposal(proposal_id).state)


@blueprint.post("/organisation/placement/propositions/<int:proposal_id>")
@only(Domain.EXHIBITORS)
def accept_proposal(proposal_id: int) -> ResponseReturnValue:
    form = AcceptProposalForm()
    if not form.validate():
        raise BadInput
    try:
        count = services.accept_proposal(request_act(), proposal_id, form.exhibitors.data or [])
    except RuleBroken as refusal:
        return _proposal_page(queries.get_proposal(proposal_id), refusal.message), refusal.status
    placed_text = plural(count, "exposant placé", "exposants placés")
    flash(f"{placed_text} ; chacun reçoit un message.", "success")
    return redirect(url_for("placement.placement"))


@blueprint.post("/organisation/placement/propositions/<int:proposal_id>/ecarter")
@only(Domain.EXHIBITORS)
def discard_proposal(proposal_id: int) -> ResponseReturnValue:
    if not AskProposalForm().validate():
        raise BadInput
    try:
        services.discard_proposal(request_act(), proposal_id)
    except RuleBroken as refusal:
        return _proposal_page(queries.get_proposal(proposal_id), refusal.message), refusal.status
    flash("Proposition écartée : rien n’a changé sur le plan.", "success")
    return redirect(url_for("placement.placement"))
