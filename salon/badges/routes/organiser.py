"""The organiser's list of people, and the page of one person."""

from flask import (
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from salon.badges import forms, queries, services
from salon.badges.actions import BadgeAction
from salon.badges.documents.attendee_list import attendees_table
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee, AttendeeStatus, Category
from salon.badges.models.labels import Need, printed_function
from salon.badges.models.visit_days import visit_words
from salon.badges.presenters import last_presence, presence_rows, registration_words
from salon.badges.queries import AttendeeFilter
from salon.badges.queries.accepted_texts import accepted_by, notice_read_by
from salon.badges.routes import blueprint
from salon.badges.routes.settings import sheet_values
from salon.fair.access import get_request_edition
from salon.platform.database.day_presences import are_readings_destroyed, day_presences_of
from salon.platform.database.identity import Domain
from salon.platform.database.journal import action_label, note
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, only
from salon.platform.web.long_answers import long_answer
from salon.platform.words import formats
from salon.platform.words.typography import of


def commune_code(text: str | None) -> str:
    """Return the code of the commune typed in a filter; "?", which matches nobody, when unknown."""
    if not text:
        return ""
    place = queries.find_place(text)
    return place.commune_code or "?" if isinstance(place, Affiliation) else "?"


def read_filters() -> tuple[forms.AttendeeFilterForm, AttendeeFilter]:
    """Return the form and the filters of the address."""
    form = forms.AttendeeFilterForm(request.args)
    form.epci.choices = {"": "Tous", **{epci.siren: epci.name for epci in queries.all_epcis()}}
    edition = get_request_edition()
    if are_readings_destroyed(edition.id):
        del form.presence
    else:
        form.offer_presences([day.day_on for day in edition.days])
    conversions = {"commune": commune_code, "presence": presence_now}
    return form, requested_filters(form, AttendeeFilter, **conversions)


def presence_now(presence: str) -> str:
    """Return the filter of a choice: who is inside is so at a moment."""
    return f"inside:{now().isoformat()}" if presence == "inside" else presence


@blueprint.get("/organisation/participants")
@only(Domain.REGISTRATIONS)
def attendees() -> ResponseReturnValue:
    form, filters = read_filters()
    edition = get_request_edition()
    page = queries.attendees_page(edition.id, filters, requested_page())
    presences = day_presences_of(edition.id, [person.id for person in page.items])
    return render_template(
        "badges/attendees.html",
        form=form,
        active=filters_in_force(form),
        page=page,
        presences={
            attendee_id: last_presence(days, len(edition.days))
            for attendee_id, days in presences.items()
        },
        places=queries.all_places(),
        categories=Category,
        colours=sheet_values(edition.id),
        states=AttendeeStatus,
        printed_function=printed_function,
    )


@blueprint.get("/organisation/participants.<any(csv,xlsx):kind>")
@only(Domain.REGISTRATIONS)
@long_answer
def attendees_file(kind: str) -> ResponseReturnValue:
    _, filters = read_filters()
    note(actor(), BadgeAction.ATTENDEES_EXPORTED, filters=filters.as_dict())
    edition = get_request_edition()
    people = queries.all_attendees(edition.id, filters, requested_page())
    table = attendees_table(
        queries.with_presences(edition.id, people),
        [day.day_on for day in edition.days],
        are_readings_kept=not are_readings_destroyed(edition.id),
    )
    return table.download("inscrits", kind)


@blueprint.get("/organisation/participants/emargement.pdf")
@only(Domain.REGISTRATIONS)
@long_answer
def attendance_sheet() -> ResponseReturnValue:
    _, filters = read_filters()
    note(actor(), BadgeAction.ATTENDEES_EXPORTED, filters=filters.as_dict())
    edition = get_request_edition()
    people = list(queries.all_attendees(edition.id, filters, requested_page()))
    # ReportLab takes 13 MB: a web worker that prints nothing does without.
    from salon.badges.documents.attendance_sheet import attendance_sheet as sheet_of

    sheet = sheet_of(edition, people, now())
    return pdf_response(sheet, "emargement.pdf", is_download=True)


@blueprint.get("/organisation/participants/<int:attendee_id>")
@only(Domain.REGISTRATIONS)
def attendee(attendee_id: int) -> ResponseReturnValue:
    attendee = queries.get_attendee(attendee_id)
    note(actor(), BadgeAction.ATTENDEE_READ, f"attendee:{attendee.id}")
    return _attendee_page(attendee_id)


def _attendee_page(attendee_id: int, error_message: str = "") -> str:
    attendee = queries.get_attendee(attendee_id)
    badge = queries.find_valid_badge(attendee_id)
    return render_template(
        "badges/attendee.html",
        attendee=attendee,
        badge=badge,
        short_code=queries.short_code(badge.code) if badge else "",
        function=printed_function(attendee.function, attendee.function_other, attendee.civility),
        category=Category(attendee.category),
        colours=sheet_values(attendee.edition_id),
        state=AttendeeStatus(attendee.status),
        visit=visit_words(
            attendee.half_day,
            attendee.visit_days,
            [day.day_on for day in queries.edition_of(attendee).days],
        ),
        duplicates=queries.duplicates_of(attendee),
        merge=queries.find_merge(attendee_id),
        presences=_presence_rows(attendee),
        needs=", ".join(Need(need).label for need in attendee.needs),
        notice_read=notice_read_by(attendee),
        consents=[f"{row.text} ({row.version})" for row in accepted_by(attendee)],
        printings=queries.printings_of(attendee),
        registered=registration_words(attendee),
        history=[
            (formats.short_moment(entry.at), action_label(entry.action), entry.actor_name)
            for entry in queries.history_of(attendee)
        ],
        category_form=forms.CategoryForm(
            formdata=None, category=attendee.category, is_vip=attendee.is_vip
        ),
        reason_form=forms.ReasonForm(formdata=None),
        layouts=forms.LAYOUTS.items(),
        wrong=error_message,
    )


def _presence_rows(attendee: Attendee) -> list[tuple[str, str]]:
    """Return what was read of a person on each day of the fair that has begun; nothing once the
    readings are destroyed."""
    edition = queries.edition_of(attendee)
    if are_readings_destroyed(edition.id):
        return []
    presences = day_presences_of(edition.id, [attendee.id]).get(attendee.id, ())
    return presence_rows(presences, [day.day_on for day in edition.days if day.opens_at <= now()])


def _back(attendee_id: int) -> ResponseReturnValue:
    return redirect(url_for("badges.attendee", attendee_id=attendee_id))


@blueprint.post("/organisation/participants/<int:attendee_id>/categorie")
@only(Domain.REGISTRATIONS)
def set_category(attendee_id: int) -> ResponseReturnValue:
    form = forms.CategoryForm()
    if not form.validate():
        return _attendee_page(attendee_id, "Choisissez une catégorie de la liste."), 400
    category = Category(form.category.data)
    services.set_category(request_act(), attendee_id, category, form.is_vip.data)
    flash("La catégorie est changée. Un badge déjà imprimé porte encore l’ancienne.", "success")
    return _back(attendee_id)


@blueprint.post("/organisation/participants/<int:attendee_id>/revoquer")
@only(Domain.REGISTRATIONS)
def revoke_badge(attendee_id: int) -> ResponseReturnValue:
    form = forms.ReasonForm()
    if not form.validate():
        return _attendee_page(attendee_id, "Indiquez le motif de la révocation."), 400
    badge = queries.get_valid_badge(attendee_id)
    services.revoke_badge(request_act(), badge.id, form.reason.data)
    flash("Le badge est révoqué : il est refusé à toutes les portes.", "success")
    offer_undo(
        url_for("badges.restore_badge", attendee_id=attendee_id, badge_id=badge.id),
        "Rétablir ce badge",
    )
    return _back(attendee_id)


@blueprint.post("/organisation/participants/<int:attendee_id>/badges/<int:badge_id>/retablir")
@only(Domain.REGISTRATIONS)
def restore_badge(attendee_id: int, badge_id: int) -> ResponseReturnValue:
    if queries.get_badge(badge_id).attendee_id != attendee_id:
        abort(404)
    services.restore_badge(request_act(), badge_id)
    flash("Le badge est rétabli : il ouvre de nouveau l’entrée.", "success")
    return _back(attendee_id)


@blueprint.post("/organisation/participants/<int:attendee_id>/reediter")
@only(Domain.REGISTRATIONS)
def reissue_badge(attendee_id: int) -> ResponseReturnValue:
    form = forms.ReasonForm()
    if not form.validate():
        return _attendee_page(attendee_id, "Indiquez le motif du nouveau badge."), 400
    key = form.submission_key.data

    def reissue() -> None:
        services.reissue_badge(request_act(), attendee_id, form.reason.data, key)

    question = Confirmation(
        title="Émettre un nouveau badge",
        kicker=queries.get_attendee(attendee_id).full_name,
        button="Émettre le nouveau badge",
        back=url_for("badges.attendee", attendee_id=attendee_id),
        facts=["L’ancien badge, imprimé ou sur un téléphone, est refusé aussitôt."],
        is_final=True,
        section="badges.attendees",
    )
    if page := confirm_first(question, reissue):
        return page
    flash("Un nouveau badge est émis ; l’ancien est refusé.", "success")
    return _back(attendee_id)


@blueprint.post("/organisation/participants/<int:attendee_id>/annuler")
@only(Domain.REGISTRATIONS)
def cancel_attendee(attendee_id: int) -> ResponseReturnValue:
    services.cancel_attendee(request_act(), attendee_id)
    name = queries.get_attendee(attendee_id).full_name
    flash(f"L’inscription {of(name)} est annulée, son badge n’ouvre plus l’entrée.", "success")
    offer_undo(
        url_for("appointments.restore_registration", attendee_id=attendee_id),
        "Rétablir l’inscription",
    )
    return _back(attendee_id)
