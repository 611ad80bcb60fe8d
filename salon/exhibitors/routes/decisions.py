"""Decisions on applications, one with its message or several at once."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.forms.review import BATCH_MOVES, DECISIONS, BatchDecisionForm, DecisionForm
from salon.exhibitors.models import ApplicationStatus, ContactKind, Exhibitor
from salon.exhibitors.presenters.states import STATE_KINDS
from salon.exhibitors.queries import review as queries
from salon.exhibitors.queries.exhibitors import find_terms, get_exhibitor, next_to_study
from salon.exhibitors.routes import blueprint
from salon.exhibitors.routes.review import line_of_history
from salon.exhibitors.rules.lifecycle import MOVES, ActorKind, Move, MoveRefused, moves_from
from salon.exhibitors.rules.review import LONGEST_OFFER_DAYS, offer_end
from salon.exhibitors.services import review as services
from salon.exhibitors.services.lifecycle import message_context
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.database.journal import action_label
from salon.platform.database.versions import StaleVersion
from salon.platform.mail.delivery import shown_words_of
from salon.platform.mail.outbox import Message
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import now
from salon.platform.web.access import LAST_ROW, only
from salon.platform.words import formats
from salon.platform.words.errors import RuleBroken

MOST_ROWS = 200
YOUR_WORDS = "[votre message]"


@blueprint.route("/organisation/exposants/<int:exhibitor_id>/decision", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def decide(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    terms = find_terms(get_request_edition())
    form = DecisionForm(
        version=exhibitor.version,
        move=request.args.get("move"),
        offer_days=terms.offer_days if terms else None,
    )
    if not form.validate_on_submit() or request.form.get("action") == "preview":
        return _page(exhibitor, form), form.status_code
    move = Move(form.move.data)
    decision = services.OrganiserDecision(move, form.reason.data or "", form.offer_days.data)
    goes_on = request.form.get("action") == "next"
    was_to_study = exhibitor.status == ApplicationStatus.SUBMITTED
    try:
        services.decide(request_act(), exhibitor_id, int(form.version.data), decision)
    except (StaleVersion, MoveRefused) as refusal:
        current = get_exhibitor(exhibitor_id)
        form.version.data = str(current.version)
        return _page(current, form, refusal.message), refusal.status
    except RuleBroken as refusal:
        form.refuse(refusal)
        return _page(exhibitor, form), form.status_code
    contact = exhibitor.contact(ContactKind.MAIN)
    is_told = contact is not None and contact.email
    told = "Un courriel le dit à l’exposant." if is_told else "Sans adresse, rien n’est parti."
    flash(f"{ExhibitorAction(f'exhibitor.{move}').label}. {told}", "success")
    following = next_to_study(exhibitor)
    if following is None and (was_to_study or goes_on):
        flash("C’était la dernière : aucune autre candidature n’est à étudier.", "success")
    if goes_on and following is None:
        return redirect(url_for("exhibitors.review"))
    next_id = following[0] if goes_on and following else exhibitor_id
    return redirect(url_for("exhibitors.exhibitor", exhibitor_id=next_id))


def _page(exhibitor: Exhibitor, form: DecisionForm, conflict: str = "") -> str:
    """Return the form of one decision; of every possible one after a conflict."""
    possible = moves_from(exhibitor.status, ActorKind.ORGANISER)
    chosen_move = next((move for move in possible if move == form.move.data), None)
    form.move.choices = {move.value: DECISIONS[move] for move in possible}
    form.move.data = chosen_move
    form.reason.flags.required = bool(chosen_move and MOVES[chosen_move].needs_reason)
    last = next(iter(queries.history_of(exhibitor.id)), None)
    return render_template(
        "exhibitors/decide.html",
        exhibitor=exhibitor,
        form=form,
        state=STATE_KINDS[exhibitor.status],
        arrow=MOVES[chosen_move] if chosen_move else None,
        chooses=bool(conflict) or chosen_move is None,
        conflict=conflict,
        last=(last, action_label(last.action)) if last else None,
        who=line_of_history(last)[2] if last else "",
        following=next_to_study(exhibitor),
        message=_message(exhibitor, chosen_move, form.reason.data, form.offer_days.data)
        if chosen_move
        else None,
    )


def _message(
    exhibitor: Exhibitor, move: Move, typed_words: str | None, days: int | None = None
) -> tuple[str, str, str]:
    """Return (address, subject, text) of the message that a decision sends, as typed so far."""
    contact = exhibitor.contact(ContactKind.MAIN)
    reason = typed_words or (YOUR_WORDS if MOVES[move].needs_reason else "")
    until = formats.moment(offer_end(now(), min(max(days or 1, 1), LONGEST_OFFER_DAYS)))
    context = message_context(exhibitor, contact, reason, until=until)
    subject, text = shown_words_of(
        Message(kind=f"exhibitor_{move}", about=f"exhibitor:{exhibitor.id}", context=context)
    )
    return contact.email if contact else "", subject, text


@blueprint.route("/organisation/exposants/ensemble", methods=["GET", "POST"])
@only(Domain.EXHIBITORS)
def decide_together() -> ResponseReturnValue:
    versions = _versions_sent()
    requested_ids = list(versions) or request.args.getlist("row", type=int)
    ids = [exhibitor_id for exhibitor_id in requested_ids if 0 < exhibitor_id <= LAST_ROW]
    rows = queries.exhibitors_by_id(get_request_edition().id, ids[:MOST_ROWS])
    if not rows:
        flash("Cochez d’abord les candidatures concernées.", "warning")
        return redirect(url_for("exhibitors.review"))
    form = BatchDecisionForm(move=request.args.get("move"))
    if not form.validate_on_submit() or request.form.get("action") == "preview":
        return _batch_page(rows, form), form.status_code
    outcomes = services.decide_on_several(
        fair_act(),
        versions,
        services.OrganiserDecision(Move(form.move.data), form.reason.data or ""),
    )
    return render_template(
        "exhibitors/decided_together.html",
        outcomes=outcomes,
        done=sum(not outcome.refusal for outcome in outcomes),
        word=ExhibitorAction(f"exhibitor.{form.move.data}").label,
    )


def _versions_sent() -> dict[int, int]:
    """Return the version read of each exhibitor, from the fields `version-<id>` of the form."""
    versions = {}
    for name, value in request.form.items():
        number = name.removeprefix("version-")
        if name != number and f"{number}{value}".isdecimal() and len(f"{number}{value}") < 18:
            versions[int(number)] = int(value)
    return {number: read for number, read in versions.items() if 0 < number <= LAST_ROW}


def _batch_page(rows: Sequence[Exhibitor], form: BatchDecisionForm) -> str:
    move = Move(form.move.data) if form.move.data in BATCH_MOVES else None
    form.reason.flags.required = bool(move and MOVES[move].needs_reason)
    possible = {
        exhibitor.id: move in moves_from(exhibitor.status, ActorKind.ORGANISER)
        for exhibitor in rows
    }
    first = next((exhibitor for exhibitor in rows if possible[exhibitor.id]), None)
    return render_template(
        "exhibitors/decide_together.html",
        rows=rows,
        possible=possible,
        count=sum(possible.values()),
        form=form,
        arrow=MOVES[move] if move else None,
        state_kinds=STATE_KINDS,
        first=first,
        message=_message(first, move, form.reason.data) if first and move else None,
    )
