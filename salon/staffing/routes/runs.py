"""Pages of the solver's runs: request, follow, read, accept; and the weights of its rules."""

from datetime import timedelta

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition
from salon.platform.database.identity import Domain
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import offer_undo
from salon.platform.pages.confirmation import Confirmation, confirmation_page, is_confirmed
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import plural
from salon.staffing import jobs as services
from salon.staffing.documents.rota_export import planned_rows
from salon.staffing.engine.solving.problem import Weights
from salon.staffing.forms.runs import AskRunForm, SettingsForm
from salon.staffing.models import RotaRun, ShiftStatus
from salon.staffing.presenters.labels import RULES, when_words, where_words
from salon.staffing.presenters.remedies import remedy_view
from salon.staffing.presenters.run import view_of
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.rota import (
    by_agent,
    get_run,
    latest_runs,
    rota_of,
    shifts_of,
    stands_of,
)
from salon.staffing.routes import blueprint
from salon.staffing.services.settings import RotaSettings, change_settings, get_or_create_rota

LATE = timedelta(minutes=10)
"""A rota is made in three minutes or so: beyond this, no worker seems to run."""


@blueprint.get("/organisation/village/calculs")
@only(Domain.VILLAGE)
def runs() -> ResponseReturnValue:
    latest = latest_runs(get_request_edition())
    return render_template("staffing/runs.html", form=AskRunForm(), runs=latest)


@blueprint.post("/organisation/village/calculs")
@only(Domain.VILLAGE)
def ask_run() -> ResponseReturnValue:
    keeps_draft = AskRunForm().keeps_draft.data
    run_id = services.ask_run(fair_act(), keeps_draft)
    return redirect(url_for("staffing.run", run_id=run_id))


@blueprint.get("/organisation/village/calculs/<int:run_id>")
@only(Domain.VILLAGE)
def run(run_id: int) -> ResponseReturnValue:
    return _run_page(get_run(get_request_edition(), run_id))


def _run_page(run: RotaRun, refusal: str = "") -> str:
    if run.is_in_hand and not run.result:
        late = now() - run.asked_at > LATE
        return render_template("staffing/run_wait.html", run=run, refusal=refusal, late=late)
    edition = get_request_edition()
    draft = by_agent(shifts_of(edition, ShiftStatus.DRAFT))
    locked = [shift for row in draft.values() for shift in row if shift.is_locked]
    proposed, stands = planned_rows(run.result.get("shifts", []), locked), stands_of(edition)
    return render_template(
        "staffing/run.html",
        run=run,
        view=view_of(run, agents_of(edition), draft, proposed),
        where=lambda shift: where_words(stands, shift.stand_id),
        when=lambda shift: when_words(shift, len(edition.days) > 1),
        refusal=refusal,
    )


@blueprint.get("/organisation/village/calculs/<int:run_id>.json")
@only(Domain.VILLAGE)
def run_state(run_id: int) -> ResponseReturnValue:
    return jsonify(get_run(get_request_edition(), run_id).state)


@blueprint.post("/organisation/village/calculs/<int:run_id>/arreter")
@only(Domain.VILLAGE)
def stop_run(run_id: int) -> ResponseReturnValue:
    return _act(run_id, "stop")


@blueprint.post("/organisation/village/calculs/<int:run_id>/ecarter")
@only(Domain.VILLAGE)
def discard_run(run_id: int) -> ResponseReturnValue:
    return _act(run_id, "discard")


@blueprint.post("/organisation/village/calculs/<int:run_id>/accepter")
@only(Domain.VILLAGE)
def accept_run(run_id: int) -> ResponseReturnValue:
    return _act(run_id, "accept")


@blueprint.post("/organisation/village/calculs/<int:run_id>/remede")
@only(Domain.VILLAGE)
def apply_remedy(run_id: int) -> ResponseReturnValue:
    """Show what a remedy would do; then apply it."""
    return _act(run_id, "apply")


@blueprint.post("/organisation/village/calculs/<int:run_id>/remede/annuler")
@only(Domain.VILLAGE)
def undo_remedy(run_id: int) -> ResponseReturnValue:
    return _act(run_id, "undo")


