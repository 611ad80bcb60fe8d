"""The visitors' plan: the park, then each hall, as a table and a drawing of the same data."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import get_request_edition
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
    search = _search_text()
    return render_template(
        "fair/plan.html",
        edition=edition,
        halls=halls,
        park=park,
        counts={hall.name: [s for s in park.stands if s.hall == hall.name] for hall in halls},
        search=search,
        matching_stands=_matching_stands(edition, park.stands, search),
        standless=_matches_without_stand(edition, search),
    )


@blueprint.get("/plan/<name>")
@public
@same_for_all()
def hall(name: str) -> ResponseReturnValue:
    edition = get_request_edition()
    halls = queries.halls_by_name(edition)
    drawing = hall_drawing(queries.hall_named(halls, name))
    search = _search_text()
    return render_template(
        "fair/hall.html",
        edition=edition,
        hall=queries.hall_named(halls, name),
        halls=halls,
        drawing=drawing,
        search=search,
        matching_stands=_matching_stands(edition, drawing.stands, search),
        standless=_matches_without_stand(edition, search),
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


def _matching_stands(
    edition: Edition, stands: Sequence[StandOnPlan], search: str
) -> list[tuple[StandOnPlan, str]] | None:
    """Return (stand, occupant matching the search); None without a search."""
    key = folded(search)
    if not key:
        return None
    shared = queries.stands_shared_by(edition, key)
    matches = []
    for stand in stands:
        if stand.id in shared:
            matches.append((stand, ", ".join(shared[stand.id])))
        elif key in folded(stand.who) or key == folded(stand.number):
            matches.append((stand, stand.who))
    return matches or _near_stands(edition, stands, search)


def _near_stands(
    edition: Edition, stands: Sequence[StandOnPlan], search: str
) -> list[tuple[StandOnPlan, str]]:
    """Return (stand, occupant with a near name), when nothing matches exactly."""
    by_id = {stand.id: stand for stand in stands}
    names = [(stand, stand.who) for stand in stands if stand.who]
    names += [
        (by_id[number], name)
        for number, name in queries.names_shared_on(edition)
        if number in by_id
    ]
    return nearest(search, ((pair, folded(pair[1])) for pair in names), MOST_NEAR)


def _matches_without_stand(edition: Edition, search: str) -> list[tuple[str, str]]:
    """Return (name, slug) of the exhibitors without a stand that match the search."""
    if not folded(search):
        return []
    names = queries.exhibitors_without_stand(edition)
    return nearest(search, ((pair, folded(pair[0])) for pair in names), MOST_NEAR)
