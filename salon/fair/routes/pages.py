"""The public pages: home, village, programme, practical and legal information."""

from datetime import timedelta

from flask import Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries, rules
from salon.fair.access import find_request_edition, get_request_edition
from salon.fair.engine.map_points import map_address
from salon.fair.presenters.legal_notices import notice_of
from salon.fair.presenters.plan_drawing import village_drawings
from salon.fair.presenters.search_engines import INDEXED, event_of
from salon.fair.routes import blueprint
from salon.fair.rules.texts import WAYS_IN, text_of
from salon.platform.database.demonstration_state import shows_demonstration
from salon.platform.pages.public_pages import same_for_all
from salon.platform.settings.clock import local, now, real_now
from salon.platform.settings.installation import LegalNotice
from salon.platform.web.access import public, settings
from salon.platform.web.assets import asset

ACCESSIBILITY_STATUS = "non conforme"
"""RGAA: without an audit, a site is « non conforme »; shown on each page and in the
statement.
"""

SECURITY_LIFETIME = timedelta(days=180)
"""RFC 9116 asks for less than a year."""

NOT_FOR_ROBOTS = (
    *("/badge/", "/B/", "/b/", "/inscription/dossier/", "/exposants/inscription/"),
    "/invitation/",
    *("/rendez-vous/", "/organisation", "/connexion"),
)


@blueprint.app_context_processor
def about_the_page() -> dict[str, object]:
    """Provide the accessibility status, the canonical address of an indexed page, and what the
    public pages read of the organiser's texts.
    """
    is_indexed = request.endpoint in INDEXED and not g.get("is_error_page", False)
    return {
        "accessibility_status": ACCESSIBILITY_STATUS,
        "canonical": settings().public_url + request.path if is_indexed else "",
        "legal_notice": _notice,
        "map_address": map_address,
        "page_text": lambda key: text_of(get_request_edition(), key),
        "ways_in": WAYS_IN,
    }


def _notice() -> LegalNotice:
    return notice_of(find_request_edition(), settings().legal)


@blueprint.get("/")
@public
@same_for_all()
def home() -> ResponseReturnValue:
    edition = find_request_edition()
    if edition is None:
        return render_template("fair/no_edition.html")
    at = local(now())
    on_now, following = rules.on_now_and_next(queries.programme_of(edition), at)
    return render_template(
        "fair/home.html",
        edition=edition,
        event=event_of(edition, settings()),
        phase=rules.phase_of(edition, at),
        can_register=rules.registrations_are_open(edition, at),
        on_now=on_now,
        following=following,
        bodies=queries.bodies_of(edition),
        themes=queries.themes_of(edition),
        earlier=queries.editions_before(edition),
        exhibitors=queries.count_exhibitors(edition),
    )


@blueprint.get("/village")
@public
@same_for_all()
def village() -> ResponseReturnValue:
    edition = get_request_edition()
    bodies = queries.bodies_of(edition)
    return render_template(
        "fair/village.html",
        edition=edition,
        bodies=bodies,
        themes=queries.themes_of(edition),
        floors=village_drawings(bodies),
    )


@blueprint.get("/village/<slug>")
@public
@same_for_all()
def theme(slug: str) -> ResponseReturnValue:
    edition = get_request_edition()
    theme_shown = queries.get_theme(edition, slug)
    other_themes = [
        candidate for candidate in queries.themes_of(edition) if candidate.id != theme_shown.id
    ]
    return render_template(
        "fair/theme.html", edition=edition, theme=theme_shown, others=other_themes
    )


@blueprint.get("/programme")
@public
@same_for_all()
def programme() -> ResponseReturnValue:
    edition = get_request_edition()
    items = queries.programme_with_files(edition)
    on_now, following = rules.on_now_and_next(items, local(now()))
    return render_template(
        "fair/programme.html",
        edition=edition,
        items=items,
        on_now=on_now,
        following=following,
    )


@blueprint.get("/infos-pratiques")
@public
@same_for_all()
def practical() -> ResponseReturnValue:
    edition = get_request_edition()
    return render_template(
        "fair/practical.html",
        edition=edition,
        doors=queries.fair_doors_of(edition),
        landmarks=queries.landmarks_of(edition),
        can_register=rules.registrations_are_open(edition, now()),
    )


@blueprint.get("/mentions-legales")
@public
def legal() -> ResponseReturnValue:
    return render_template("fair/legal.html", legal=_notice().public)


@blueprint.get("/accessibilite")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("fair/accessibility.html", legal=_notice().public)


@blueprint.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Disallow a whole demonstration; of a real fair, only its private pages."""
    hidden = ("/",) if shows_demonstration() else NOT_FOR_ROBOTS
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden)]
    lines.append(f"Sitemap: {settings().public_url}/sitemap.xml")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/.well-known/security.txt")
@public
def security() -> ResponseReturnValue:
    """Publish the contact for security flaws (RFC 9116): the address of the legal notice."""
    current, email = settings(), _notice().email
    if not email:
        abort(404)
    expires_at = (real_now() + SECURITY_LIFETIME).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{email}",
        f"Expires: {expires_at:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {current.public_url}{url_for('fair.security')}",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    return redirect(asset("images/favicon.svg"), 301)
