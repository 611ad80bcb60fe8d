"""Registration of several people by a commune, and their group's private page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from salon.badges import forms, jobs, queries, rules, services
from salon.badges.engine.matching import Affiliation, email_key, name_key
from salon.badges.imports.roster import names_places, read_person, read_roster
from salon.badges.imports.typed_person import person_of, read_line_place, read_place
from salon.badges.models import AttendeeStatus, Category
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
from salon.badges.rules import category_for
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.documents.spreadsheets.preview import PreviewLine, fields_of, review
from salon.platform.documents.spreadsheets.reader import ReadList, UnreadableList, text_of_file
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, network, public, settings
from salon.platform.web.limits import count_try
from salon.platform.words.people import civility_label


@blueprint.route("/inscription/commune", methods=["GET", "POST"])
@public
def register_group() -> ResponseReturnValue:
    if closed := closed_page():
        return closed
    form = forms.GroupForm(data=requested_place())
    if request.method == "GET":
        return _group_page(form)
    if request.form.get("action") == "add":
        if len(form.lines) < forms.MOST_LINES:
            form.lines.append_entry()
        return _group_page(form)
    valid = form.validate()
    place = read_place(form)
    if not form.filled:
        form.form_errors.append("Indiquez au moins une personne.")
        valid = False
    if not valid or place is None:
        return _group_page(form), 400
    return _register_all(form, [(line, place, None) for line in form.filled], _group_page)


def _group_page(form: forms.GroupForm) -> str:
    return render_template(
        "badges/register_group.html",
        form=form,
        places=queries.all_places(),
        invited=requested_invitation(),
    )


def _register_all(
    form: forms.GroupForm | forms.RosterForm,
    lines: list[tuple[Any, Affiliation, Category | None]],
    page: Callable[[Any], str],
) -> ResponseReturnValue:
    """Register everybody, or show `page` again where there is no room for all."""
    count_registration()
    contact = form.email.data
    people = [
        person_of(line, place, email=line.email.data or contact, category=category)
        for line, place, category in lines
    ]
    with form.refusals(rules.CategoryClosed, rules.NotEnoughPlaces):
        register_people(contact, people, form.submission_key.data)
        return redirect(url_for("badges.registered"))
    return page(form), form.status_code


@blueprint.route("/inscription/commune/liste", methods=["GET", "POST"])
@public
def register_list() -> ResponseReturnValue:
    if closed := closed_page():
        return closed
    form = forms.RosterForm(data=requested_place())
    if request.method == "GET":
        return _list_page(form)
    valid = form.validate()
    roster, is_corrected = _roster_of(form)
    is_placed = form.commune.data or form.organisation.data or not (roster and names_places(roster))
    place = read_place(form) if is_placed else None
    if not valid or roster is None or (is_placed and place is None):
        return _list_page(form), 400
    people = _checked(roster, form.email.data, place)
    valid_people = [
        (person.form, person.place, person.category)
        for person in people
        if person.place and not person.faults
    ]
    if request.form.get("action") == "confirm" and valid_people and not is_corrected:
        return _register_all(form, valid_people, _list_page)
    lines = [_preview_line(person, place, form.email.data) for person in people]
    return render_template(
        "badges/register_list_preview.html",
        form=form,
        invited=requested_invitation(),
        place=place,
        lines=lines,
        fields=fields_of(roster, lines, every_column=True),
        good=len(valid_people),
        ignored=roster.ignored,
    )


@dataclass(frozen=True)
class CheckedLine:
    """The form of a person of a list, for whom they come, the category that the list says, and what
    is wrong or told."""

    number: int
    form: Any
    place: Affiliation | None
    category: Category | None
    faults: list[str]
    notes: list[str]


def _preview_line(person: CheckedLine, default: Affiliation | None, contact: str) -> PreviewLine:
    form = person.form
    function, words = form.function.data or "", form.function_other.data or ""
    name = f"{form.first_name.data or ''} {form.last_name.data or ''}".strip()
    category = person.category or category_for(function, words)
    facts = (
        category.word(form.civility.data or "") if function and not person.faults else "",
        printed_function(function, words, form.civility.data or ""),
        person.place.name if person.place and person.place != default else "",
        form.email.data or contact,
        form.phone.data or "",
    )
    return PreviewLine(
        number=person.number,
        label=f"{civility_label(form.civility.data or '')} {name}".strip(),
        more=", ".join(filter(None, facts)),
        look=("danger", "À corriger") if person.faults else ("ok", "Bonne"),
        note=" ".join(person.notes),
        faults=person.faults,
    )


def _list_page(form: forms.RosterForm) -> str:
    return render_template(
        "badges/register_list.html",
        form=form,
        places=queries.all_places(),
        invited=requested_invitation(),
    )


def _roster_of(form: forms.RosterForm) -> tuple[ReadList | None, bool]:
    """Return the list, from the file if there is one, and whether fields of the page correct it.

    None after adding the error to the form.
    """
    sent_file = form.file.data
    field = form.file if sent_file else form.roster
    try:
        if sent_file:
            count_try(f"list:{network()}", settings().searches_per_minute, 60)
            form.roster.data = text_of_file(sent_file.read())
        if not (form.roster.data or "").strip():
            raise UnreadableList("Collez la liste, ou choisissez un fichier.")
        roster, is_corrected = review(form.roster.data, read_roster, request.form)
    except UnreadableList as error:
        field.errors = [*field.errors, error.message]
        return None, False
    form.roster.data = roster.text
    return roster, is_corrected


def _checked(roster: ReadList, contact: str, default: Affiliation | None) -> list[CheckedLine]:
    """Return each line of a list; a person listed twice is an error, a doubt is a question."""
    checked = []
    first_numbers: dict[tuple[str, str], int] = {}
    for line in roster.lines:
        person = read_person(line)
        form = forms.RosterLineForm(formdata=MultiDict(person.values))
        form.validate()
        place = read_line_place(
            person.values.get("commune", ""), person.values.get("organisation", ""), default
        )
        faults = [f"{field.label.text} : {fault}" for field in form for fault in field.errors]
        faults += [*person.questions, *([place] if isinstance(place, str) else [])]
        key = (
            email_key(form.email.data or contact),
            name_key(form.first_name.data or "", form.last_name.data or ""),
        )
        if not faults and key in first_numbers:
            faults = [f"Même personne qu’à la ligne {first_numbers[key]}."]
        first_numbers.setdefault(key, line.number)
        own_place = place if isinstance(place, Affiliation) else None
        checked.append(
            CheckedLine(line.number, form, own_place, person.category, faults, person.notes)
        )
    return checked


@blueprint.get("/inscription/dossier/<token>")
@public
def group(token: str) -> ResponseReturnValue:
    group = queries.get_group_by_token(token)
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
        printable=sum(badge is not None for _, _, badge in people),
        fair=queries.edition_of_group(group),
        token=token,
    )


def _function(person: Any) -> str:
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
    form = forms.AddForm()
    if request.method == "GET":
        return render_template("badges/add_person.html", form=form, group=group, token=token)
    if not form.validate():
        page = render_template("badges/add_person.html", form=form, group=group, token=token)
        return page, 400
    count_registration()
    contact = group.contact_email
    person = person_of(form, queries.place_of(group.attendees[0]), email=form.email.data or contact)
    key = form.submission_key.data
    services.register_visitors(
        queries.edition_of_group(group), contact, [person], key, now(), actor(), group_id=group.id
    )
    flash("La demande est enregistrée : le badge part par courriel.", "success")
    return redirect(url_for("badges.group", token=token))
