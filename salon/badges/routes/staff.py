"""The staff of a stand."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.badges import forms, jobs, queries, rules, services
from salon.badges.engine.matching import Affiliation
from salon.badges.imports.typed_person import person_of
from salon.badges.models import Attendee
from salon.badges.models.badge_layouts import Layout
from salon.badges.models.labels import Function, printed_function
from salon.badges.routes import blueprint
from salon.badges.services import Person
from salon.exhibitors.access import own_exhibitor
from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.queries.staff import staff_quota_of
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Role
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, only, settings
from salon.platform.web.limits import count_try
from salon.platform.words.typography import of


def _person(form: SalonForm, exhibitor: Exhibitor) -> Person:
    return person_of(form, Affiliation(exhibitor.name), function=Function.OTHER)


def _is_open() -> bool:
    try:
        rules.check_team_is_open(get_request_edition().days[-1].day_on, now())
    except rules.TeamClosed:
        return False
    return True


@blueprint.route("/mon-stand/<int:exhibitor_id>/equipe", methods=["GET", "POST"])
@only(Role.EXHIBITOR)
def staff(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    form = forms.StaffForm()
    if form.validate_on_submit():
        person = _person(form, exhibitor)
        name = f"{person.first_name} {person.last_name}"
        with form.refusals(rules.AlreadyInTeam, rules.TeamFull, rules.TeamClosed):
            services.add_staff(request_act(), exhibitor_id, person, form.submission_key.data)
            flash(f"{name} est de l’équipe. Son badge part par courriel.", "success")
            return redirect(url_for("badges.staff", exhibitor_id=exhibitor_id))
    return _staff_page(own_exhibitor(exhibitor_id), form), form.status_code


def _staff_page(exhibitor: Exhibitor, form: forms.StaffForm) -> str:
    people = queries.staff_of(exhibitor.id)
    return render_template(
        "badges/staff.html",
        exhibitor=exhibitor,
        form=form,
        people=[
            (person, printed_function(person.function, person.function_other, person.civility))
            for person in people
        ],
        quota=staff_quota_of(exhibitor, terms_of(get_request_edition())),
        removed=queries.removed_staff_of(exhibitor.id),
        is_open=_is_open(),
        last_day=get_request_edition().days[-1].day_on - timedelta(days=1),
    )


@blueprint.route(
    "/mon-stand/<int:exhibitor_id>/equipe/<int:attendee_id>/remplacer", methods=["GET", "POST"]
)
@only(Role.EXHIBITOR)
def replace_staff(exhibitor_id: int, attendee_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    absent = queries.get_staff(exhibitor_id, attendee_id)
    form = forms.StaffForm()
    if request.method == "GET":
        rules.check_is_registered(absent.status)
        return _replace_page(exhibitor, absent, form)
    if form.validate():
        key, person = form.submission_key.data, _person(form, exhibitor)
        name = f"{person.first_name} {person.last_name}"
        with form.refusals(rules.AlreadyInTeam, rules.TeamClosed):
            services.replace_staff(request_act(), exhibitor_id, attendee_id, person, key)
            flash(f"{name} prend la place {of(absent.full_name)}.", "success")
            return redirect(url_for("badges.staff", exhibitor_id=exhibitor_id))
    return _replace_page(own_exhibitor(exhibitor_id), absent, form), form.status_code


def _replace_page(exhibitor: Exhibitor, absent: Attendee, form: forms.StaffForm) -> str:
    return render_template(
        "badges/replace_staff.html",
        exhibitor=exhibitor,
        absent=absent,
        form=form,
        is_open=_is_open(),
    )


@blueprint.post("/mon-stand/<int:exhibitor_id>/equipe/<int:attendee_id>/retirer")
@only(Role.EXHIBITOR)
def remove_staff(exhibitor_id: int, attendee_id: int) -> ResponseReturnValue:
    own_exhibitor(exhibitor_id)
    services.remove_staff(request_act(), exhibitor_id, attendee_id)
    name = queries.get_staff(exhibitor_id, attendee_id).full_name
    flash(f"{name} n’est plus de l’équipe\u00a0: son badge n’ouvre plus l’entrée.", "success")
    offer_undo(
        url_for("badges.restore_staff", exhibitor_id=exhibitor_id, attendee_id=attendee_id),
        f"Rétablir {name}",
    )
    return redirect(url_for("badges.staff", exhibitor_id=exhibitor_id))


@blueprint.post("/mon-stand/<int:exhibitor_id>/equipe/<int:attendee_id>/retablir")
@only(Role.EXHIBITOR)
def restore_staff(exhibitor_id: int, attendee_id: int) -> ResponseReturnValue:
    own_exhibitor(exhibitor_id)
    services.restore_staff(request_act(), exhibitor_id, attendee_id)
    name = queries.get_staff(exhibitor_id, attendee_id).full_name
    flash(f"{name} est de nouveau de l’équipe, avec le même badge.", "success")
    return redirect(url_for("badges.staff", exhibitor_id=exhibitor_id))


@blueprint.get("/mon-stand/<int:exhibitor_id>/equipe.pdf")
@only(Role.EXHIBITOR)
def staff_pdf(exhibitor_id: int) -> ResponseReturnValue:
    own_exhibitor(exhibitor_id)
    count_try(f"badge-pdf:{actor().key}", settings().badge_downloads_per_minute, 60)
    ids = queries.staff_badges(exhibitor_id)
    content = jobs.render_badges(ids, Layout.A4, settings().qr_prefix) if ids else b""
    return pdf_response(content, "badges-du-stand.pdf")
