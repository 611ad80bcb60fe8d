"""The welcome desk (accueil): registration on the spot and a badge at once."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.badges import forms, jobs, queries, services
from salon.badges.imports.typed_person import person_of, read_place
from salon.badges.models import Attendee
from salon.badges.models.badge_layouts import Layout
from salon.badges.models.labels import printed_function
from salon.badges.routes import blueprint
from salon.badges.routes.badge import requested_layout
from salon.badges.services import Person
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain, Role
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.pages.acts import request_act
from salon.platform.pages.forms import MAX_NAME
from salon.platform.settings.clock import local, now
from salon.platform.web.access import actor, only, row_asked, settings
from salon.platform.web.limits import count_try
from salon.platform.words.likeness import Likeness

MOST_ALIKE = 5
"""Registered people shown beside the one who is typed."""
PROPOSED = ("commune", "civility", "first_name", "last_name", "function")
"""Fields that the address of the page may fill, for who telephones."""


@blueprint.get("/accueil")
@only(Role.STATION, Domain.WELCOME, Domain.REGISTRATIONS, kinds=(StationKind.DESK,))
def desk() -> ResponseReturnValue:
    proposed = {name: request.args.get(name, "")[:MAX_NAME] for name in PROPOSED}
    layout = requested_layout(_usual_layout())
    return _desk_page(_asked(forms.DeskForm(formdata=None, layout=layout, **proposed)))


@blueprint.post("/accueil")
@only(Role.STATION, Domain.WELCOME, Domain.REGISTRATIONS, kinds=(StationKind.DESK,))
def register_on_the_spot() -> ResponseReturnValue:
    form = _asked(forms.DeskForm())
    valid = form.validate()
    place = read_place(form)
    if not valid or place is None:
        return _desk_page(form), 400
    person = person_of(form, place, category=form.category.data or None, is_vip=form.is_vip.data)
    if "is_other" not in request.form and (people_like := _people_like(person)):
        return _desk_page(form, people_like), 409
    registration = services.register_on_the_spot(fair_act(), person, form.submission_key.data)
    if registration.already_registered:
        flash("Cette personne était déjà inscrite : voici son badge.", "warning")
    ready_id = (registration.added + registration.already_registered)[0]
    return redirect(url_for("badges.desk", pret=ready_id, format=form.layout.data))


def _asked(form: forms.DeskForm) -> forms.DeskForm:
    """Ask on which days the person comes: today alone, unless more are ticked."""
    edition = get_request_edition()
    forms.ask_days(form, edition, local(now()).date().isoformat())
    return form


def _people_like(person: Person) -> list[tuple[Attendee, Likeness]]:
    """Return who a person may be, and why; nobody when it is sure who they are."""
    edition = get_request_edition()
    if queries.find_same_person(
        edition.id, person.email_key, person.name_key, identity=person.identity
    ):
        return []
    matches = queries.people_like(edition.id, person.identity)[:MOST_ALIKE]
    return [(queries.get_attendee(attendee_id), answer) for attendee_id, answer in matches]


def _desk_page(form: forms.DeskForm, people_like: Sequence[tuple[Attendee, Likeness]] = ()) -> str:
    """Return the page; `people_like`: who the person may be, and why, to be asked."""
    search = forms.SearchForm(request.args)
    edition = get_request_edition()
    attendees = None
    if search.q.data and search.validate():
        count_try(f"search:{actor().key}", settings().searches_per_minute, 60)
        attendees = queries.search_attendees(edition.id, search.q.data)
    ready_badge = row_asked("pret")
    return render_template(
        "badges/desk.html",
        form=form,
        search=search,
        attendees=attendees,
        people_like=people_like,
        printed_function=printed_function,
        layout=requested_layout(_usual_layout()),
        ready=queries.get_attendee(ready_badge) if ready_badge else None,
        places=queries.all_places(),
    )


@blueprint.post("/accueil/<int:attendee_id>/badge.pdf")
@only(Role.STATION, Domain.WELCOME, Domain.REGISTRATIONS, kinds=(StationKind.DESK,))
def print_badge(attendee_id: int) -> ResponseReturnValue:
    layout = requested_layout(_usual_layout())
    content = jobs.print_badge_now(request_act(), attendee_id, layout, settings().qr_prefix)
    return pdf_response(content, "badge.pdf")


def _usual_layout() -> Layout:
    """Return the paper of the welcome desk."""
    return Layout(queries.settings_of(get_request_edition().id).desk_layout)
