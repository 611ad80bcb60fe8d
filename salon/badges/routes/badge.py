"""The holder's private pages: e-badge, files, change, cancel, replace, consents."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from salon.badges import forms, jobs, queries, rules, services
from salon.badges.imports.typed_person import person_of, read_place
from salon.badges.models import Attendee, Badge, Category
from salon.badges.models.badge_layouts import Layout
from salon.badges.models.labels import Need, printed_function
from salon.badges.models.visit_days import visit_words
from salon.badges.queries.accepted_texts import accepted_by, texts_in_force
from salon.badges.queries.visit_days import visit_labels
from salon.badges.routes import blueprint
from salon.badges.routes.settings import sheet_values
from salon.fair.queries import programme_of
from salon.platform.database.engagements import engagements_of_attendees
from salon.platform.database.versions import StaleVersion
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import network, public, settings, stays_open
from salon.platform.web.limits import count_try
from salon.platform.web.responses import calendar_response
from salon.platform.web.saved_pages import PrivatePages, manifest_response, worker_response

VISITING = (Category.VISITOR, Category.ELECTED, Category.GUEST)
"""Categories that may book appointments with the agents of the village."""


def requested_layout(default: Layout) -> Layout:
    """Return the paper of `?format=`. An unsupported one is a 404."""
    try:
        return Layout(request.values.get("format") or default)
    except ValueError:
        abort(404)


def live_badge(token: str) -> Badge:
    """Return the badge of a private link that still works.

    Raises NoLongerRegistered, LinkNoLongerOpens; NoResultFound for an unknown link.
    """
    badge = badge_of_link(token)
    rules.check_is_registered(badge.attendee.status)
    rules.check_link_opens(badge.revoked_at)
    return badge


def badge_of_link(token: str) -> Badge:
    """Return the badge as `live_badge` does, also for a cancelled or replaced person.

    Their page stays, so that a form sent twice gets the same answer twice.
    """
    badge = queries.get_badge_by_token(token)
    rules.check_link_opens(badge.revoked_at, badge.revoked_reason)
    return badge


def return_address(token: str, attendee: Attendee) -> str:
    """Return the address of the group's page when `?dossier=` names it, else of the badge's.

    A link that is not of this person's group is a 404.
    """
    link = request.args.get("dossier")
    if not link:
        return url_for("badges.badge", token=token)
    if queries.get_group_by_token(link).id != attendee.group_id:
        abort(404)
    return url_for("badges.group", token=link)


@blueprint.get("/badge/<token>")
@public
def badge(token: str) -> ResponseReturnValue:
    badge = queries.get_badge_by_token(token)
    attendee = badge.attendee
    fair = queries.edition_of(attendee)
    appointments = engagements_of_attendees([attendee.id]).get(attendee.id, ())
    is_own_act = attendee.id in queries.cancelled_by_holder([attendee.id])
    days, hours = visit_labels(fair, attendee.visit_days)
    return render_template(
        "badges/badge.html",
        badge=badge,
        attendee=attendee,
        fair=fair,
        days=days,
        hours=hours,
        function=printed_function(attendee.function, attendee.function_other, attendee.civility),
        needs=[Need(need).label for need in attendee.needs],
        visit=visit_words(
            attendee.half_day, attendee.visit_days, [day.day_on for day in fair.days]
        ),
        category=Category(attendee.category),
        colours=sheet_values(badge.edition_id),
        payload=queries.payload_of(badge, settings().qr_prefix),
        short_code=queries.short_code(badge.code),
        token=token,
        read_at=now(),
        appointments=appointments,
        programme=programme_of(fair),
        live_appointments=sum(appointment.is_live for appointment in appointments),
        restorable=badge.revoked_reason == queries.CANCELLED
        and is_own_act
        and not fair.is_cancelled
        and now() < fair.ends_at,
        is_own_act=is_own_act,
        may_book=attendee.category in VISITING and fair.is_current and now() < fair.ends_at,
    )


@blueprint.get("/badge/<token>/retablir")
@public
def ask_restoring(token: str) -> ResponseReturnValue:
    """Show the page of the badge, which asks whether to restore what was cancelled."""
    return badge(token)


@blueprint.get("/badge/service-worker.js")
@public
def badge_worker() -> ResponseReturnValue:
    return worker_response("/badge/", PrivatePages("badge", r"^(/badge/[^/.]+)(?:[/.].*)?$"))


@blueprint.get("/badge/<token>.webmanifest")
@public
def badge_manifest(token: str) -> ResponseReturnValue:
    """Return the manifest that puts the badge on a home screen, without the holder's name."""
    return manifest_response(
        url_for("badges.badge", token=live_badge(token).private_token),
        "Badge du salon des maires",
        "Badge",
    )


@blueprint.get("/badge/<token>.pdf")
@public
def badge_pdf(token: str) -> ResponseReturnValue:
    layout = requested_layout(Layout.A6)
    count_try(f"badge-pdf:{network()}", settings().badge_downloads_per_minute, 60)
    badge = live_badge(token)
    content = jobs.render_badges([badge.id], layout, settings().qr_prefix)
    return pdf_response(content, "badge.pdf")


@blueprint.get("/badge/<token>.ics")
@public
def badge_ics(token: str) -> ResponseReturnValue:
    count_try(f"badge-ics:{network()}", settings().badge_downloads_per_minute, 60)
    attendee = badge_of_link(token).attendee
    edition = queries.edition_of(attendee)
    promised = engagements_of_attendees([attendee.id]).get(attendee.id, ())
    from salon.badges.documents.ical import calendar_file

    content = calendar_file(attendee, edition, settings(), real_now(), promised)
    return calendar_response(content, "salon-des-maires.ics")


