"""The exhibitor's own billing pages: amount due, payment, billing details, agreement."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.billing.documents.sales_mentions import iban_words
from salon.billing.engine.issued_lines import totals_of
from salon.billing.engine.ledger import credits_of, invoice_balance, sale_sums, sales_file_of
from salon.billing.engine.receipts import account_of, dues_of, left_of, paid_back, paid_by
from salon.billing.forms import AgreementForm, BillingForm
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries import buyers
from salon.billing.queries import sales as queries
from salon.billing.queries.pavilion import members_of, payer_of
from salon.billing.queries.receipts import receipts_of
from salon.billing.routes import blueprint
from salon.billing.routes.overview import attached_pdf, today
from salon.billing.rules.sales import is_agreed_buyer
from salon.billing.services import billing as services
from salon.billing.services.billing import Billing
from salon.exhibitors.access import own_buyer
from salon.exhibitors.engine.pricing import ZERO
from salon.exhibitors.models import ApplicationStatus, ContactKind, Exhibitor
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Role
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import request_act
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken

NEW_QUOTE = "Pour facturer celui-ci, l’organisation établit un nouveau devis, à accepter."
FIELDS = tuple(Billing.__dataclass_fields__)
PLACE = "/mon-stand/<int:exhibitor_id>/facturation"


def billing_form(exhibitor: Exhibitor) -> BillingForm:
    """Return the form of the billing details, prefilled with the exhibitor's data without any."""
    billing = queries.find_billing(exhibitor.id)
    if billing is not None:
        values: dict[str, object] = {name: getattr(billing, name) for name in FIELDS}
    else:
        values = {name: buyers.buyer_of(exhibitor).get(name, "") for name in FIELDS}
    return BillingForm(version=str(billing.version if billing else 0), data=values)


def save_billing(exhibitor: Exhibitor, form: BillingForm) -> bool:
    """Save the billing details; a form read before another change gets the current version."""
    details = Billing(**{name: form[name].data or "" for name in FIELDS})
    with form.refusals():
        services.save_billing(request_act(), exhibitor.id, int(form.version.data), details)
        flash("Coordonnées de facturation enregistrées.", "success")
        file = sales_file_of(queries.sales_of(exhibitor.id))
        if file.order and file.to_invoice and not agreed(exhibitor, file.order):
            named = f"La commande {file.order.reference} nomme un autre client."
            flash(f"{named} {NEW_QUOTE}", "warning")
        return True
    if isinstance(form.refusal, StaleVersion):
        form.version.data = str(getattr(queries.find_billing(exhibitor.id), "version", 0))
    return False


def agreed(exhibitor: Exhibitor, order: SalesDocument) -> bool:
    """Return whether the buyer of today is the one that the order named."""
    return is_agreed_buyer(order.buyer, buyers.buyer_of(exhibitor))


def _page(exhibitor: Exhibitor, **overrides: object) -> str:
    sales, receipts = queries.sales_of(exhibitor.id), receipts_of(exhibitor.id)
    file = sales_file_of(sales)
    contact = exhibitor.contact(ContactKind.MAIN)
    signatory = ", ".join(filter(None, (contact.full_name, contact.function))) if contact else ""
    quote = file.quote
    shown: dict[str, object] = {
        "form": overrides.get("form") or billing_form(exhibitor),
        "agreement": AgreementForm(
            formdata=None, quote=str(quote.id) if quote else "0", signed_by=signatory
        ),
        "wrong": "",
        **overrides,
    }
    dues = dues_of(sales)
    invoice = dues[0][0] if dues else file.invoice
    standing = invoice_balance(invoice, credits_of(invoice, sales), today()) if invoice else None
    return render_template(
        "billing/billing.html",
        exhibitor=exhibitor,
        payer=payer_of(exhibitor),
        members=members_of(exhibitor),
        is_agreed=file.order is None or agreed(exhibitor, file.order),
        sales=sales,
        file=file,
        step=file.step(
            is_closed=queries.is_closed(exhibitor.id), takes_part=queries.takes_part(exhibitor)
        ),
        is_accepted=exhibitor.status == ApplicationStatus.ACCEPTED,
        sums=sale_sums(file, sales, is_closed=queries.is_closed(exhibitor.id)),
        invoice=invoice,
        dues=dues,
        standing=standing,
        account=account_of(sales, receipts),
        receipts=receipts,
        received=sum((row.amount for row in receipts if row.cancelled_at is None), ZERO),
        given_back=sum(map(paid_back, receipts), ZERO),
        left_of=left_of,
        paid_by=paid_by,
        references_by_id={document.id: document.reference for document in sales},
        standings={
            invoice.id: invoice_balance(invoice, credits_of(invoice, sales), today())
            for invoice in sales
            if invoice.kind == SalesKind.INVOICE
        },
        references=buyers.references_of(exhibitor),
        quote_totals=totals_of(quote) if quote else None,
        seller=terms_of(get_request_edition()).seller,
        iban_words=iban_words,
        today=today(),
        **shown,
    )


@blueprint.route(PLACE, methods=["GET", "POST"])
@only(Role.EXHIBITOR)
def billing(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_buyer(exhibitor_id)
    form = billing_form(exhibitor)
    if form.validate_on_submit() and save_billing(exhibitor, form):
        return redirect(url_for("billing.billing", exhibitor_id=exhibitor_id))
    return _page(exhibitor, form=form), form.status_code


@blueprint.post(f"{PLACE}/accord")
@only(Role.EXHIBITOR)
def accept_quote(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_buyer(exhibitor_id)
    form = AgreementForm()
    if not form.validate():
        return _page(exhibitor, agreement=form), 400
    try:
        order = services.accept_quote(
            request_act(), exhibitor_id, int(form.quote.data), form.signed_by.data
        )
    except RuleBroken as refusal:
        return _page(exhibitor, wrong=refusal.message), refusal.status
    flash(f"Votre commande {order.reference} est confirmée.", "success")
    return redirect(url_for("billing.billing", exhibitor_id=exhibitor_id))


@blueprint.get(f"{PLACE}/<int:document_id>.pdf")
@only(Role.EXHIBITOR)
def own_sales_document(exhibitor_id: int, document_id: int) -> ResponseReturnValue:
    exhibitor = own_buyer(exhibitor_id)
    return attached_pdf(queries.get_document_of(document_id, exhibitor.id))
