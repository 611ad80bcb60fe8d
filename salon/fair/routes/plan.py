"""The visitors' plan: the park, then each hall, as a table and a drawing of the same data."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import get_request_edition
from salon.fair.presenters.plan_answers import answers_to
from salon.fair.presenters.plan_drawing import hall_drawing, hall_paper, park_drawing, park_paper
from salon.fair.routes import blueprint
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.pages.public_pages import same_for_all
from salon.platform.settings.clock import now
from salon.platform.web.access import public
from salon.platform.words.texts import printable_line

LONGEST_SEARCH = 60


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
        corners={hall.name: (hall.x, hall.y) for hall in halls},
        counts={hall.name: [s for s in park.stands if s.hall == hall.name] for hall in halls},
        answers=answers_to(_search_text(), edition, halls, park),
    )


@blueprint.get("/plan/<name>")
@public
@same_for_all()
def hall(name: str) -> ResponseReturnValue:
    edition = get_request_edition()
    halls = queries.halls_by_name(edition)
    shown_hall = queries.hall_named(halls, name)
    drawing = hall_drawing(edition, shown_hall)
    return render_template(
        "fair/hall.html",
        edition=edition,
        hall=shown_hall,
        halls=halls,
        drawing=drawing,
        answers=answers_to(_search_text(), edition, halls, drawing, shown_hall),
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
