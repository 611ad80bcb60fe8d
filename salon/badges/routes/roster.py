"""Registration from a list of people: read again, corrected and asked about before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from salon.badges import forms, queries
from salon.badges.engine.matching import Affiliation
from salon.badges.imports.roster import (
    OTHER_PERSON,
    SAME_PERSON,
    UNKNOWN_DAY,
    names_places,
    read_days,
    read_person,
    read_roster,
)
from salon.badges.imports.typed_person import person_of, read_line_place, read_place
from salon.badges.models import Category, HalfDay
from salon.badges.models.labels import printed_function
from salon.badges.models.visit_days import visit_words, written_days
from salon.badges.routes import blueprint
from salon.badges.routes.group import register_all
from salon.badges.routes.invited import requested_invitation
from salon.badges.routes.register import closed_page, requested_place
from salon.badges.rules import category_for
from salon.fair.access import get_request_edition
from salon.platform.documents.spreadsheets.preview import PreviewLine, fields_of, review
from salon.platform.documents.spreadsheets.reader import ReadList, UnreadableList, text_of_file
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import now
from salon.platform.web.access import may_open, network, public, settings
from salon.platform.web.limits import count_try
from salon.platform.words.likeness import (
    Identity,
    Likeness,
    Reason,
    Verdict,
    likely_pairs,
    resembling,
)
from salon.platform.words.people import agreed, civility_label

LIKENESS_QUESTION = (
    "Ressemble à {} ({}). Est-ce la même personne\u00a0? Répondez sous «\u00a0Ressemblance\u00a0»."
)


@blueprint.route("/inscription/commune/liste", methods=["GET", "POST"])
@public
def register_list() -> ResponseReturnValue:
    if closed := closed_page():
        return closed
    edition = get_request_edition()
    form = forms.ask_days(forms.RosterForm(data=requested_place()), edition, at=now())
    if request.method == "GET":
        return _list_page(form)
    valid = form.validate()
    roster, is_corrected = _roster_of(form)
    is_placed = form.commune.data or form.organisation.data or not (roster and names_places(roster))
    place = read_place(form) if is_placed else None
    if not valid or roster is None or (is_placed and place is None):
        return _list_page(form), 400
    registered = queries.identities_of_edition(edition.id) if may_open("badges.desk") else {}
    people = _compared(_checked(roster, form.email.data, place), registered)
    valid_people = [
        (person.form, person.place, person.category, person.visit_days)
        for person in people
        if person.place and not person.faults and not person.is_known
    ]
    if request.form.get("action") == "confirm" and valid_people and not is_corrected:
        return register_all(form, valid_people, _list_page)
    lines = [_preview_line(person, place, form.email.data) for person in people]
    fields = fields_of(roster, lines, every_column=True)
    for person in people:
        if person.number in fields:
            fields[person.number] = [
                field
                for field in fields[person.number]
                if field.name.endswith("-likeness") == person.is_asked
            ]
    return render_template(
        "badges/register_list_preview.html",
        form=form,
        invited=requested_invitation(),
        place=place,
        lines=lines,
        fields=fields,
        good=len(valid_people),
        bad=sum(bool(person.faults) for person in people),
        file=roster,
    )


@dataclass(frozen=True)
class CheckedLine:
    """The form of a person of a list, for whom they come, the category that the list says, and what
    is wrong or told.

    `visit_days`: as stored, None where the list does not say them. `answer`: what the list says of
    whom they resemble; `is_known`: they are registered, or are
    another line's; `is_asked`: whether they are is asked.
    """

    number: int
    form: SalonForm
    place: Affiliation | None
    category: Category | None
    faults: list[str]
    notes: list[str]
    contact: str
    answer: str = ""
    is_known: bool = False
    is_asked: bool = False
    visit_days: str | None = None

    @property
    def identity(self) -> Identity:
        assert self.place is not None
        return person_of(self.form, self.place, email=self.form.email.data or self.contact).identity

    def like(self, person: str, answer: Likeness, *, is_certain: bool) -> "CheckedLine":
        """Return the line of somebody who resembles a person: known, to be asked, or another."""
        if is_certain or self.answer == SAME_PERSON:
            return replace(self, is_known=True, notes=[*self.notes, f"C’est {person}."])
        if self.answer == OTHER_PERSON:
            return self
        fault = LIKENESS_QUESTION.format(person, answer.words)
        return replace(self, faults=[*self.faults, fault], is_asked=True)


def _compared(lines: list[CheckedLine], registered: Mapping[int, Identity]) -> list[CheckedLine]:
    """Return the lines with what is asked of those who resemble a registered person or another
    line. `registered`: nobody for the public, who is not told who comes."""
    by_number = {line.number: line for line in lines}
    identities = {line.number: line.identity for line in lines if not line.faults}
    matches = resembling(list(identities.values()), registered)
    for number, likely in zip(identities, matches, strict=True):
        for attendee_id, answer in likely[:1]:
            person = registered[attendee_id]
            words = f"{person.first_name} {person.last_name}, {person.function}"
            is_certain = (
                answer.verdict is Verdict.SAME and Reason.OTHER_ADDRESS not in answer.reasons
            )
            by_number[number] = by_number[number].like(
                f"{words}, {person.organisation}, déjà inscrit{agreed(person.civility)}",
                answer,
                is_certain=is_certain,
            )
    for earlier, number, answer in likely_pairs(identities):
        line = by_number[number]
        if line.faults or line.is_known or by_number[earlier].is_known:
            continue
        if answer.verdict is Verdict.SAME:
            fault = f"Même personne qu’à la ligne {earlier}."
            by_number[number] = replace(line, faults=[fault])
        else:
            by_number[number] = line.like(f"la ligne {earlier}", answer, is_certain=False)
    return list(by_number.values())


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
        _days_words(person),
    )
    look = ("ok", "Bonne")
    if person.is_known:
        look = ("neutral", "Déjà inscrite")
    elif person.faults:
        look = ("warning", "À préciser") if person.is_asked else ("danger", "À corriger")
    return PreviewLine(
        number=person.number,
        label=f"{civility_label(form.civility.data or '')} {name}".strip(),
        more=", ".join(filter(None, facts)),
        look=look,
        note=" ".join(person.notes),
        faults=person.faults,
    )


def _days_words(person: CheckedLine) -> str:
    """Return the days that the list says, "" where it does not."""
    if person.visit_days is None:
        return ""
    days = [day.day_on for day in get_request_edition().days]
    return visit_words(HalfDay.WHOLE_DAY, person.visit_days, days)


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
    """Return each line of a list, read, with what is wrong in it."""
    days = [day.day_on for day in get_request_edition().days]
    checked = []
    for line in roster.lines:
        person = read_person(line)
        form = forms.RosterLineForm(formdata=MultiDict(person.values))
        form.validate()
        place = read_line_place(
            person.values.get("commune", ""), person.values.get("organisation", ""), default
        )
        faults = [f"{field.label.text} : {fault}" for field in form for fault in field.errors]
        faults += [*person.questions, *([place] if isinstance(place, str) else [])]
        visit_days = read_days(line.cells.get("visit_days", ""), days)
        if visit_days is not None and not visit_days:
            faults.append(UNKNOWN_DAY.format(line.cells["visit_days"]))
        checked.append(
            CheckedLine(
                number=line.number,
                form=form,
                place=place if isinstance(place, Affiliation) else None,
                category=person.category,
                faults=faults,
                notes=person.notes,
                contact=contact,
                answer=line.cells.get("likeness", ""),
                visit_days=None if visit_days is None else written_days(visit_days, days),
            )
        )
    return checked
