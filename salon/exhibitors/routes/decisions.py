"""Decisions on applications: one with its message, several at once."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.forms.review import DECISIONS, TOGETHER, DecisionForm, TogetherForm
from salon.exhibitors.models import ContactKind, Exhibitor
from salon.exhibitors.presenters.labels import ACTIONS
from salon.exhibitors.queries import review as queries
from salon.exhibitors.queries.exhibitors import find_terms, get_exhibitor
from salon.exhibitors.routes import blueprint
from salon.exhibitors.routes.review import STATE_KINDS, line_of_history
from salon.exhibitors.rules.lifecycle import MOVES, ActorKind, Move, MoveRefused, moves_from
from salon.exhibitors.rules.review import LONGEST_OFFER_DAYS, offer_end
from salon.exhibitors.rules.versions import ChangedMeanwhile
from salon.exhibitors.services import review as services
from salon.exhibitors.services.lifecycle import message_context
from salon.fair.queries import get_current_edition
from salon.platform import formats
from salon.platform.access import LAST_ROW, actor, only
from salon.platform.clock import now
from salon.platform.errors import RuleBroken
from salon.platform.identity import Role
from salon.platform.mail.delivery import shown_words_of
from salon.platform.mail.outbox import Message

MOST_ROWS = 200
YOUR_WORDS = "[votre message]"


@blueprint.route("/organisation/exposants/<int:exhibitor_id>/decision", methods=["GET", "POST"])
@only(Role.ORGANISER)
def decide(exhibitor_id: int) -> ResponseReturnValue:
    found = get_exhibitor(exhibitor_id)
    terms = find_terms(get_current_edition())
    form = DecisionForm(
        version=found.version,
        move=request.args.get("move"),
        offer_days=terms.offer_days if terms else None,
    )
    if not form.validate_on_submit() or request.form.get("action") == "preview":
        return _page(found, form), 400 if form.errors else 200
    move = Move(form.move.data)
    days = form.offer_days.data
    reason = form.reason.data or ""
    try:
        services.decide(exhibitor_id, int(form.version.data), move, reason, actor(), now(), days)
    except (ChangedMeanwhile, MoveRefused) as refusal:
        current = get_exhibitor(exhibitor_id)
        form.version.data = str(current.version)
        return _page(current, form, refusal.message), refusal.status
    except RuleBroken as refusal:
        form.form_errors.append(refusal.message)
        return _page(found, form), refusal.status
    flash(f"{ACTIONS[f'exhibitor.{move}']}. Un courriel le dit à l’exposant.", "success")
    return redirect(url_for("exhibitors.exhibitor", exhibitor_id=exhibitor_id))


def _page(found: Exhibitor, form: DecisionForm, conflict: str = "") -> str:
    """The form of one decision; of every one that is possible when it was not the right moment."""
    possible = moves_from(found.status, ActorKind.ORGANISER)
    asked = next((one for one in possible if one == form.move.data), None)
    form.move.choices = {one.value: DECISIONS[one] for one in possible}
    form.move.data = asked
    form.reason.flags.required = bool(asked and MOVES[asked].needs_reason)
    last = next(iter(queries.history_of(found.id)), None)
    return render_template(
        "exhibitors/decide.html",
        exhibitor=found,
        form=form,
        state=STATE_KINDS[found.status],
        arrow=MOVES[asked] if asked else None,
        chooses=bool(conflict) or asked is None,
        conflict=conflict,
        last=(last, ACTIONS.get(last.action, last.action)) if last else None,
        who=line_of_history(last)[2] if last else "",
        message=_message(found, asked, form.reason.data, form.offer_days.data) if asked else None,
    )


def _message(
    found: Exhibitor, move: Move, typed: str | None, days: int | None = None
) -> tuple[str, str, str]:
    """(address, subject, text) of the message that a decision sends, as typed so far."""
    contact = found.contact(ContactKind.MAIN)
    reason = typed or (YOUR_WORDS if MOVES[move].needs_reason else "")
    until = formats.moment(offer_end(now(), min(max(days or 1, 1), LONGEST_OFFER_DAYS)))
    context = message_context(found, contact, reason, until=until)
    subject, text = shown_words_of(Message(kind=f"exhibitor_{move}", context=context))
    return contact.email if contact else "", subject, text


@blueprint.route("/organisation/exposants/ensemble", methods=["GET", "POST"])
@only(Role.ORGANISER)
def decide_together() -> ResponseReturnValue:
    versions = _versions_sent()
    asked = list(versions) or request.args.getlist("row", type=int)
    ids = [one for one in asked if 0 < one <= LAST_ROW]
    rows = queries.exhibitors_by_id(get_current_edition().id, ids[:MOST_ROWS])
    if not rows:
        flash("Cochez d’abord les candidatures concernées.", "warning")
        return redirect(url_for("exhibitors.review"))
    form = TogetherForm(move=request.args.get("move"))
    if not form.validate_on_submit() or request.form.get("action") == "preview":
        return _together_page(rows, form), 400 if form.errors else 200
    outcomes = services.decide_on_several(
        versions, Move(form.move.data), form.reason.data or "", actor(), now()
    )
    return render_template(
        "exhibitors/decided_together.html",
        outcomes=outcomes,
        done=sum(not one.refusal for one in outcomes),
        word=ACTIONS[f"exhibitor.{form.move.data}"],
    )


def _versions_sent() -> dict[int, int]:
    """Exhibitor → version read, from the fields `version-<id>` of the form."""
    found = {}
    for name, value in request.form.items():
        number = name.removeprefix("version-")
        if name != number and f"{number}{value}".isdecimal() and len(f"{number}{value}") < 18:
            found[int(number)] = int(value)
    return {number: read for number, read in found.items() if 0 < number <= LAST_ROW}


def _together_page(rows: Sequence[Exhibitor], form: TogetherForm) -> str:
    move = Move(form.move.data) if form.move.data in TOGETHER else None
    form.reason.flags.required = bool(move and MOVES[move].needs_reason)
    possible = {one.id: move in moves_from(one.status, ActorKind.ORGANISER) for one in rows}
    first = next((one for one in rows if possible[one.id]), None)
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
