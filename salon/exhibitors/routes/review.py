"""The organiser's review: the list, one application, exports."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.documents.exhibitor_list import exhibitors_table
from salon.exhibitors.forms.review import BATCH_MOVES, WAITS, ReviewFilterForm
from salon.exhibitors.models import (
    ApplicationStatus,
    ContactKind,
    DocumentStatus,
    OrganisationKind,
    Sector,
)
from salon.exhibitors.presenters.states import STATE_KINDS
from salon.exhibitors.queries import review as queries
from salon.exhibitors.queries.exhibitors import find_terms, get_exhibitor, next_to_study
from salon.exhibitors.queries.review import ReviewFilter, Wait
from salon.exhibitors.routes import blueprint
from salon.exhibitors.routes.apply import private_link
from salon.exhibitors.rules.lifecycle import ActorKind, moves_from
from salon.fair.access import get_request_edition
from salon.platform.database.identity import SYSTEM, Domain
from salon.platform.database.journal import JournalEntry, action_label, note
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, only
from salon.platform.web.long_answers import long_answer
from salon.platform.words import formats
from salon.platform.words.formats import NBSP


def requested_filters_of(edition_id: int) -> tuple[ReviewFilterForm, ReviewFilter]:
    """Return the filters of the address; invalid ones are ignored."""
    form = ReviewFilterForm(request.args)
    form.theme.choices = {"": "Tous", **queries.theme_choices(edition_id)}
    form.hall.choices = {"": "Tous", **queries.hall_choices(edition_id)}
    return form, requested_filters(form, ReviewFilter, theme=int, hall=int)


@blueprint.get("/organisation/exposants")
@only(Domain.EXHIBITORS)
def review() -> ResponseReturnValue:
    edition = get_request_edition()
    form, filters = requested_filters_of(edition.id)
    counts = queries.counts_of(edition.id, now())
    return render_template(
        "exhibitors/review.html",
        form=form,
        active=filters_in_force(form),
        page=queries.review_page(edition.id, filters, now(), requested_page()),
        counts=counts,
        waits=[(wait, WAITS[wait], counts.waits[wait]) for wait in Wait],
        states=ApplicationStatus,
        state_kinds=STATE_KINDS,
        sectors=Sector.choices(),
        moves=BATCH_MOVES,
        more_filters=any(
            field.data for field in (form.sector, form.theme, form.kind, form.hall, form.stand)
        ),
        by_arrival=filters.state == "submitted" or filters.waits in ("study", "returned"),
    )


@blueprint.get("/organisation/exposants.<any(csv,xlsx):kind>")
@only(Domain.EXHIBITORS)
@long_answer
def review_file(kind: str) -> ResponseReturnValue:
    edition = get_request_edition()
    _, filters = requested_filters_of(edition.id)
    note(actor(), ExhibitorAction.EXHIBITORS_EXPORTED, format=kind, filters=filters.as_dict())
    exhibitors = queries.filtered_exhibitors(edition.id, filters, now(), requested_page())
    return exhibitors_table(exhibitors).download("exposants", kind)


@blueprint.get("/organisation/exposants/<int:exhibitor_id>")
@only(Domain.EXHIBITORS)
def exhibitor(exhibitor_id: int) -> ResponseReturnValue:
    note(actor(), ExhibitorAction.READ, f"exhibitor:{get_exhibitor(exhibitor_id).id}")
    applicant = get_exhibitor(exhibitor_id)
    documents = queries.document_counts(applicant.id)
    terms = find_terms(get_request_edition())
    return render_template(
        "exhibitors/exhibitor.html",
        exhibitor=applicant,
        state=STATE_KINDS[applicant.status],
        kind=OrganisationKind(applicant.kind).label,
        sector=Sector(applicant.sector).label if applicant.sector else "",
        contact_kinds=ContactKind,
        moves=moves_from(applicant.status, ActorKind.ORGANISER),
        options=[f"{option.quantity} × {option.item.label}" for option in applicant.options],
        documents_waiting=documents.get(DocumentStatus.WAITING, 0),
        documents_total=sum(documents.values()),
        history=[line_of_history(entry) for entry in queries.history_of(applicant.id)],
        following=next_to_study(applicant),
        private_link=private_link(applicant),
        asks_agreement=terms is not None
        and bool(terms.regulations)
        and applicant.accepted_regulations_on is None,
    )


def line_of_history(entry: JournalEntry) -> tuple[str, str, str]:
    """Return (time, action with its reason, author) of a journal entry."""
    words = action_label(entry.action)
    reason = entry.details.get("reason", "")
    text = f"{words}{NBSP}: «{NBSP}{reason}{NBSP}»" if reason else words
    return formats.short_moment(entry.at), text, author_of(entry)


def author_of(entry: JournalEntry) -> str:
    """Return the author's name: « l’exposant » for a private link, « le site » for timed jobs."""
    if not entry.actor.startswith("public:"):
        return entry.actor_name
    return "le site" if entry.actor_name == SYSTEM.display_name else "l’exposant"
