"""The money of one exhibitor, for organisers: quote, order, invoice, payments, credit notes."""

from collections.abc import Sequence
from decimal import Decimal

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.billing.actions import BillingAction
from salon.billing.documents import sales_files
from salon.billing.documents.sales_mentions import (
    buyer_words,
    legal_words,
    quantity_words,
    vat_check_words,
)
from salon.billing.engine.invoicing import LinePart, Part, deposit_lines, lines_left
from salon.billing.engine.issued_lines import has_lines
from salon.billing.engine.ledger import (
    amount_to_invoice,
    credits_of,
    invoice_balance,
    sale_sums,
    sales_file_of,
)
from salon.billing.engine.receipts import account_of, dues_of, left_of, paid_by
from salon.billing.forms import (
    BillingForm,
    CreditForm,
    IssueForm,
    ServiceForm,
    amount_of,
)
from salon.billing.forms.pavilion import MembersForm
from salon.billing.forms.receipts import PaymentForm
from salon.billing.models import PaymentMethod, SalesDocument, SalesKind
from salon.billing.queries import buyers
from salon.billing.queries import sales as queries
from salon.billing.queries.ledger import reminders_of
from salon.billing.queries.pavilion import members_of, members_to_gather, payer_of, strangers_in
from salon.billing.queries.receipts import receipts_of
from salon.billing.routes import blueprint
from salon.billing.routes.overview import attached, attached_pdf, today
from salon.billing.routes.own import agreed, billing_form, save_billing
from salon.billing.rules.sales import public_terms
from salon.billing.services import billing as billing_services
from salon.billing.services import sales as services
from salon.exhibitors.engine.pricing import ZERO, totals
from salon.exhibitors.imports.vat_lookup import consult
from salon.exhibitors.models import Exhibitor, VatAnswer
from salon.exhibitors.queries.exhibitors import find_terms, get_exhibitor
from salon.exhibitors.services.vat_checks import keep_vat_answer
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.database.journal import note
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirmation_page, is_confirmed
from salon.platform.pages.forms import SalonForm
from salon.platform.web.access import actor, only, settings
from salon.platform.words.amounts import typed_amount
from salon.platform.words.countries import country_name
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import euros

KINDS = {
    "devis": SalesKind.QUOTE,
    "commande": SalesKind.ORDER,
    "acompte": SalesKind.INVOICE,
    "facture": SalesKind.INVOICE,
}
PLACE = "/organisation/exposants/<int:exhibitor_id>/facturation"


def payment_form(exhibitor: Exhibitor, sales: Sequence[SalesDocument]) -> PaymentForm:
    """Return the form of a receipt, prefilled with what is due and who owes it."""
    account = account_of(sales, receipts_of(exhibitor.id))
    due = account.due + account.to_recover
    return PaymentForm(
        amount=typed_amount(due) if due else "",
        received_on=today(),
        payer=buyers.buyer_of(exhibitor)["name"],
        method=PaymentMethod.MANDATE.value if exhibitor.is_public_body else None,
    )


