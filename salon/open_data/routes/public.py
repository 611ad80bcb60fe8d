"""The open data of an edition, for everybody, at addresses that stay.

They name their edition, so that they answer the same once another one is public.
"""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from salon.exhibitors.queries.open_data import LICENCE, LICENCE_URL
from salon.fair.models import Edition, EditionState
from salon.fair.queries import get_edition
from salon.open_data.queries.releases import find_file, releases_of, was_withdrawn
from salon.open_data.routes import blueprint
from salon.platform.database.edition_scope import across_editions
from salon.platform.files.uploads import attachment
from salon.platform.web.access import public
from salon.platform.web.responses import reusable_response

PAGE = "/editions/<slug>/donnees-ouvertes"


@blueprint.get(PAGE)
@public
@across_editions()
def open_data(slug: str) -> ResponseReturnValue:
    return _page(_announced_edition(slug))


@blueprint.get(f"{PAGE}/<int:number>/<name>")
@public
@across_editions()
def data_file(slug: str, number: int, name: str) -> ResponseReturnValue:
    """A file of a version; the bytes of this address never change."""
    return _file_response(_announced_edition(slug), number, name)


@blueprint.get(f"{PAGE}/<name>")
@public
@across_editions()
def latest_file(slug: str, name: str) -> ResponseReturnValue:
    """A file of the latest version: the address that a portal harvests."""
    return _file_response(_announced_edition(slug), None, name)


def _page(edition: Edition, withdrawn: int | None = None) -> str:
    """Return the page; `withdrawn`: the version that was asked for, and is no longer online."""
    releases = [release for release in releases_of(edition) if release.withdrawn_at is None]
    return render_template(
        "open_data/open_data.html",
        about=edition,
        latest=releases[0] if releases else None,
        earlier=releases[1:],
        withdrawn=withdrawn,
        licence=LICENCE,
        licence_url=LICENCE_URL,
    )


def _announced_edition(slug: str) -> Edition:
    edition = get_edition(slug)
    if edition.state == EditionState.DRAFT:
        abort(404)
    return edition


def _file_response(edition: Edition, number: int | None, name: str) -> ResponseReturnValue:
    file = find_file(edition, number, name)
    if file is None:
        if number is not None and was_withdrawn(edition, number):
            return _page(edition, withdrawn=number), 410
        abort(404)
    response = reusable_response(file.content, file.media_type, LICENCE_URL)
    if file.row_count is not None:
        response.headers["Content-Disposition"] = attachment(file.name)
    return response
