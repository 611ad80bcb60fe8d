"""The list of the addresses that want no message sent to many."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.dashboard.forms import OppositionFilterForm, ReadmissionForm
from salon.dashboard.routes import blueprint
from salon.invitations.services import oppositions as services
from salon.platform.database.identity import Domain
from salon.platform.mail.oppositions import (
    OppositionSource,
    address_hash,
    count_oppositions,
    find_opposition,
)
from salon.platform.pages.acts import request_act
from salon.platform.web.access import only


@blueprint.get("/organisation/courriels/a-qui-ne-plus-ecrire")
@only(Domain.MESSAGES)
def oppositions() -> ResponseReturnValue:
    return _page(OppositionFilterForm(request.args), ReadmissionForm())


def _page(form: OppositionFilterForm, readmission: ReadmissionForm) -> str:
    address = form.q.data if form.validate() else ""
    return render_template(
        "dashboard/oppositions.html",
        form=form,
        readmission=readmission,
        address=address,
        opposition=find_opposition(address_hash(address)) if address else None,
        count=count_oppositions(),
    )


@blueprint.post("/organisation/courriels/a-qui-ne-plus-ecrire")
@only(Domain.MESSAGES)
def oppose_address() -> ResponseReturnValue:
    form = OppositionFilterForm(request.form)
    if not form.validate() or not form.q.data:
        return _page(form, ReadmissionForm()), 400
    source = OppositionSource.ORGANISER
    services.oppose_address(request_act(), address_hash(form.q.data), source)
    flash("Cette adresse est dans la liste : aucun message à plusieurs n’y part plus.", "success")
    return redirect(url_for("dashboard.oppositions", q=form.q.data))


@blueprint.post("/organisation/courriels/a-qui-ne-plus-ecrire/retirer")
@only(Domain.MESSAGES)
def readmit_address() -> ResponseReturnValue:
    form, readmission = OppositionFilterForm(request.form), ReadmissionForm()
    if not form.validate() or not form.q.data or not readmission.validate():
        return _page(form, readmission), 400
    services.readmit_address(request_act(), address_hash(form.q.data), readmission.reason.data)
    flash("Cette adresse n’est plus dans la liste ; le journal en garde le motif.", "success")
    return redirect(url_for("dashboard.oppositions", q=form.q.data))
