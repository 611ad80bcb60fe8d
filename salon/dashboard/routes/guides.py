"""« Aide »: the guides, read inside the product."""

from flask import abort, render_template, send_from_directory
from flask.typing import ResponseReturnValue

from salon.dashboard.presenters.guides import CONTENTS, FOLDER, find_guide
from salon.dashboard.routes import blueprint
from salon.platform.database.identity import Role
from salon.platform.web.access import only

READERS = (Role.ORGANISER, Role.AGENT)


@blueprint.get("/aide/")
@only(*READERS, any_organiser=True)
def guides() -> ResponseReturnValue:
    return _page(CONTENTS)


@blueprint.get("/aide/<name>")
@only(*READERS, any_organiser=True)
def guide(name: str) -> ResponseReturnValue:
    return _page(name)


@blueprint.get("/aide/images/<name>.png")
@only(*READERS, any_organiser=True)
def guide_picture(name: str) -> ResponseReturnValue:
    return send_from_directory(FOLDER / "images", f"{name}.png")


def _page(name: str) -> str:
    guide = find_guide(name) or abort(404)
    return render_template("dashboard/guide.html", guide=guide, is_contents=name == CONTENTS)
