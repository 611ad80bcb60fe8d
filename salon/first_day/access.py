"""Answers to requests while no edition is public."""

from flask import Flask, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from salon.fair.access import address_in, find_request_edition
from salon.first_day.queries import find_edition_in_preparation, is_first_day, step_reached
from salon.first_day.rules import SetUpStep
from salon.platform.database.identity import Role
from salon.platform.web.access import find_identity
from salon.platform.web.error_pages import error_page


def find_set_up_step() -> SetUpStep | None:
    """Return the step that the first day has reached, None once a fair was shown to the public."""
    return step_reached() if is_first_day() else None


def register_first_day(app: Flask) -> None:
    """Lead organisers to the set-up, and tell the public that the fair is being prepared."""

    app.jinja_env.globals["set_up_step"] = find_set_up_step

    @app.before_request
    def lead_to_the_steps() -> ResponseReturnValue | None:
        """An organiser arrives on the overview after signing in: on that of the edition in
        preparation, once there is one."""
        is_arrival = request.endpoint == "dashboard.overview" and find_request_edition() is None
        if not is_arrival or not is_first_day():
            return None
        edition = find_edition_in_preparation()
        if edition is None:
            return redirect(url_for("first_day.start"))
        return redirect(address_in(edition, "dashboard.overview"))

    @app.errorhandler(NoResultFound)
    def absent(error: NoResultFound) -> ResponseReturnValue:
        if request.path.startswith("/api/") or not is_first_day():
            return error_page(404)
        identity = find_identity()
        if identity is not None and identity.role == Role.ORGANISER:
            return redirect(url_for("first_day.start"))
        return make_response(render_template("fair/no_edition.html"), 404)
