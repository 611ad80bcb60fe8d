"""The public page of a past edition: figures, programme, exhibitors; no person."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.queries.catalogue import listed_names
from salon.exhibitors.routes import blueprint
from salon.fair.models import EditionState
from salon.fair.queries import bodies_of, get_edition, programme_of
from salon.platform.access import public


@blueprint.get("/editions/<slug>")
@public
def past_edition(slug: str) -> ResponseReturnValue:
    past = get_edition(slug)
    if past.is_current:
        return redirect(url_for("fair.home"))
    if past.state not in (EditionState.HELD, EditionState.CLOSED):
        abort(404)
    return render_template(
        "exhibitors/past_edition.html",
        past=past,
        exhibitors=listed_names(past),
        bodies=bodies_of(past),
        items=programme_of(past),
    )