def page(exhibitor_id: int, **overrides: object) -> str:
    """Return the page of an exhibitor's money; `overrides` puts back a form that was refused."""
    exhibitor = get_exhibitor(exhibitor_id)
    sales = queries.sales_of(exhibitor_id)
    file = sales_file_of(sales)
    dues = dues_of(sales)
    invoice = dues[0][0] if dues else file.invoice
    standing = invoice_balance(invoice, credits_of(invoice, sales), today()) if invoice else None
    receipts = receipts_of(exhibitor_id)
    treated = buyers.treated(exhibitor, buyers.lines_to_quote(exhibitor, file))
    is_closed, takes_part = queries.is_closed(exhibitor_id), queries.takes_part(exhibitor)
    terms = find_terms(get_request_edition())
    last = max((document.id for document in sales), default=0)
    vies_number = buyers.vies_number(buyers.buyer_of(exhibitor))
    to_gather = members_to_gather(exhibitor) if exhibitor.is_pavilion else []
    shown: dict[str, object] = {
        "issue_form": IssueForm(formdata=None, seen=str(last)),
        "service_form": ServiceForm(formdata=None, done_on=today()),
        "payment_form": payment_form(exhibitor, sales),
        "wrong": "",
        **overrides,
    }
    return render_template(
        "billing/exhibitor_money.html",
        exhibitor=exhibitor,
        billing=buyers.buyer_of(exhibitor),
        is_agreed=file.order is None or agreed(exhibitor, file.order),
        payer=payer_of(exhibitor),
        strangers=strangers_in(file.order, exhibitor) if file.to_invoice and file.order else [],
        members=members_of(exhibitor),
        to_gather=to_gather,
        members_form=MembersForm(
            formdata=None, listed=" ".join(str(member.id) for member in to_gather)
        ),
        receipts=receipts,
        account=account_of(sales, receipts),
        dues=dues,
        left_of=left_of,
        paid_by=paid_by,
        buyer_words=buyer_words,
        legal_words=legal_words,
        public_terms=public_terms,
        references=buyers.references_of(exhibitor),
        file=file,
        step=file.step(is_closed=is_closed, takes_part=takes_part),
        takes_part=takes_part,
        sales=sales,
        standings={
            invoice.id: invoice_balance(invoice, credits_of(invoice, sales), today())
            for invoice in sales
            if invoice.kind == SalesKind.INVOICE
        },
        standing=standing,
        reminders=reminders_of(invoice) if invoice else [],
        sums=sale_sums(file, sales, is_closed=is_closed),
        to_invoice=amount_to_invoice(file, file.order, sales) if file.order else ZERO,
        deposit=file.deposit(file.order) if file.order else None,
        deposit_percent=terms.deposit_percent if terms else 0,
        surplus=buyers.lines_in_excess(exhibitor, file),
        lines=treated.lines,
        totals=totals(treated.lines),
        is_quoted=file.quote is None or has_lines(file.pending, treated.lines),
        country_name=country_name,
        vies_number=vies_number if settings().vies_url else "",
        vat_check=vat_check_words(exhibitor.vat_check, vies_number),
        vat_refusal=treated.refusal,
        vat_mention=treated.stated.get("mention", ""),
        first_day=get_request_edition().days[0].day_on,
        today=today(),
        **shown,
    )


@blueprint.get(PLACE)
@only(Domain.MONEY)
def exhibitor_money(exhibitor_id: int) -> ResponseReturnValue:
    return page(exhibitor_id)


@blueprint.post(f"{PLACE}/<any(devis,commande,acompte,facture):kind>")
@only(Domain.MONEY)
def issue_document(exhibitor_id: int, kind: str) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    form = IssueForm()
    if not form.validate():
        return page(exhibitor_id, wrong="Rechargez la page, puis validez de nouveau."), 400

    def issue() -> SalesDocument:
        return services.issue(
            request_act(),
            exhibitor_id,
            KINDS[kind],
            last_read_id=int(form.seen.data),
            as_deposit=kind == "acompte",
        )

    try:
        if not is_confirmed():
            return confirmation_page(_issue_question(exhibitor, kind), issue)
        document = issue()
    except RuleBroken as refusal:
        return page(exhibitor_id, wrong=refusal.message), refusal.status
    flash(f"{document.label} {document.reference}, {euros(document.gross)} TTC.", "success")
    return _back(exhibitor_id)


ISSUING = {
    "devis": "Établir le devis",
    "commande": "Confirmer la commande",
    "acompte": "Établir la facture d’acompte",
    "facture": "Établir la facture",
}


def _next_gross(exhibitor: Exhibitor, kind: str, sales: Sequence[SalesDocument]) -> Decimal:
    """Return the gross of the document that would be issued; zero where none would."""
    file, terms = sales_file_of(sales), find_terms(get_request_edition())
    order = next(iter(file.to_invoice), None)
    if kind == "devis":
        lines = buyers.lines_to_quote(exhibitor, file)
        return totals(buyers.treated(exhibitor, lines).lines).gross
    if kind == "commande":
        return file.quote.gross if file.quote else ZERO
    if order is None:
        return ZERO
    if kind == "acompte":
        return totals(deposit_lines(order, terms.deposit_percent if terms else 0)).gross
    return amount_to_invoice(file, order, sales)


def _issue_question(exhibitor: Exhibitor, kind: str) -> Confirmation:
    """Return the confirmation of a numbered document, which only another one corrects."""
    sales = queries.sales_of(exhibitor.id)
    credited, buyer = sales_file_of(sales).credited, buyers.buyer_of(exhibitor)
    gross = _next_gross(exhibitor, kind, sales)
    facts = [
        f"Client\u00a0: {buyer_words(buyer)}. Montant\u00a0: {euros(gross)} TTC.",
        "Le document reçoit son numéro, pour dix ans. Il ne s’efface pas.",
    ]
    if kind == "facture" and credited:
        facts.insert(
            0,
            f"La facture {credited.reference} est annulée par un avoir\u00a0: elle est remplacée.",
        )
    return Confirmation(
        title=ISSUING[kind],
        kicker=exhibitor.name,
        button=f"{ISSUING[kind]} et l’envoyer",
        back=url_for("billing.exhibitor_money", exhibitor_id=exhibitor.id),
        facts=facts,
        is_final=True,
        is_destructive=False,
        section="billing.money",
    )


