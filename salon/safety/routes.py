"""The safety forms of stands and their register."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitor_space.engine.tasks import TaskState, tasks_of
from salon.exhibitors.access import own_exhibitor
from salon.exhibitors.models import Exhibitor, Task
from salon.exhibitors.queries.exhibitors import find_terms, get_exhibitor
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import note
from salon.platform.database.versions import StaleVersion
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.pages.acts import request_act
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import local, now
from salon.platform.web.access import actor, only
from salon.platform.web.long_answers import long_answer
from salon.platform.words.errors import RuleBroken
from salon.safety import queries, services
from salon.safety.actions import SafetyAction
from salon.safety.engine.assessment import AID, TEXTS, Verdict
from salon.safety.engine.questions import (
    QUESTIONS,
    Answers,
    answer_text,
    applicable_questions,
    sections,
    unanswered,
)
from salon.safety.forms import OverrideForm, SafetyAnswersForm, SafetyFilterForm
from salon.safety.queries import Sheet
from salon.safety.rules import FairHasBegun, check_has_a_stand

VERDICT_LOOKS = {
    Verdict.NOTHING: ("ok", "check-circle-fill"),
    Verdict.DECLARE: ("info", "pencil-square"),
    Verdict.ADVICE: ("warning", "person-raised-hand"),
    Verdict.FORBIDDEN: ("danger", "x-octagon-fill"),
}
SHEET_LOOKS = {
    Sheet.MISSING: ("danger", "exclamation-circle-fill"),
    Sheet.BEGUN: ("warning", "hourglass-split"),
    Sheet.COMPLETE: ("ok", "check-circle-fill"),
}

blueprint = Blueprint("safety", __name__)


@blueprint.route("/mon-stand/<int:exhibitor_id>/securite", methods=["GET", "POST"])
@only(Role.EXHIBITOR)
def safety_of(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    check_has_a_stand(exhibitor.is_pavilion)
    if request.method == "GET":
        return _form_page(exhibitor, None)
    form = SafetyAnswersForm()
    if not form.validate():
        return _form_page(exhibitor, form), 400
    version = int(form.version.data or 0)
    try:
        saved = services.answer_safety(request_act(), exhibitor, version, form.answers)
    except FairHasBegun as error:
        return _form_page(exhibitor, None), error.status
    except StaleVersion as error:
        form.refuse(error)
        sheet = queries.find_sheet(exhibitor_id)
        form.version.data = str(sheet.version if sheet else services.NEW)
        return _form_page(exhibitor, form, conflict=True), error.status
    left = len(unanswered(saved.answers))
    if left:
        flash(f"Vos réponses sont gardées. Il en manque {left}.", "info")
        return redirect(url_for("safety.safety_of", exhibitor_id=exhibitor_id))
    flash("La fiche de sécurité de votre stand est complète.", "success")
    return redirect(url_for("safety.safety_of", exhibitor_id=exhibitor_id))


def _form_page(exhibitor: Exhibitor, form: SafetyAnswersForm | None, conflict: bool = False) -> str:
    sheet = queries.find_sheet(exhibitor.id)
    answers = sheet.answers if sheet else {}
    typed_answers = form.answers if conflict and form is not None else answers
    differing = [
        (question.text, answer_text(question, answers), answer_text(question, typed_answers))
        for question in QUESTIONS
        if answers.get(question.key) != typed_answers.get(question.key)
    ]
    left = unanswered(answers)
    return render_template(
        "safety/safety_of.html",
        exhibitor=exhibitor,
        sheet=queries.safety_of(exhibitor, sheet),
        form=form or SafetyAnswersForm.holding(answers, sheet.version if sheet else services.NEW),
        sections=sections(),
        answers=_shown_answers(answers),
        task=_task(exhibitor),
        closed=FairHasBegun.message if now() >= get_request_edition().starts_at else "",
        differences=differing,
        total=len(applicable_questions(answers)),
        left=len(left),
        following=left[0] if answers and left else None,
        looks=VERDICT_LOOKS,
        aid=AID,
        texts=TEXTS,
    )


def _shown_answers(answers: Answers) -> list[tuple[str, str]]:
    return [
        (question.text, answer_text(question, answers) or "Sans réponse")
        for question in applicable_questions(answers)
    ]


def _task(exhibitor: Exhibitor) -> TaskState | None:
    """Return the safety task; None before the organiser has set any date."""
    terms = find_terms(get_request_edition())
    states = tasks_of(exhibitor, terms, local(now()).date()) if terms else []
    return next((state for state in states if state.task == Task.SAFETY), None)


@blueprint.get("/organisation/securite")
@only(Domain.EXHIBITORS)
def safety() -> ResponseReturnValue:
    exhibitor_id = request.args.get("exhibitor", type=int)
    if exhibitor_id is not None:
        return redirect(url_for("safety.safety_sheet", exhibitor_id=exhibitor_id))
    form = SafetyFilterForm(request.args)
    filters: dict[str, str] = requested_filters(form, dict)
    edition = get_request_edition()
    everything = queries.stands_of(edition)
    terms = find_terms(edition)
    return render_template(
        "safety/safety.html",
        form=form,
        page=queries.SAFETY.page_of_rows(
            queries.matching_stands(everything, **filters), requested_page()
        ),
        active=filters_in_force(form),
        counts=queries.counts_of(everything),
        deadline=terms.deadline(Task.SAFETY) if terms else None,
        today=local(now()).date(),
        looks=VERDICT_LOOKS,
        sheet_looks=SHEET_LOOKS,
        aid=AID,
    )


@blueprint.get("/organisation/securite/<int:exhibitor_id>")
@only(Domain.EXHIBITORS)
def safety_sheet(exhibitor_id: int) -> ResponseReturnValue:
    return _sheet_page(get_exhibitor(exhibitor_id))


def _sheet_page(
    exhibitor: Exhibitor, rule: str = "", form: OverrideForm | None = None, message: str = ""
) -> str:
    """`rule` and `form` are those refused; `message` says why."""
    sheet = queries.find_sheet(exhibitor.id)
    answers = sheet.answers if sheet else {}
    return render_template(
        "safety/safety_sheet.html",
        exhibitor=exhibitor,
        sheet=sheet,
        safety=queries.safety_of(exhibitor, sheet),
        answers=_shown_answers(answers),
        rule=rule,
        form=form,
        message=message,
        blank=OverrideForm(formdata=None),
        looks=VERDICT_LOOKS,
        sheet_looks=SHEET_LOOKS,
        aid=AID,
        texts=TEXTS,
    )


@blueprint.post("/organisation/securite/<int:exhibitor_id>/<rule>/lever")
@only(Domain.EXHIBITORS)
def set_rule_aside(exhibitor_id: int, rule: str) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    form = OverrideForm()
    if not form.validate():
        return _sheet_page(exhibitor, rule, form), 400
    try:
        services.set_rule_aside(
            request_act(), exhibitor_id, int(form.version.data or 0), rule, form.reason.data or ""
        )
    except RuleBroken as error:
        return _sheet_page(exhibitor, rule, form, error.message), error.status
    flash("La règle est levée pour ce stand, avec votre motif.", "success")
    return redirect(url_for("safety.safety_sheet", exhibitor_id=exhibitor_id))


@blueprint.post("/organisation/securite/<int:exhibitor_id>/<rule>/retablir")
@only(Domain.EXHIBITORS)
def restore_rule(exhibitor_id: int, rule: str) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    version = request.form.get("version", 0, type=int)
    try:
        services.restore_rule(request_act(), exhibitor_id, version, rule)
    except RuleBroken as error:
        return _sheet_page(exhibitor, message=error.message), error.status
    flash("La règle s’applique de nouveau à ce stand.", "success")
    return redirect(url_for("safety.safety_sheet", exhibitor_id=exhibitor_id))


@blueprint.get("/organisation/securite/registre.pdf")
@only(Domain.EXHIBITORS)
@long_answer
def safety_register() -> ResponseReturnValue:
    from salon.safety.documents import write_register

    edition = get_request_edition()
    rows = queries.stands_of(edition)
    content = write_register(edition, rows, now())
    note(actor(), SafetyAction.REGISTER_EXPORTED, f"edition:{edition.id}", rows=len(rows))
    return pdf_response(content, "registre-securite.pdf", is_download=True)
