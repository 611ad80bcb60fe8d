"""The public page of a past edition: figures, programme, exhibitors; no person."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.queries.catalogue import listed_names
from salon.exhibitors.routes import blueprint
from salon.fair.models import EditionState
from salon.fair.queries import bodies_of, get_edition, programme_of
from salon.platform.database.edition_scope import across_editions
from salon.platform.web.access import public


@blueprint.get("/editions/<slug>")
@public
@across_editions()
def past_edition(slug: str) -> ResponseReturnValue:
    past_edition = get_edition(slug)
    if past_edition.is_current:
        return redirect(url_for("fair.home"))
    if past_edition.state not in (EditionState.HELD, EditionState.CLOSED):
        abort(404)
    return render_template(
        "exhibitors/past_edition.html",
        past=past_edition,
        exhibitors=listed_names(past_edition),
        bodies=bodies_of(past_edition),
        items=programme_of(past_edition),
    )
