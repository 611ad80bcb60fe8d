"""« Doublons »: likely duplicates, merge with its preview, people and organisations told apart."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.badges.models import Attendee, DistinctPeople
from salon.duplicates import forms, presenters, queries, rules, services
from salon.duplicates.services.merging import PARTS, states_of
from salon.exhibitors.models import DistinctExhibitors
from salon.exhibitors.presenters.states import STATE_KINDS
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import offer_undo
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.web.access import only
from salon.platform.web.long_answers import long_answer
from salon.platform.words import formats
from salon.platform.words.errors import RuleBroken
from salon.platform.words.typography import of
from salon.staffing.models import DistinctAgents, MergedAgent
from salon.staffing.queries.agents import find_agent, get_agent

blueprint = Blueprint("duplicates", __name__)

AGENTS = "duplicates.agents"
EXHIBITORS = "duplicates.exhibitors"
MOST_GROUPS = 40
"""Groups shown at a time; the next ones come once these are settled."""


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10]


@blueprint.get("/organisation/doublons")
@only(Domain.REGISTRATIONS)
@long_answer
def duplicates() -> ResponseReturnValue:
    edition = get_request_edition()
    groups = queries.groups_of(edition.id)
    return render_template(
        "duplicates/duplicates.html",
        groups=presenters.present_groups(edition.id, groups[:MOST_GROUPS]),
        total=len(groups),
        registrations=sum(len(group.ids) for group in groups),
        people=queries.count_people(edition.id),
        merges=presenters.present_merges(edition.id),
        apart=queries.told_apart(edition.id, DistinctPeople),
    )


@blueprint.route("/organisation/doublons/reunir", methods=["GET", "POST"])
@only(Domain.REGISTRATIONS)
def merge() -> ResponseReturnValue:
    edition = get_request_edition()
    people = queries.people_of(edition.id, _numbers(request.values.getlist("row")))
    try:
        rules.check_can_merge(states_of(people))
        return _merge_or_ask(people)
    except RuleBroken as error:
        flash(error.message, "warning")
        return redirect(url_for("duplicates.duplicates"))


def _merge_or_ask(people: Sequence[Attendee]) -> ResponseReturnValue:
    edition = get_request_edition()
    held = presenters.held_of(people)
    people = sorted(people, key=lambda person: person.id != held.attendee_id)
    parts = {
        part: (presenters.PART_LABELS[part], choices)
        for part, choices in presenters.part_choices(people).items()
    }
    ids, defaults = [person.id for person in people], presenters.default_sources(people, held)
    form: forms.MergeFields = forms.merge_form(parts, presenters.clash_choices(ids), defaults)()
    status = 200
    if request.method == "POST":
        status = 400
        if form.validate():
            with form.refusals(RuleBroken):
                chosen = services.Merge(
                    ids=tuple(ids),
                    badge_id=int(form.badge_id.data or 0),
                    sources=_sources(form, defaults),
                    kept_appointments=_kept(form),
                )
                kept = services.merge_people(fair_act(edition), chosen)
                return _merged(kept, [number for number in ids if number != kept.id])
            status = form.status_code
    form.badge_id.data = str(held.badge_id)
    page = render_template(
        "duplicates/merge.html",
        form=form,
        cards=presenters.present_people(edition.id, ids, held),
        why=presenters.why_held(held),
        follows=presenters.what_follows(people, held),
        is_printed=held.printed_at is not None,
        choices=[form[name] for name in form.data if name.startswith((forms.PART, forms.CLASH))],
    )
    return page, status


def _sources(form: forms.MergeFields, defaults: dict[str, int]) -> dict[str, int]:
    chosen = {part: form.data.get(f"{forms.PART}{part}") for part in PARTS}
    return {part: int(chosen[part] or defaults[part]) for part in PARTS}


def _kept(form: forms.MergeFields) -> frozenset[int]:
    clashes = (value for name, value in form.data.items() if name.startswith(forms.CLASH))
    return frozenset(int(value) for value in clashes)


def _merged(kept: Attendee, former_ids: Sequence[int]) -> ResponseReturnValue:
    count = len(former_ids) + 1
    words = f"Les {count} inscriptions {of(kept.full_name)} sont réunies"
    flash(f"{words} : un seul badge ouvre la porte.", "success")
    path = url_for("duplicates.separate", attendee_id=former_ids[0])
    offer_undo(path, "Défaire la réunion")
    return redirect(url_for("badges.attendee", attendee_id=kept.id))


@blueprint.post("/organisation/doublons/<int:attendee_id>/defaire")
@only(Domain.REGISTRATIONS)
def separate(attendee_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    if not queries.people_of(edition.id, [attendee_id]):
        abort(404)
    try:
        people = services.separate_people(fair_act(edition), attendee_id)
    except RuleBroken as error:
        flash(error.message, "warning")
        return redirect(url_for("duplicates.duplicates"))
    words = formats.plural(len(people) + 1, "inscription")
    flash(f"La réunion est défaite : {words}, chacune avec son badge, comme avant.", "success")
    return redirect(url_for("duplicates.duplicates"))


@blueprint.post("/organisation/doublons/deux-personnes")
@only(Domain.REGISTRATIONS)
def tell_apart() -> ResponseReturnValue:
    return _tell_apart(DistinctPeople, "duplicates.duplicates", "duplicates.compare_again")


@blueprint.post("/organisation/doublons/comparer")
@only(Domain.REGISTRATIONS)
def compare_again() -> ResponseReturnValue:
    return _compare_again(DistinctPeople, "duplicates.duplicates")


def _tell_apart(table: services.Pairs, page: str, undo: str) -> ResponseReturnValue:
    people = request.form.get("people", "")
    try:
        numbers = _numbers(people.split(","))
        services.tell_apart(fair_act(), numbers, table)
    except rules.FewerThanTwo as error:
        flash(error.message, "warning")
        return redirect(url_for(page))
    flash("Ces fiches ne seront plus proposées ensemble.", "success")
    offer_undo(url_for(undo), "Les proposer de nouveau", people=people)
    return redirect(url_for(page))


def _compare_again(table: services.Pairs, page: str) -> ResponseReturnValue:
    numbers = _numbers(request.form.get("people", "").split(","))
    services.compare_again(fair_act(), numbers, table)
    flash("Ces fiches sont de nouveau comparées.", "success")
    return redirect(url_for(page))


@blueprint.get("/organisation/doublons/agents")
@only(Domain.VILLAGE)
def agents() -> ResponseReturnValue:
    edition = get_request_edition()
    return render_template(
        "duplicates/agents.html",
        groups=presenters.present_agents(edition, queries.agents_alike(edition)),
        merges=queries.merges_of(edition.id, MergedAgent),
        apart=queries.told_apart(edition.id, DistinctAgents),
    )


@blueprint.post("/organisation/doublons/agents/<int:agent_id>/garder")
@only(Domain.VILLAGE)
def merge_agents(agent_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    kept = get_agent(edition, agent_id)
    former = get_agent(edition, request.form.get("agent", 0, type=int))
    question = Confirmation(
        title="Réunir ces deux fiches d’agent",
        kicker=kept.polite_name,
        button="Réunir ces deux fiches",
        back=url_for(AGENTS),
        facts=[
            f"Reste la fiche {of(kept.full_name)} ({kept.email}).",
            f"L’autre ({former.email}) est retirée, son badge mène à celui de la première.",
            "Ses thèmes, stands, absences et vacations passent à la première\u00a0; celles déjà "
            "publiées dans une nouvelle publication, avec leurs rendez-vous.",
        ],
        section="duplicates.duplicates",
    )
    try:
        asked = confirm_first(
            question, lambda: services.merge_agents(fair_act(edition), kept.id, former.id)
        )
    except RuleBroken as error:
        flash(error.message, "warning")
        return redirect(url_for(AGENTS))
    if asked:
        return asked
    flash(f"Les deux fiches {of(kept.full_name)} sont réunies.", "success")
    offer_undo(url_for("duplicates.separate_agents", agent_id=former.id), "Défaire la réunion")
    return redirect(url_for(AGENTS))


@blueprint.post("/organisation/doublons/agents/<int:agent_id>/defaire")
@only(Domain.VILLAGE)
def separate_agents(agent_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    agent = find_agent(agent_id)
    if agent is None or agent.edition_id != edition.id:
        abort(404)
    try:
        services.separate_agents(fair_act(edition), agent_id)
        flash(
            "La réunion est défaite : deux fiches, chacune avec son badge, comme avant.", "success"
        )
    except RuleBroken as error:
        flash(error.message, "warning")
    return redirect(url_for(AGENTS))


@blueprint.post("/organisation/doublons/agents/deux-personnes")
@only(Domain.VILLAGE)
def tell_agents_apart() -> ResponseReturnValue:
    return _tell_apart(DistinctAgents, AGENTS, "duplicates.compare_agents_again")


@blueprint.post("/organisation/doublons/agents/comparer")
@only(Domain.VILLAGE)
def compare_agents_again() -> ResponseReturnValue:
    return _compare_again(DistinctAgents, AGENTS)


@blueprint.get("/organisation/doublons/exposants")
@only(Domain.EXHIBITORS)
@long_answer
def exhibitors() -> ResponseReturnValue:
    edition = get_request_edition()
    return render_template(
        "duplicates/exhibitors.html",
        pairs=presenters.present_exhibitors(queries.exhibitors_alike(edition.id)),
        apart=queries.told_apart(edition.id, DistinctExhibitors),
        state_kinds=STATE_KINDS,
    )


@blueprint.post("/organisation/doublons/exposants/deux-organismes")
@only(Domain.EXHIBITORS)
def tell_exhibitors_apart() -> ResponseReturnValue:
    return _tell_apart(DistinctExhibitors, EXHIBITORS, "duplicates.compare_exhibitors_again")


@blueprint.post("/organisation/doublons/exposants/comparer")
@only(Domain.EXHIBITORS)
def compare_exhibitors_again() -> ResponseReturnValue:
    return _compare_again(DistinctExhibitors, EXHIBITORS)
