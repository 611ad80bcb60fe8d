"""Answers to requests while no edition is public."""

from flask import Flask, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from salon.fair.access import find_request_edition
from salon.first_day.queries import is_first_day
from salon.platform.database.identity import Role
from salon.platform.web.access import find_identity
from salon.platform.web.error_pages import error_page


def register_first_day(app: Flask) -> None:
    """Lead organisers to the set-up, and tell the public that the fair is being prepared."""

    @app.before_request
    def lead_to_the_steps() -> ResponseReturnValue | None:
        """An organiser arrives on the overview after signing in."""
        is_arrival = request.endpoint == "dashboard.overview" and find_request_edition() is None
        return redirect(url_for("first_day.start")) if is_arrival and is_first_day() else None

    @app.errorhandler(NoResultFound)
    def absent(error: NoResultFound) -> ResponseReturnValue:
        if request.path.startswith("/api/") or not is_first_day():
            return error_page(404)
        identity = find_identity()
        if identity is not None and identity.role == Role.ORGANISER:
            return redirect(url_for("first_day.start"))
        return make_response(render_template("fair/no_edition.html"), 404)
