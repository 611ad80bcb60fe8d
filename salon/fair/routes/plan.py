"""The visitors' plan: the park, then each hall, as a table and a drawing of the same data."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import get_request_edition
from salon.fair.engine.plan_questions import asks_for_an_amenity, is_named, is_number, subject_of
from salon.fair.models import Edition
from salon.fair.presenters.plan_drawing import hall_drawing, hall_paper, park_drawing, park_paper
from salon.fair.queries import StandOnPlan
from salon.fair.routes import blueprint
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.pages.public_pages import same_for_all
from salon.platform.settings.clock import now
from salon.platform.web.access import public
from salon.platform.words.search import nearest
from salon.platform.words.texts import folded, printable_line

LONGEST_SEARCH = 60
MOST_NEAR = 10


@blueprint.get("/plan")
@public
@same_for_all()
def plan() -> ResponseReturnValue:
    edition = get_request_edition()
    halls = queries.halls_by_name(edition)
    park = park_drawing(edition, halls)
    return render_template(
        "fair/plan.html",
        edition=edition,
        halls=halls,
        park=park,
        counts={hall.name: [s for s in park.stands if s.hall == hall.name] for hall in halls},
        **_answers(edition, park.stands),
    )


@blueprint.get("/plan/<name>")
@public
@same_for_all()
def hall(name: str) -> ResponseReturnValue:
    edition = get_request_edition()
    halls = queries.halls_by_name(edition)
    drawing = hall_drawing(queries.hall_named(halls, name))
    return render_template(
        "fair/hall.html",
        edition=edition,
        hall=queries.hall_named(halls, name),
        halls=halls,
        drawing=drawing,
        **_answers(edition, drawing.stands),
    )


@blueprint.get("/plan.pdf")
@public
def plan_pdf() -> ResponseReturnValue:
    edition = get_request_edition()
    return pdf_response(park_paper(edition, queries.halls_by_name(edition), now()), "plan.pdf")


@blueprint.get("/plan/<name>.pdf")
@public
def hall_pdf(name: str) -> ResponseReturnValue:
    edition = get_request_edition()
    hall = queries.get_hall(edition, name)
    return pdf_response(hall_paper(edition, hall, now()), f"plan-hall-{hall.id}.pdf")


def _search_text() -> str:
    return printable_line(request.args.get("q", ""))[:LONGEST_SEARCH]


def _answers(edition: Edition, stands: Sequence[StandOnPlan]) -> dict[str, Any]:
    """Return what the page of a search names: stands of the list first, else of the whole park."""
    search = _search_text()
    subject = subject_of(search)
    if not subject:
        return {"search": search, "matching_stands": None, "standless": []}
    matches = _matching_stands(edition, stands, subject)
    if not matches and request.endpoint == "fair.hall":
        matches = _matching_stands(edition, queries.stands_on_plan(edition), subject)
    return {
        "search": search,
        "matching_stands": matches,
        "standless": _matches_without_stand(edition, subject),
        "is_amenity": asks_for_an_amenity(subject),
    }


def _matching_stands(
    edition: Edition, stands: Sequence[StandOnPlan], subject: str
) -> list[tuple[StandOnPlan, str]]:
    """Return (stand, its occupant, co-exhibitor or theme that was meant): those that hold the
    words, else the nearest names."""
    by_id = {stand.id: stand for stand in stands}
    shown = [*queries.names_shared_on(edition), *queries.themes_shown_on(edition)]
    names = [(stand, stand.who) for stand in stands if stand.who]
    names += [(by_id[number], name) for number, name in shown if number in by_id]
    keys = [(pair, folded(pair[1])) for pair in names]
    matches = [(stand, stand.who) for stand in stands if is_number(subject, stand.number)]
    matches += [pair for pair, key in keys if is_named(subject, key)]
    by_stand: dict[StandOnPlan, str] = {}
    for stand, name in matches or nearest(subject, keys, MOST_NEAR):
        by_stand.setdefault(stand, name)
    return list(by_stand.items())


def _matches_without_stand(edition: Edition, subject: str) -> list[tuple[str, str]]:
    """Return (name, slug) of the exhibitors without a stand that match the search."""
    names = queries.exhibitors_without_stand(edition)
    return nearest(subject, ((pair, folded(pair[0])) for pair in names), MOST_NEAR)