def _remedy(edition: Edition, run_id: int) -> ResponseReturnValue:
    key = request.form.get("remedy", "")
    if not is_confirmed():
        trial = services.try_remedy(edition, run_id, key, now())
        view = remedy_view(
            trial.words, trial.instance.problem, trial.problem, trial.before, trial.after
        )
        return render_template("staffing/remedy.html", run_id=run_id, remedy=key, view=view)
    words = services.use_remedy(fair_act(edition), run_id, key)
    flash(f"Remède appliqué\u00a0: {words}.", "success")
    offer_undo(url_for("staffing.undo_remedy", run_id=run_id), "Annuler ce remède")
    return redirect(url_for("staffing.run", run_id=run_id))


def _acceptance(run_id: int) -> Confirmation:
    return Confirmation(
        title="En faire le brouillon",
        kicker="Planning proposé",
        button="Remplacer le brouillon",
        back=url_for("staffing.run", run_id=run_id),
        facts=[
            "Ce planning remplace le brouillon actuel ; les vacations verrouillées restent.",
            "Rien n’est publié : les agents ne sont prévenus qu’à la publication.",
        ],
        section="staffing.runs",
    )


def _act(run_id: int, verb: str) -> ResponseReturnValue:
    edition = get_request_edition()
    try:
        if verb == "apply":
            return _remedy(edition, run_id)
        if verb == "undo":
            words = services.undo_remedy(fair_act(edition), run_id)
            flash(f"Remède annulé\u00a0: {words}.", "success")
            return redirect(url_for("staffing.run", run_id=run_id))
        if verb == "stop":
            services.stop_run(fair_act(edition), run_id)
            return redirect(url_for("staffing.run", run_id=run_id))
        if verb == "discard":
            services.discard_run(fair_act(edition), run_id)
            flash("Planning écarté\u00a0: le brouillon n’a pas changé.", "success")
            return redirect(url_for("staffing.runs"))
        if not is_confirmed():
            return confirmation_page(
                _acceptance(run_id), lambda: services.accept_run(fair_act(edition), run_id)
            )
        changed_count = services.accept_run(fair_act(edition), run_id)
    except RuleBroken as refusal:
        return _run_page(get_run(edition, run_id), refusal.message), refusal.status
    rows = plural(changed_count, "ligne changée", "lignes changées")
    flash(f"Le brouillon est ce planning ({rows}). Relisez-le, puis publiez-le.", "success")
    return redirect(url_for("staffing.grid"))


@blueprint.get("/organisation/reglages/planning")
@only(Domain.VILLAGE)
def rota_settings() -> ResponseReturnValue:
    rota = rota_of(get_request_edition())
    weights = vars(Weights()) | rota.weights
    form = SettingsForm(
        version=rota.version,
        before_minutes=rota.before_minutes,
        after_minutes=rota.after_minutes,
        lunch_is_due=rota.lunch_is_due,
        least_stint=rota.least_stint,
        **weights,
    )
    return render_template("staffing/rota_settings.html", form=form, rules=RULES)


@blueprint.post("/organisation/reglages/planning")
@only(Domain.VILLAGE)
def change_rota_settings() -> ResponseReturnValue:
    form, edition = SettingsForm(), get_request_edition()
    if not form.validate():
        return render_template("staffing/rota_settings.html", form=form, rules=RULES), 400
    settings = RotaSettings(
        form.before_minutes.data,
        form.after_minutes.data,
        form.lunch_is_due.data,
        form.least_stint.data,
        form.weights,
    )
    try:
        change_settings(fair_act(edition), form.read_version, settings)
    except StaleVersion as refusal:
        form.version.data = get_or_create_rota(edition).version
        page = render_template(
            "staffing/rota_settings.html", form=form, rules=RULES, refusal=refusal.message
        )
        return page, refusal.status
    flash("Réglages enregistrés\u00a0: ils comptent dès le prochain calcul.", "success")
    return redirect(url_for("staffing.runs"))
