"""Printing in lots: choose, count, launch, follow, fetch the file."""

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.badges import forms, jobs, queries, rules
from salon.badges.models import AttendeeStatus, Category
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.badges.routes import blueprint
from salon.badges.routes.organiser import commune_code
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.web.access import only, stays_open
from salon.platform.web.responses import printed_response

STATES = {
    "waiting": ("warning", "En attente"),
    "running": ("info", "En cours"),
    "done": ("ok", "Prête"),
    "failed": ("danger", "Interrompue"),
}


def read_print_choice() -> tuple[forms.PrintFilterForm, AttendeeFilter, Layout]:
    """Return the filters, the order and the paper. An invalid choice is a 404."""
    usual = queries.settings_of(get_request_edition().id).print_layout
    form = forms.PrintFilterForm(request.args, data={"layout": usual})
    form.epci.choices = {"": "Tous", **{epci.siren: epci.name for epci in queries.all_epcis()}}
    form.validate()
    filters = AttendeeFilter(
        category=form.category.data if form.category.data in set(Category) else "",
        epci=form.epci.data or "",
        commune=commune_code(form.commune.data),
        printed="" if form.printed.data == "all" else "no",
        state=AttendeeStatus.REGISTERED,
        order="epci" if form.order.data == "epci" else "name",
    )
    is_layout = form.layout.data in set(Layout)
    return form, filters, Layout(form.layout.data if is_layout else usual)


@blueprint.get("/organisation/badges")
@only(Domain.REGISTRATIONS, Domain.WELCOME)
@stays_open
def print_runs() -> ResponseReturnValue:
    return _runs_page(forms.PrintRunForm())


def _runs_page(launch: forms.PrintRunForm) -> str:
    form, filters, layout = read_print_choice()
    edition = get_request_edition()
    return render_template(
        "badges/print_runs.html",
        form=form,
        launch=launch,
        count=queries.count_to_print(edition.id, filters),
        most=rules.LARGEST_RUN,
        layout=layout,
        query=request.args.to_dict(),
        runs=queries.recent_print_runs(edition.id),
        states=STATES,
        layouts=forms.LAYOUTS,
        places=queries.all_places(),
    )


@blueprint.post("/organisation/badges")
@only(Domain.REGISTRATIONS, Domain.WELCOME)
def ask_print_run() -> ResponseReturnValue:
    launch = forms.PrintRunForm()
    if launch.validate():
        _, filters, layout = read_print_choice()
        with launch.refusals(rules.NothingToPrint, rules.TooManyToPrint):
            run = jobs.ask_print_run(fair_act(), filters, layout, launch.submission_key.data)
            return redirect(url_for("badges.print_run", run_id=run))
    return _runs_page(launch), launch.status_code


@blueprint.get("/organisation/badges/<int:run_id>")
@only(Domain.REGISTRATIONS, Domain.WELCOME)
def print_run(run_id: int) -> ResponseReturnValue:
    run = queries.get_print_run(run_id)
    return render_template(
        "badges/print_run.html",
        run=run,
        state=STATES[run.status],
        layout=Layout(run.layout).label,
        lifetime_days=rules.FILE_KEPT.days,
    )


@blueprint.get("/organisation/badges/<int:run_id>.json")
@only(Domain.REGISTRATIONS, Domain.WELCOME)
def print_run_state(run_id: int) -> ResponseReturnValue:
    return jsonify(queries.get_print_run(run_id).state)


@blueprint.get("/organisation/badges/<int:run_id>.pdf")
@only(Domain.REGISTRATIONS, Domain.WELCOME)
def print_run_file(run_id: int) -> ResponseReturnValue:
    """Return the file as an attachment; 404 for a run without file."""
    run = queries.get_finished_run(run_id)
    response = printed_response(jobs.file_of(run), f"badges-{run.id}.pdf")
    response.cache_control.max_age = 0
    return response
