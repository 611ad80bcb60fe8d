"""Quotes, invoices, and the credit notes of a cancelled fair issued together; the *service fait* of
every public buyer.
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.billing.forms import BatchForm, ServiceForm
from salon.billing.models import SalesKind
from salon.billing.queries import batches as queries
from salon.billing.routes import blueprint
from salon.billing.routes.overview import today
from salon.billing.services import batches as services
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, only

KINDS = {
    "devis": SalesKind.QUOTE,
    "factures": SalesKind.INVOICE,
    "avoirs": SalesKind.CREDIT_NOTE,
}
BATCH = 25
PLACE = "/organisation/facturation/ensemble/<any(devis,factures,avoirs):kind>"


def _page(kind: str, **overrides: object) -> str:
    """Return the page of the documents ready to issue and of those held back."""
    edition = get_request_edition()
    invoices = kind == "factures"
    return render_template(
        "billing/issue_together.html",
        kind=kind,
        ready=queries.ready_for(edition, KINDS[kind], today()),
        orders=queries.orders_without_service(edition, today()) if invoices else [],
        to_credit=queries.invoices_to_credit(edition) if kind == "avoirs" else [],
        first_day=edition.days[0].day_on,
        **{"form": BatchForm(formdata=None), "service_form": _service_form(), **overrides},
    )


def _service_form() -> ServiceForm:
    return ServiceForm(formdata=None, done_on=get_request_edition().days[-1].day_on)


@blueprint.get(PLACE)
@only(Domain.MONEY)
def issue_together(kind: str) -> ResponseReturnValue:
    return _page(kind)


@blueprint.post(PLACE)
@only(Domain.MONEY)
def issue_batch(kind: str) -> ResponseReturnValue:
    form = BatchForm()
    if not form.validate():
        return _page(kind, form=form), 400
    edition = get_request_edition()
    after, done, total = (int(form[name].data) for name in ("after", "done", "total"))
    if not after:
        total = queries.ready_for(edition, KINDS[kind], today()).count
    batch = queries.next_ready(edition, KINDS[kind], today(), after, BATCH)
    outcomes = services.issue_together(batch, KINDS[kind], actor(), now())
    done += sum(not outcome.refusal for outcome in outcomes)
    last = batch[-1].exhibitor_id if batch else after
    return render_template(
        "billing/issued_together.html",
        kind=kind,
        outcomes=outcomes,
        done=done,
        total=max(total, done),
        goes_on=len(batch) == BATCH,
        form=BatchForm(formdata=None, after=str(last), done=str(done), total=str(total)),
    )


@blueprint.post("/organisation/facturation/service-fait")
@only(Domain.MONEY)
def record_services() -> ResponseReturnValue:
    form = ServiceForm()
    if form.validate():
        with form.refusals():
            count = services.record_services_done(
                get_request_edition(), form.done_on.data, actor(), now()
            )
            buyers = f"acheteur{'s' if count > 1 else ''}"
            flash(f"Service fait enregistré pour {count} {buyers}.", "success")
            return redirect(url_for("billing.issue_together", kind="factures"))
    return _page("factures", service_form=form), form.status_code