def _back(exhibitor_id: int) -> ResponseReturnValue:
    return redirect(url_for("billing.exhibitor_money", exhibitor_id=exhibitor_id))


@blueprint.post(f"{PLACE}/service-fait")
@only(Domain.MONEY)
def record_service(exhibitor_id: int) -> ResponseReturnValue:
    get_exhibitor(exhibitor_id)
    form = ServiceForm()
    order = sales_file_of(queries.sales_of(exhibitor_id)).order
    if not form.validate() or order is None:
        return page(exhibitor_id, service_form=form), 400
    with form.refusals():
        billing_services.record_service_done(request_act(), order.id, form.done_on.data)
        flash("Service fait enregistré. La facture peut être établie.", "success")
        return _back(exhibitor_id)
    return page(exhibitor_id, service_form=form), form.status_code


@blueprint.route(
    "/organisation/facturation/factures/<int:document_id>/avoir", methods=["GET", "POST"]
)
@only(Domain.MONEY)
def credit(document_id: int) -> ResponseReturnValue:
    invoice = queries.get_document(document_id)
    notes = queries.credit_notes_of(document_id)
    left = {rank: row for rank, row in lines_left(invoice, notes).items() if row.quantity > 0}
    form = CreditForm(lines=list(left))
    form.lines.choices = {
        rank: f"{line.full_label}, {quantity_words(line.quantity)} × {euros(line.unit_price)} HT"
        for rank, line in left.items()
    }
    if form.validate_on_submit():
        with form.refusals():
            issued = services.issue_credit_note(
                request_act(),
                document_id,
                _credited_lines(form),
                form.reason.data,
                closes_sale=form.then.data == "close",
                key=form.token,
            )
            flash(f"Avoir {issued.reference}, {euros(issued.gross)} TTC.", "success")
            return _back(invoice.exhibitor_id)
    deducted = (line.net for line in invoice.lines if line.quantity < 0)
    body = render_template(
        "billing/credit.html",
        form=form,
        invoice=invoice,
        left=left,
        deducts=ZERO - sum(deducted, ZERO),
    )
    return body, form.status_code


def _credited_lines(form: CreditForm) -> list[int] | LinePart:
    """Return the ranks of the lines that were chosen, with the part of one that was typed."""
    ranks: list[int] = form.lines.data
    if not (form.quantity.data or form.amount.data):
        return ranks
    part = Part(
        amount_of(form.quantity) if form.quantity.data else None,
        amount_of(form.amount) if form.amount.data else None,
    )
    return LinePart(ranks, part)


@blueprint.route(f"{PLACE}/coordonnees", methods=["GET", "POST"])
@only(Domain.MONEY)
def change_billing(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    form: BillingForm = billing_form(exhibitor)
    if form.validate_on_submit() and save_billing(exhibitor, form):
        return _back(exhibitor_id)
    body = render_template("billing/change_billing.html", exhibitor=exhibitor, form=form)
    return body, form.status_code


@blueprint.post(f"{PLACE}/vies")
@only(Domain.MONEY)
def check_vat_number(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    number = buyers.vies_number(buyers.buyer_of(exhibitor))
    installed = settings()
    if not installed.vies_url or not number or not SalonForm().validate():
        abort(404)
    requester = buyers.seller_of(exhibitor).get("vat_number", "")
    consultation = consult(number, requester, installed.vies_url, installed.vies_timeout)
    keep_vat_answer(request_act(), exhibitor, number, consultation)
    kind = "success" if consultation.answer == VatAnswer.VALID else "warning"
    flash(f"Numéro de TVA {number}\u00a0: {consultation.answer.label}.", kind)
    return _back(exhibitor_id)


@blueprint.get("/organisation/facturation/pieces/<int:document_id>.pdf")
@only(Domain.MONEY)
def sales_document(document_id: int) -> ResponseReturnValue:
    return attached_pdf(queries.get_document(document_id))


@blueprint.get("/organisation/facturation/pieces/<int:document_id>/chorus-pro.zip")
@only(Domain.MONEY)
def chorus_bundle(document_id: int) -> ResponseReturnValue:
    document = queries.get_public_invoice(document_id)
    origin = queries.find_document(document.from_id)
    note(
        actor(),
        BillingAction.SALES_BUNDLED,
        f"exhibitor:{document.exhibitor_id}",
        reference=document.reference,
    )
    content = sales_files.chorus_bundle(document, get_request_edition(), origin)
    return attached(content, f"chorus-pro-{document.reference}.zip", "application/zip")
