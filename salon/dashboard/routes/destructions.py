"""Destructions due for past editions, and the organiser's visa."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.dashboard.routes import blueprint
from salon.dashboard.services import destructions as service
from salon.platform.database.identity import Role
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import only


@blueprint.get("/organisation/destructions")
@only(Role.ORGANISER)
def destructions() -> ResponseReturnValue:
    return render_template(
        "dashboard/destructions.html",
        suspension=service.suspension(real_now()),
        editions=service.destructions_by_edition(now()),
        now=now(),
    )


@blueprint.post("/organisation/destructions/<int:edition_id>")
@only(Role.ORGANISER)
def approve_destructions(edition_id: int) -> ResponseReturnValue:
    service.approve(request_act(), edition_id)
    flash("Les destructions de cette édition sont autorisées, chacune à sa date.", "success")
    return redirect(url_for("dashboard.destructions"))
