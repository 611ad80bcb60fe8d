"""The addresses of the public pages, for search engines (sitemaps.org)."""

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from salon.dashboard.routes import blueprint
from salon.exhibitors.queries.open_data import public_exhibitors
from salon.fair.access import get_request_edition
from salon.fair.models import Edition
from salon.fair.presenters.search_engines import STANDING
from salon.fair.queries import themes_of
from salon.open_data.queries.releases import find_latest_number
from salon.platform.web.access import public, settings

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@blueprint.get("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    from xml.sax.saxutils import escape

    edition, site = get_request_edition(), settings().public_url
    catalogue = url_for("exhibitors.catalogue")
    addresses = [
        *(site + url_for(endpoint) for endpoint in STANDING),
        *(site + url_for("fair.theme", slug=theme.slug) for theme in themes_of(edition)),
        *(site + url_for("fair.hall", name=hall.name) for hall in edition.halls),
        *_open_data(edition, site),
        *(exhibitor.page for exhibitor in public_exhibitors(edition, site + catalogue)),
    ]
    entries = "\n".join(f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
    lines = ('<?xml version="1.0" encoding="UTF-8"?>', f'<urlset xmlns="{NAMESPACE}">', entries)
    return Response("\n".join((*lines, "</urlset>", "")), mimetype="application/xml")


def _open_data(edition: Edition, site: str) -> list[str]:
    """Return the address of the edition's open data, once there are some."""
    if find_latest_number(edition) is None:
        return []
    return [site + url_for("open_data.open_data", slug=edition.slug)]
