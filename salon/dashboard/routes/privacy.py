"""The public page on personal data (RGPD art. 13)."""

from flask import render_template
from flask.typing import ResponseReturnValue

from salon.badges.queries.accepted_texts import versions_of
from salon.dashboard.engine.public_lifetimes import public_lifetimes
from salon.dashboard.routes import blueprint
from salon.fair.access import find_request_edition
from salon.fair.presenters.legal_notices import notice_of
from salon.platform.web.access import public, settings


@blueprint.get("/confidentialite")
@public
def privacy() -> ResponseReturnValue:
    edition = find_request_edition()
    return render_template(
        "dashboard/privacy.html",
        legal=notice_of(edition, settings().legal).public,
        lifetimes=public_lifetimes(),
        texts=versions_of(edition.id) if edition is not None else {},
    )
