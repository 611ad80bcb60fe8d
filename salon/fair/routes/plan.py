"""The plan as visitors read it: the park, then each hall; a table and a drawing of the same."""

from collections.abc import Sequence

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.models import Edition
from salon.fair.presenters.plan_drawing import hall_drawing, hall_paper, park_drawing, park_paper
from salon.fair.queries import StandOnPlan
from salon.fair.routes import blueprint
from salon.platform.access import public
from salon.platform.clock import now
from salon.platform.search import nearest
from salon.platform.texts import folded

LONGEST_SEARCH = 60
MOST_NEAR = 10


@blueprint.get("/plan")
@public
def plan() -> ResponseReturnValue:
    edition = queries.get_current_edition()
    halls = queries.halls_alone(edition)
    park = park_drawing(edition, halls)
    asked = _asked()
    return render_template(
        "fair/plan.html",
        edition=edition,
        halls=halls,
        park=park,
        counts={hall.name: [s for s in park.stands if s.hall == hall.name] for hall in halls},
        asked=asked,
        found=_found(edition, park.stands, asked),
        standless=_standless(edition, asked),
    )


@blueprint.get("/plan/<name>")
@public
def hall(name: str) -> ResponseReturnValue:
    edition = queries.get_current_edition()
    halls = queries.halls_alone(edition)
    drawing = hall_drawing(queries.one_of(halls, name))
    asked = _asked()
    return render_template(
        "fair/hall.html",
        edition=edition,
        hall=queries.one_of(halls, name),
        halls=halls,
        drawing=drawing,
        asked=asked,
        found=_found(edition, drawing.stands, asked),
        standless=_standless(edition, asked),
    )


@blueprint.get("/plan.pdf")
@public
def plan_pdf() -> ResponseReturnValue:
    edition = queries.get_current_edition()
    return _pdf("plan.pdf", park_paper(edition, queries.halls_alone(edition), now()))


@blueprint.get("/plan/<name>.pdf")
@public
def hall_pdf(name: str) -> ResponseReturnValue:
    edition = queries.get_current_edition()
    hall = queries.get_hall(edition, name)
    return _pdf(f"plan-hall-{hall.id}.pdf", hall_paper(edition, hall, now()))


def _pdf(name: str, content: bytes) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _asked() -> str:
    typed = " ".join(request.args.get("q", "").split())
    return "".join(letter for letter in typed if letter.isprintable())[:LONGEST_SEARCH]


def _found(
    edition: Edition, stands: Sequence[StandOnPlan], asked: str
) -> list[tuple[StandOnPlan, str]] | None:
    """(stand, who there answers the search), None when nothing is searched."""
    key = folded(asked)
    if not key:
        return None
    shared = queries.stands_shared_by(edition, key)
    found = []
    for one in stands:
        if one.id in shared:
            found.append((one, ", ".join(shared[one.id])))
        elif key in folded(one.who) or key == folded(one.number):
            found.append((one, one.who))
    return found or _near(edition, stands, asked)


def _near(
    edition: Edition, stands: Sequence[StandOnPlan], asked: str
) -> list[tuple[StandOnPlan, str]]:
    """(stand, who there is near the search), when nobody is quite what was typed."""
    by_id = {one.id: one for one in stands}
    names = [(one, one.who) for one in stands if one.who]
    names += [
        (by_id[number], who) for number, who in queries.names_shared_on(edition) if number in by_id
    ]
    return nearest(asked, ((one, folded(one[1])) for one in names), MOST_NEAR)


def _standless(edition: Edition, asked: str) -> list[tuple[str, str]]:
    """(name, slug) of the exhibitors without a stand who answer the search."""
    if not folded(asked):
        return []
    names = queries.exhibitors_without_stand(edition)
    return nearest(asked, ((one, folded(one[0])) for one in names), MOST_NEAR)