@blueprint.route("/badge/<token>/modifier", methods=["GET", "POST"])
@public
def change(token: str) -> ResponseReturnValue:
    attendee = live_badge(token).attendee
    back, edition = return_address(token, attendee), queries.edition_of(attendee)
    asked = request.method == "GET"
    form = forms.ChangeForm(data=_form_values(attendee) if asked else None)
    forms.ask_days(form, edition, attendee.visit_days)
    if asked:
        return _change_page(form, back)
    valid = form.validate()
    place = read_place(form)
    if not valid or place is None:
        return _change_page(form, back), 400
    person = person_of(form, place)
    values = {
        **{name: getattr(person, name) for name in services.CHANGEABLE if hasattr(person, name)},
        "visit_days": person.visit_days if "visit_days" in form else attendee.visit_days,
        "commune_code": place.commune_code,
        "epci_siren": place.epci_siren,
        "organisation": place.organisation,
    }
    try:
        services.change_attendee(request_act(), attendee.id, int(form.version.data), values)
    except StaleVersion as error:
        form.refuse(error)
        saved_attendee = queries.get_attendee(attendee.id)
        form.version.data = str(saved_attendee.version)
        return _change_page(
            form, back, differences=_differences(form, saved_attendee)
        ), error.status
    except (rules.AlreadyRegistered, rules.CategoryClosed, rules.NotEnoughPlaces) as error:
        form.refuse(error)
        return _change_page(form, back), error.status
    flash("L’inscription est à jour.", "success")
    return redirect(back)


def _change_page(
    form: forms.ChangeForm, back: str, differences: list[tuple[str, str, str]] | None = None
) -> str:
    return render_template(
        "badges/change.html",
        form=form,
        back=back,
        differences=differences or [],
        places=queries.all_places(),
    )


def _form_values(attendee: Attendee) -> dict[str, object]:
    """Return the form's values for this attendee."""
    names = (
        *("civility", "first_name", "last_name", "function", "function_other", "email", "phone"),
        *("half_day", "needs", "needs_note", "version", "organisation"),
    )
    place = queries.place_of(attendee)
    return {
        **{name: getattr(attendee, name) for name in names},
        "visit_days": attendee.visit_days.split(),
        "commune": "" if place.organisation else place.name,
    }


def _differences(form: forms.ChangeForm, saved_attendee: Attendee) -> list[tuple[str, str, str]]:
    """Return (field, saved text, typed text) where the two differ."""
    saved_values = _form_values(saved_attendee)
    rows = []
    for field in form:
        if field.name not in saved_values or field.name == "version":
            continue
        saved_text, typed_text = _shown(field, saved_values[field.name]), _shown(field, field.data)
        if saved_text != typed_text:
            rows.append((field.label.text, saved_text, typed_text))
    return rows


def _shown(field: Field, value: Any) -> str:
    if field.name == "visit_days":
        labels = dict(field.choices)
        return ", ".join(labels[day] for day in value if day in labels)
    if isinstance(value, list):
        return ", ".join(Need(need).label for need in value)
    return printed_function(value) if field.name == "function" and value else str(value or "")


@blueprint.route("/badge/<token>/annuler", methods=["GET", "POST"])
@public
def cancel(token: str) -> ResponseReturnValue:
    attendee = (live_badge if request.method == "GET" else badge_of_link)(token).attendee
    back = return_address(token, attendee)
    form = SalonForm()
    if request.method == "GET" or not form.validate():
        return render_template(
            "badges/cancel.html", form=form, attendee=attendee, token=token, back=back
        )
    services.cancel_attendee(request_act(), attendee.id)
    flash("L’inscription est annulée.", "success")
    offer_undo(
        url_for("appointments.restore_own_registration", token=token), "Rétablir l’inscription"
    )
    return redirect(back)


@blueprint.route("/badge/<token>/remplacer", methods=["GET", "POST"])
@public
def replace(token: str) -> ResponseReturnValue:
    attendee = (live_badge if request.method == "GET" else badge_of_link)(token).attendee
    back = return_address(token, attendee)
    form = forms.ReplaceForm()
    if request.method == "GET":
        form.email.data = attendee.email
        return render_template("badges/replace.html", form=form, attendee=attendee, back=back)
    if not form.validate():
        page = render_template("badges/replace.html", form=form, attendee=attendee, back=back)
        return page, 400
    kept = {"half_day": attendee.half_day, "visit_days": attendee.visit_days}
    person = person_of(form, queries.place_of(attendee), **kept)
    with form.refusals(rules.CategoryClosed, rules.NotEnoughPlaces):
        services.replace_attendee(request_act(), attendee.id, person, form.submission_key.data)
        flash("Le remplacement est enregistré. Le nouveau badge part par courriel.", "success")
        return redirect(back)
    page = render_template("badges/replace.html", form=form, attendee=attendee, back=back)
    return page, form.status_code


@blueprint.route("/badge/<token>/consentements", methods=["GET", "POST"])
@public
@stays_open
def consents(token: str) -> ResponseReturnValue:
    attendee = live_badge(token).attendee
    form = forms.ConsentForm()
    if request.method == "GET":
        accepted = accepted_by(attendee)
        form = forms.ConsentForm(data=dict.fromkeys((row.subject for row in accepted), True))
        forms.show_texts(form, texts_in_force(attendee.edition_id))
        return render_template(
            "badges/consents.html", form=form, attendee=attendee, token=token, accepted=accepted
        )
    if not form.validate():
        abort(400)
    services.set_consents(request_act(), attendee.id, form.given, forms.texts_read(form))
    flash("Vos choix sont enregistrés.", "success")
    return redirect(url_for("badges.badge", token=token))
