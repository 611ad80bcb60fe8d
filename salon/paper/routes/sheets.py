"""A page of a pack, opened by its QR code: tick the lines ticked on paper, send once."""

from datetime import time

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.fair.access import fair_act
from salon.paper import forms, queries
from salon.paper.presenters import content
from salon.paper.routes import blueprint
from salon.paper.routes.typing_back import own_edition, pointing_of, prepare
from salon.paper.services import typing_back as services
from salon.paper.services.typing_back import TypedLine
from salon.platform.database.identity import Domain, Role
from salon.platform.settings.clock import local, now, paris
from salon.platform.web.access import only

PLACE = "/organisation/papier/<int:pack_id>/<int:number>"


@blueprint.get("/ORGANISATION/PAPIER/<int:pack_id>/<int:number>")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def open_sheet(pack_id: int, number: int) -> ResponseReturnValue:
    """Redirect from the printed address: all capitals, which need fewer modules in a QR code."""
    return redirect(url_for("paper.sheet", pack_id=pack_id, number=number))


@blueprint.get(PLACE)
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def sheet(pack_id: int, number: int) -> ResponseReturnValue:
    return _sheet_page(forms.SheetForm(formdata=None), pack_id, number)


@blueprint.post(PLACE)
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def tick_lines(pack_id: int, number: int) -> ResponseReturnValue:
    form = forms.SheetForm()
    page = queries.get_page(own_edition(), pack_id, number)
    form.ticked.choices = [(str(badge_id), str(badge_id)) for badge_id in page.badge_ids]
    prepare(form)
    if form.validate():
        badge_ids = [int(badge_id) for badge_id in form.ticked.data or ()]
        with form.refusals():
            lines = services.tick_lines(fair_act(own_edition()), page, badge_ids, pointing_of(form))
            form.ticked.data = []
            return _sheet_page(form, pack_id, number, lines)
    return _sheet_page(form, pack_id, number), form.status_code


def _sheet_page(
    form: forms.SheetForm, pack_id: int, number: int, lines: list[TypedLine] | None = None
) -> str:
    edition = own_edition()
    page = queries.get_page(edition, pack_id, number)
    pack = queries.get_pack(edition, pack_id)
    prepare(form)
    return render_template(
        "paper/sheet.html",
        form=form,
        page=page,
        pack=pack,
        rows=list(content.lines_of(page.badge_ids, content.today_of(edition, now()))),
        typed=queries.scans_typed_today(
            edition.id, page.badge_ids, paris(local(now()).date(), time())
        ),
        lines=lines or [],
    )
