"""Registration of several people by a commune, and their group's private page."""

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.badges import forms, jobs, queries, rules, services
from salon.badges.engine.matching import Affiliation
from salon.badges.imports.typed_person import days_chosen, person_of, read_place
from salon.badges.models import Attendee, AttendeeStatus, Category
from salon.badges.models.badge_layouts import Layout
from salon.badges.models.labels import Function, printed_function
from salon.badges.routes import blueprint
from salon.badges.routes.invited import requested_invitation
from salon.badges.routes.register import (
    closed_page,
    count_registration,
    register_people,
    requested_place,
)
from salon.fair.access import fair_act, get_request_edition
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import now
from salon.platform.web.access import may_open, network, public, settings
from salon.platform.web.limits import count_try
from salon.platform.web.mailboxes import reads_mailbox, remember_mailbox
from salon.platform.words.formats import plural
from salon.platform.words.typography import of


@blueprint.route("/inscription/commune", methods=["GET", "POST"])
@public
def register_group() -> ResponseReturnValue:
    if closed := closed_page():
        return closed
    form = forms.ask_days(forms.GroupForm(data=requested_place()), get_request_edition(), at=now())
    if request.method == "GET":
        return _group_page(form)
    if action := request.form.get("action"):
        return _changed_lines(form, action)
    valid = form.validate()
    place = read_place(form)
    if not form.filled:
        form.form_errors.append("Indiquez au moins une personne.")
        valid = False
    if not valid or place is None:
        return _group_page(form), 400
    return register_all(form, [(line, place, None, None) for line in form.filled], _group_page)


def _changed_lines(form: forms.GroupForm, action: str) -> str:
    """Return the page with a line more or less, which the reader goes to next."""
    line = form.lines.change(action)
    if line is None:
        return _group_page(form)
    fields, count = line.form, len(form.lines)
    name = f"{fields.first_name.data or ''} {fields.last_name.data or ''}".strip()
    sheet = f"La fiche {of(name or f'la personne {line.index + 1}')}"
    if line in form.lines.entries:
        fields.civility.render_kw = {"autofocus": True}
        return _group_page(form, said=f"{sheet} est ajoutée.")
    left = "une" if count == 1 else count
    return _group_page(
        form, min(line.index, count - 1), f"{sheet} est retirée. Il en reste {left}."
    )


def _group_page(form: forms.GroupForm, place: int | None = None, said: str = "") -> str:
    """Return the page; `place`: the line, counted from 0, where its reader goes on."""
    return render_template(
        "badges/register_group.html",
        form=form,
        place=place,
        said=said,
        places=queries.all_places(),
        invited=requested_invitation(),
    )


ListForm = TypeVar("ListForm", forms.GroupForm, forms.RosterForm)


def register_all(
    form: ListForm,
    lines: list[tuple[SalonForm, Affiliation, Category | None, str | None]],
    page: Callable[[ListForm], str],
) -> ResponseReturnValue:
    """Register everybody, or show `page` again where there is no room for all. Each line has its
    days, None for those of the form."""
    count_registration()
    contact = form.email.data
    days_of_all = days_chosen(form.visit_days) if "visit_days" in form else ""
    people = [
        person_of(
            line,
            place,
            email=line.email.data or contact,
            category=category,
            visit_days=days_of_all if days is None else days,
        )
        for line, place, category, days in lines
    ]
    with form.refusals(rules.CategoryClosed, rules.NotEnoughPlaces):
        registration = register_people(contact, people, form.submission_key.data)
        return _after(contact, registration)
    return page(form), form.status_code


def _after(contact: str, registration: services.Registration) -> ResponseReturnValue:
    """Lead to the group's page who would open it anyway, from the message that leaves for them;
    anybody else to the page that is the same for all (decision 0004)."""
    may_see = reads_mailbox(contact) or may_open("badges.attendees")
    if registration.group_id is None or not may_see:
        return redirect(url_for("badges.registered"))
    group = queries.get_attendee(registration.added[0]).group
    count = plural(len(registration.added), "personne est inscrite", "personnes sont inscrites")
    flash(f"{count}. Le lien de cette page part aussi à {contact}.", "success")
    return redirect(url_for("badges.group", token=group.private_token))


@blueprint.get("/inscription/dossier/<token>")
@public
def group(token: str) -> ResponseReturnValue:
    group = queries.get_group_by_token(token)
    if not may_open("badges.attendees"):
        remember_mailbox(group.contact_email)
    protocol = list(Function)
    people = [
        (
            attendee,
            _function(attendee),
            next((badge for badge in attendee.badges if badge.is_valid), None),
        )
        for attendee in sorted(
            group.attendees, key=lambda person: protocol.index(Function(person.function))
        )
        if attendee.status != AttendeeStatus.ERASED
    ]
    return render_template(
        "badges/group.html",
        group=group,
        people=people,
        restorable=queries.cancelled_by_holder(attendee.id for attendee in group.attendees),
        instead=queries.badges_instead_of([person.id for person in group.attendees]),
        payloads={
            badge.id: queries.payload_of(badge, settings().qr_prefix)
            for _, _, badge in people
            if badge is not None
        },
        fair=queries.edition_of_group(group),
        token=token,
    )


def _function(person: Attendee) -> str:
    return printed_function(person.function, person.function_other, person.civility)


@blueprint.get("/inscription/dossier/<token>.pdf")
@public
def group_pdf(token: str) -> ResponseReturnValue:
    count_try(f"badge-pdf:{network()}", settings().badge_downloads_per_minute, 60)
    group = queries.get_group_by_token(token)
    ids = queries.valid_badges_of(group)
    content = jobs.render_badges(ids, Layout.A4, settings().qr_prefix) if ids else b""
    return pdf_response(content, "badges.pdf")


@blueprint.route("/inscription/dossier/<token>/ajouter", methods=["GET", "POST"])
@public
def add_person(token: str) -> ResponseReturnValue:
    group = queries.get_group_by_token(token)
    edition = queries.edition_of_group(group)
    form = forms.ask_days(forms.AddForm(), edition, at=now())
    if request.method == "GET":
        return render_template("badges/add_person.html", form=form, group=group, token=token)
    if not form.validate():
        page = render_template("badges/add_person.html", form=form, group=group, token=token)
        return page, 400
    count_registration()
    contact = group.contact_email
    person = person_of(form, queries.place_of(group.attendees[0]), email=form.email.data or contact)
    key = form.submission_key.data
    services.register_visitors(fair_act(edition), group, [person], key)
    flash("La demande est enregistrée : le badge part par courriel.", "success")
    return redirect(url_for("badges.group", token=token))
