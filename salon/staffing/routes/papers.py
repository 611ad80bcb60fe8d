"""The published rota on paper: by stand, by agent, and the whole village."""

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain, Role
from salon.platform.documents.pdf.response import pdf_response
from salon.platform.web.access import only, settings
from salon.platform.web.long_answers import long_answer
from salon.staffing.access import own_agent, own_scope
from salon.staffing.presenters.papers import staffed_agents
from salon.staffing.queries.papers import PublishedRota, find_published
from salon.staffing.queries.rota import find_publication, stands_of
from salon.staffing.routes import blueprint

PLACE = "/organisation/village/papiers"
PAGE_WORDS = (
    "Votre planning sur votre téléphone, toujours à jour\u00a0: "
    "ouvrez ce code, puis connectez-vous avec votre adresse professionnelle."
)
FEED_WORDS = (
    "Votre agenda\u00a0: ce code ajoute vos vacations à celui de votre téléphone. "
    "L’adresse est personnelle\u00a0: ne laissez pas traîner cette feuille."
)


@blueprint.get(PLACE)
@only(Domain.VILLAGE, Role.AGENT)
def papers() -> ResponseReturnValue:
    scope = own_scope()
    return render_template(
        "staffing/papers.html",
        publication=find_publication(scope.edition),
        bodies=[body for body in stands_of(scope.edition).values() if scope.covers(body.id)],
        scope=scope,
    )


@blueprint.get(f"{PLACE}/stands.pdf")
@only(Domain.VILLAGE, Role.AGENT)
def stands_paper() -> ResponseReturnValue:
    from salon.staffing.documents.rota_pdf_stand import stands_pdf

    scope = own_scope()
    rota = _published()
    bodies = [body for body in rota.bodies.values() if scope.covers(body.id)]
    return _pdf(stands_pdf(rota, bodies, _arrival_address), rota, "stands")


@blueprint.get(f"{PLACE}/stand/<int:stand_id>.pdf")
@only(Domain.VILLAGE, Role.AGENT)
def stand_paper(stand_id: int) -> ResponseReturnValue:
    from salon.staffing.documents.rota_pdf_stand import stands_pdf

    scope = own_scope()
    rota = _published()
    body = rota.bodies.get(stand_id)
    if body is None or not scope.covers(body.id):
        abort(404)
    return _pdf(stands_pdf(rota, [body], _arrival_address), rota, f"stand-{body.slug}")


@blueprint.get(f"{PLACE}/agents.pdf")
@only(Domain.VILLAGE, Role.AGENT)
@long_answer
def agents_paper() -> ResponseReturnValue:
    """Return every agent's sheet. Sheets pass through other hands than the agents': their code
    opens a page that requires signing in.
    """
    from salon.staffing.documents.rota_pdf_agent import QrTarget, agents_pdf

    rota = _published(own_scope().body_ids)
    agents = staffed_agents(rota)
    if not agents:
        abort(404)
    qr_target = QrTarget(settings().public_url + url_for("village_day.my_rota"), PAGE_WORDS)
    return _pdf(agents_pdf(rota, agents, qr_target), rota, "agents")


@blueprint.get(f"{PLACE}/village-a3.pdf")
@only(Domain.VILLAGE)
@long_answer
def village_paper() -> ResponseReturnValue:
    from salon.staffing.documents.rota_pdf_village import village_pdf

    rota = _published()
    return _pdf(village_pdf(rota), rota, "village-a3")


@blueprint.get("/planning/mon-planning.pdf")
@only(Role.AGENT)
def my_paper() -> ResponseReturnValue:
    from salon.staffing.documents.rota_pdf_agent import QrTarget, agents_pdf

    agent = own_agent()
    rota = _published((agent.body_id,))
    address = settings().public_url + url_for("staffing.feed", token=agent.calendar_token)
    return _pdf(agents_pdf(rota, [agent], QrTarget(address, FEED_WORDS)), rota, "mon-planning")


def _arrival_address(number: str) -> str:
    return settings().public_url + url_for("village_day.at_stand", number=number)


def _published(body_ids: tuple[int, ...] | None = None) -> PublishedRota:
    rota = find_published(get_request_edition(), body_ids)
    if rota is None:
        abort(404)
    return rota


def _pdf(content: bytes, rota: PublishedRota, name: str) -> Response:
    return pdf_response(content, f"{name}-version-{rota.publication.number}.pdf")
