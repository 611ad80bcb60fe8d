"""The organiser's list of people, and the page of one of them."""

from flask import (
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from salon.badges import forms, queries, services
from salon.badges.engine.matching import Place
from salon.badges.models import Attendee, AttendeeStatus, Category, HalfDay
from salon.badges.models.labels import ACTIONS, Civility, Need, Purpose, printed_function
from salon.badges.queries import AttendeeFilter
from salon.badges.routes import blueprint
from salon.platform import formats
from salon.platform.access import actor, only, page_asked, settings
from salon.platform.acts import offer_undo
from salon.platform.clock import local, now
from salon.platform.confirmation import Question, confirmation_page, is_confirmed
from salon.platform.forms import filters_in_force
from salon.platform.identity import Role
from salon.platform.journal import note
from salon.platform.limits import count_try
from salon.platform.spreadsheets import csv_lines
from salon.platform.typography import of

COLUMNS = (
    *("Civilité", "Prénom", "Nom", "Fonction", "Commune, EPCI ou organisme", "Code INSEE"),
    *("EPCI", "Catégorie", "Adresse électronique", "Téléphone", "Venue", "Besoins", "Précisions"),
    *("État", "Inscrit le", "Inscrit par", "Badge imprimé"),
)


def commune_code(typed: str | None) -> str:
    """The code of the commune typed in a filter; "?" keeps nobody when there is none."""
    if not typed:
        return ""
    found = queries.find_place(typed)
    return found.commune_code or "?" if isinstance(found, Place) else "?"


def filter_asked() -> tuple[forms.AttendeeFilterForm, AttendeeFilter]:
    """The filter of the address. What it says wrongly filters nothing."""
    form = forms.AttendeeFilterForm(request.args)
    form.epci.choices = {"": "Tous", **{one.siren: one.name for one in queries.all_epcis()}}
    if not form.validate():
        return form, AttendeeFilter()
    if form.q.data:
        count_try(f"search:{actor().key}", settings().searches_per_minute, 60)
    return form, AttendeeFilter(
        text=form.q.data or "",
        category=form.category.data,
        epci=form.epci.data or "",
        commune=commune_code(form.commune.data),
        state=form.state.data,
        printed=form.printed.data,
    )


@blueprint.get("/organisation/participants")
@only(Role.ORGANISER)
def attendees() -> ResponseReturnValue:
    form, wanted = filter_asked()
    return render_template(
        "badges/attendees.html",
        form=form,
        active=filters_in_force(form),
        page=queries.attendees_page(queries.get_edition().id, wanted, page_asked()),
        places=queries.all_places(),
        categories=Category,
        states=AttendeeStatus,
        printed_function=printed_function,
    )


@blueprint.get("/organisation/participants.csv")
@only(Role.ORGANISER)
def attendees_csv() -> ResponseReturnValue:
    _, wanted = filter_asked()
    note(actor(), "attendees.exported", filters=wanted.as_dict())
    found = queries.attendees_in_chunks(queries.get_edition().id, wanted)
    response = Response(
        stream_with_context(csv_lines(COLUMNS, map(_cells, found))), mimetype="text/csv"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="inscrits.csv"'
    return response


def _cells(one: Attendee) -> list[str]:
    epci = one.commune.epci.name if one.commune else one.epci.name if one.epci else ""
    printed = any(badge.printings for badge in one.badges if badge.is_valid)
    return [
        Civility(one.civility).label if one.civility else "",
        one.first_name,
        one.last_name,
        printed_function(one.function, one.function_other, one.civility),
        one.on_behalf_of,
        one.commune_code or "",
        epci,
        Category(one.category).label,
        one.email,
        one.phone,
        HalfDay(one.half_day).label,
        ", ".join(Need(need).label for need in one.needs),
        one.needs_note,
        AttendeeStatus(one.status).label,
        f"{local(one.registered_at):%d/%m/%Y %H:%M}",
        one.registered_by,
        "oui" if printed else "non",
    ]


@blueprint.get("/organisation/participants/<int:attendee_id>")
@only(Role.ORGANISER)
def attendee(attendee_id: int) -> ResponseReturnValue:
    found = queries.get_attendee(attendee_id)
    note(actor(), "attendee.read", f"attendee:{found.id}")
    return _attendee_page(attendee_id)


def _attendee_page(attendee_id: int, wrong: str = "") -> str:
    found = queries.get_attendee(attendee_id)
    badge = queries.find_valid_badge(attendee_id)
    standing = [one for one in found.consents if one.withdrawn_at is None]
    return render_template(
        "badges/attendee.html",
        attendee=found,
        badge=badge,
        short_code=queries.short_code(badge.code) if badge else "",
        function=printed_function(found.function, found.function_other, found.civility),
        category=Category(found.category),
        state=AttendeeStatus(found.status),
        half_day=HalfDay(found.half_day).label,
        needs=", ".join(Need(one).label for one in found.needs),
        consents=[Purpose(one.purpose).label for one in standing],
        printings=queries.printings_of(found),
        history=[
            (formats.short_moment(one.at), ACTIONS.get(one.action, one.action), one.actor_name)
            for one in queries.history_of(found)
        ],
        category_form=forms.CategoryForm(
            formdata=None, category=found.category, is_vip=found.is_vip
        ),
        reason_form=forms.ReasonForm(formdata=None),
        layouts=forms.LAYOUTS.items(),
        wrong=wrong,
    )


def _back(attendee_id: int) -> ResponseReturnValue:
    return redirect(url_for("badges.attendee", attendee_id=attendee_id))


@blueprint.post("/organisation/participants/<int:attendee_id>/categorie")
@only(Role.ORGANISER)
def set_category(attendee_id: int) -> ResponseReturnValue:
    form = forms.CategoryForm()
    if not form.validate():
        return _attendee_page(attendee_id, "Choisissez une catégorie de la liste."), 400
    category = Category(form.category.data)
    services.set_category(attendee_id, category, form.is_vip.data, now(), actor())
    flash("La catégorie est changée. Un badge déjà imprimé porte encore l’ancienne.", "success")
    return _back(attendee_id)


@blueprint.post("/organisation/participants/<int:attendee_id>/revoquer")
@only(Role.ORGANISER)
def revoke_badge(attendee_id: int) -> ResponseReturnValue:
    form = forms.ReasonForm()
    if not form.validate():
        return _attendee_page(attendee_id, "Indiquez le motif de la révocation."), 400
    badge = queries.get_valid_badge(attendee_id)
    services.revoke_badge(badge.id, form.reason.data, now(), actor())
    flash("Le badge est révoqué : il est refusé à toutes les portes.", "success")
    offer_undo(
        url_for("badges.restore_badge", attendee_id=attendee_id, badge_id=badge.id),
        "Rétablir ce badge",
    )
    return _back(attendee_id)


@blueprint.post("/organisation/participants/<int:attendee_id>/badges/<int:badge_id>/retablir")
@only(Role.ORGANISER)
def restore_badge(attendee_id: int, badge_id: int) -> ResponseReturnValue:
    if queries.get_badge(badge_id).attendee_id != attendee_id:
        abort(404)
    services.restore_badge(badge_id, actor())
    flash("Le badge est rétabli : il ouvre de nouveau l’entrée.", "success")
    return _back(attendee_id)


@blueprint.post("/organisation/participants/<int:attendee_id>/reediter")
@only(Role.ORGANISER)
def reissue_badge(attendee_id: int) -> ResponseReturnValue:
    form = forms.ReasonForm()
    if not form.validate():
        return _attendee_page(attendee_id, "Indiquez le motif du nouveau badge."), 400
    key = form.submission_key.data

    def reissue() -> None:
        services.reissue_badge(attendee_id, form.reason.data, key, now(), actor())

    if not is_confirmed():
        question = Question(
            title="Émettre un nouveau badge",
            kicker=queries.get_attendee(attendee_id).full_name,
            button="Émettre le nouveau badge",
            back=url_for("badges.attendee", attendee_id=attendee_id),
            facts=["L’ancien badge, imprimé ou sur un téléphone, est refusé aussitôt."],
            is_final=True,
            section="badges.attendees",
        )
        return confirmation_page(question, reissue)
    reissue()
    flash("Un nouveau badge est émis ; l’ancien est refusé.", "success")
    return _back(attendee_id)


@blueprint.post("/organisation/participants/<int:attendee_id>/annuler")
@only(Role.ORGANISER)
def cancel_attendee(attendee_id: int) -> ResponseReturnValue:
    services.cancel_attendee(attendee_id, now(), actor())
    name = queries.get_attendee(attendee_id).full_name
    flash(f"L’inscription {of(name)} est annulée, son badge n’ouvre plus l’entrée.", "success")
    offer_undo(
        url_for("appointments.restore_registration", attendee_id=attendee_id),
        "Rétablir l’inscription",
    )
    return _back(attendee_id)
