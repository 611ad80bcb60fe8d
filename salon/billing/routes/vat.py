"""The table of VAT, for organisers."""

from flask import render_template
from flask.typing import ResponseReturnValue

from salon.billing.presenters.vat_table import vat_rows
from salon.billing.routes import blueprint
from salon.platform.database.identity import Domain
from salon.platform.web.access import only


@blueprint.get("/organisation/reglages/tva")
@only(Domain.MONEY)
def vat() -> ResponseReturnValue:
    return render_template("billing/vat.html", rows=vat_rows())
