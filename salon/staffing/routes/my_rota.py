"""An agent's own rota, on a phone."""

from flask import render_template
from flask.typing import ResponseReturnValue

from salon.access import only
from salon.identity import Role
from salon.staffing.routes import blueprint


@blueprint.get("/planning")
@only(Role.AGENT)
def my_rota() -> ResponseReturnValue:
    return render_template("staffing/my_rota.html")
