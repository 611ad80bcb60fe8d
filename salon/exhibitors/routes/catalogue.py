"""The public catalogue: its pages, its logos, its open data."""

import json
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.forms.catalogue import CatalogueForm
from salon.exhibitors.presenters.floor import view_around
from salon.exhibitors.queries import catalogue as queries
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.queries.open_data import (
    LICENCE,
    LICENCE_URL,
    PUBLIC_FIELDS,
    public_exhibitors,
    safe_website,
)
from salon.exhibitors.routes import blueprint
from salon.exhibitors.rules.lifecycle import (
    ApplicationsClosed,
    ApplicationsNotYetOpen,
    FairCancelled,
    check_applications_are_open,
)
from salon.fair.access import find_request_edition, get_request_edition
from salon.platform.documents.spreadsheets.writer import csv_lines
from salon.platform.pages.lists.address import requested_page
from salon.platform.pages.public_pages import same_for_all
from salon.platform.settings.clock import now
from salon.platform.web.access import public, settings
from salon.platform.web.responses import logo_response, reusable_response

LOGO_FRESH_S = 86_400


@blueprint.app_context_processor
def applications() -> dict[str, object]:
    """Provide `applications_are_open()` to the pages that link to the application."""
    return {"applications_are_open": applications_are_open}


def applications_are_open() -> bool:
    edition = find_request_edition()
    terms = find_terms(edition) if edition else None
    if edition is None or terms is None:
        return False
    try:
        check_applications_are_open(edition, terms, now())
    except (FairCancelled, ApplicationsNotYetOpen, ApplicationsClosed):
        return False
    return True


@blueprint.get("/exposants")
@public
@same_for_all()
def catalogue() -> ResponseReturnValue:
    edition = get_request_edition()
    choices = queries.choices_of(edition)
    form = CatalogueForm(request.args)
    form.theme.choices = {"": "Tous", **dict(choices.themes)}
    form.categorie.choices = {
        "": "Toutes",
        **{sector.value: sector.label for sector, _ in choices.sectors},
    }
    form.hall.choices = {"": "Tous", **{name: f"Hall {name}" for name in choices.halls}}
    filters = _filter(form, choices)
    return render_template(
        "exhibitors/catalogue.html",
        form=form,
        choices=choices,
        filters=filters,
        active=_active_filters(form, filters),
        page=queries.catalogue_page(edition, filters, requested_page()),
        address=_address,
        licence=LICENCE,
        licence_url=LICENCE_URL,
    )


def _filter(form: CatalogueForm, choices: queries.Choices) -> queries.CatalogueFilter:
    """Return the filters of the address; invalid ones are ignored."""
    letter = request.args.get("lettre", "").upper()
    letter = letter if letter in choices.letters else ""
    if not form.validate():
        return queries.CatalogueFilter(letter=letter)
    return queries.CatalogueFilter(
        text=form.q.data or "",
        theme=form.theme.data,
        sector=form.categorie.data,
        hall=form.hall.data,
        letter=letter,
    )


def _address(**changes: str) -> str:
    """Return the first page of the catalogue with the filters of the address, some changed."""
    current = {name: request.args.get(name, "") for name in ("q", "theme", "categorie", "hall")}
    current["lettre"] = request.args.get("lettre", "")
    parameters = {name: value for name, value in {**current, **changes}.items() if value}
    path = url_for("exhibitors.catalogue")
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _active_filters(form: CatalogueForm, filters: queries.CatalogueFilter) -> list[tuple[str, str]]:
    """Return (text, address without it) of each filter that is set."""
    active = []
    if filters.text:
        active.append((f"«\u00a0{filters.text}\u00a0»", _address(q="")))
    for name, value in (
        ("categorie", filters.sector),
        ("theme", filters.theme),
        ("hall", filters.hall),
    ):
        if value:
            active.append((dict(form[name].choices)[value], _address(**{name: ""})))
    if filters.letter:
        active.append((f"Lettre {filters.letter}", _address(lettre="")))
    return active


@blueprint.get("/exposants/<slug>")
@public
@same_for_all()
def catalogue_entry(slug: str) -> ResponseReturnValue:
    exhibitor = queries.get_entry(get_request_edition(), slug)
    return render_template(
        "exhibitors/catalogue_entry.html",
        exhibitor=exhibitor,
        website=safe_website(exhibitor.website),
        others=[
            (co_exhibitor, safe_website(co_exhibitor.website))
            for co_exhibitor in exhibitor.co_exhibitors
        ],
        members=[member for member in exhibitor.members if queries.is_shown(member)],
        pavilion=exhibitor.parent if queries.is_shown(exhibitor.parent) else None,
        floor=view_around(exhibitor.stand, queries.stands_around(exhibitor.stand))
        if exhibitor.stand
        else None,
    )


@blueprint.get("/exposants/<slug>/logo")
@public
def logo(slug: str) -> ResponseReturnValue:
    """The logo as re-encoded on arrival: always WebP, a new name when it changes."""
    name = queries.get_logo_file(get_request_edition(), slug)
    response = logo_response(name)
    response.cache_control.public = True
    response.cache_control.max_age = LOGO_FRESH_S
    response.set_etag(name.partition(".")[0])
    response.make_conditional(request)
    return response


@blueprint.get("/exposants.json")
@public
def catalogue_json() -> ResponseReturnValue:
    edition = get_request_edition()
    exhibitors = public_exhibitors(edition, settings().public_url + url_for("exhibitors.catalogue"))
    content = {
        "edition": {"name": edition.name, "day": edition.days[0].day_on.isoformat()},
        "licence": {"name": LICENCE, "url": LICENCE_URL},
        "count": len(exhibitors),
        "exhibitors": [exhibitor.as_dict() for exhibitor in exhibitors],
    }
    return reusable_response(
        json.dumps(content, ensure_ascii=False), "application/json", LICENCE_URL
    )


@blueprint.get("/exposants.csv")
@public
def catalogue_csv() -> ResponseReturnValue:
    exhibitors = public_exhibitors(
        get_request_edition(), settings().public_url + url_for("exhibitors.catalogue")
    )
    lines = csv_lines(PUBLIC_FIELDS.values(), (exhibitor.as_cells() for exhibitor in exhibitors))
    response = reusable_response("".join(lines), "text/csv", LICENCE_URL)
    response.headers["Content-Disposition"] = 'attachment; filename="exposants.csv"'
    return response
