"""Receipts of an exhibitor, for organisers: recorded, allocated, cancelled, paid back."""

from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.billing.engine.receipts import (
    Account,
    document_paid,
    dues_of,
    left_of,
    paid_back,
    paid_by,
)
from salon.billing.forms import amount_of
from salon.billing.forms.receipts import (
    AllocationForm,
    CancelPaymentForm,
    FreeForm,
    RefundForm,
)
from salon.billing.models import Payment, PaymentMethod
from salon.billing.presenters.statements import due_choices
from salon.billing.queries import receipts as queries
from salon.billing.queries.sales import get_document, sales_of
from salon.billing.routes import blueprint
from salon.billing.routes.exhibitor import PLACE, payment_form
from salon.billing.routes.overview import today
from salon.billing.rules.receipts import MoreThanDue
from salon.billing.services import payments as services
from salon.billing.services.payments import ReceivedPayment, SentRefund
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import request_act
from salon.platform.web.access import only
from salon.platform.words.amounts import typed_amount
from salon.platform.words.formats import euros

RECEIPT = "/organisation/facturation/reglements/<int:payment_id>"


def _back(exhibitor_id: int) -> ResponseReturnValue:
    return redirect(url_for("billing.exhibitor_money", exhibitor_id=exhibitor_id))


def account_words(account: Account) -> str:
    """Say what is left to receive, and what to allocate or to pay back."""
    due = f"Il reste {euros(account.due)} à recevoir." if account.due else "Tout est réglé."
    if account.to_recover:
        return f"{due} {euros(account.to_recover)} déjà rendus sont à récupérer."
    favour = f" {euros(account.in_favour)} sont en faveur de l’exposant."
    return due + favour if account.in_favour else due


@blueprint.route(f"{PLACE}/reglement", methods=["GET", "POST"])
@only(Domain.MONEY)
def record_payment(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    sales = sales_of(exhibitor_id)
    form = payment_form(exhibitor, sales)
    elsewhere = queries.dues_elsewhere(get_request_edition(), exhibitor_id)
    form.others.choices = list(due_choices(elsewhere).items())
    document, dues = document_paid(sales), dues_of(sales)
    if document is not None and form.validate_on_submit():
        received = ReceivedPayment(
            amount_of(form.amount),
            PaymentMethod(form.method.data),
            form.received_on.data,
            form.reference.data or "",
            form.surplus.data,
            form.payer.data or "",
            [*(invoice.id for invoice, _ in dues), *form.others.data] if form.others.data else (),
        )
        key = form.submission_key.data
        with form.refusals():
            account = services.record_payment(
                request_act(), document.id, received, key, form.content
            )
            words = f"Règlement de {euros(received.amount)} enregistré. {account_words(account)}"
            flash(words, "success")
            return _back(exhibitor_id)
    body = render_template(
        "billing/record_payment.html",
        exhibitor=exhibitor,
        form=form,
        document=document,
        dues=dues,
        asks_surplus=isinstance(form.refusal, MoreThanDue),
    )
    return body, form.status_code


def _form_page(template: str, payment: Payment, form: object, **more: object) -> str:
    return render_template(
        f"billing/{template}.html",
        payment=payment,
        exhibitor=payment.document.exhibitor,
        form=form,
        left=left_of(payment),
        **more,
    )


@blueprint.route(f"{RECEIPT}/affectation", methods=["GET", "POST"])
@only(Domain.MONEY)
def allocate_payment(payment_id: int) -> ResponseReturnValue:
    payment = queries.get_payment(payment_id)
    exhibitor_id = payment.document.exhibitor_id
    dues = dues_of(sales_of(exhibitor_id))
    most = min(left_of(payment), dues[0][1]) if dues else Decimal(0)
    form = AllocationForm(amount=typed_amount(most), invoice=dues[0][0].id if dues else None)
    form.invoice.choices = {
        invoice.id: f"{invoice.reference}, {euros(due)} à recevoir" for invoice, due in dues
    }
    if form.validate_on_submit():
        with form.refusals():
            account = services.allocate_payment(
                request_act(), payment_id, form.invoice.data, amount_of(form.amount)
            )
            flash(f"Règlement affecté. {account_words(account)}", "success")
            return _back(exhibitor_id)
    return _form_page("allocate_payment", payment, form, dues=dues), form.status_code


@blueprint.route(f"{RECEIPT}/liberation/<int:document_id>", methods=["GET", "POST"])
@only(Domain.MONEY)
def free_allocation(payment_id: int, document_id: int) -> ResponseReturnValue:
    payment, invoice = queries.get_payment(payment_id), get_document(document_id)
    form = FreeForm()
    if form.validate_on_submit():
        with form.refusals():
            account = services.free_allocation(
                request_act(), payment_id, document_id, form.reason.data
            )
            flash(f"Règlement libéré. {account_words(account)}", "success")
            return _back(payment.document.exhibitor_id)
    paid = paid_by(payment).get(invoice)
    body = _form_page("free_allocation", payment, form, invoice=invoice, paid=paid)
    return body, form.status_code


@blueprint.route(f"{RECEIPT}/remboursement", methods=["GET", "POST"])
@only(Domain.MONEY)
def refund_payment(payment_id: int) -> ResponseReturnValue:
    payment = queries.get_payment(payment_id)
    form = RefundForm(
        amount=typed_amount(left_of(payment)),
        method=PaymentMethod.TRANSFER.value,
        refunded_on=today(),
    )
    if form.validate_on_submit():
        sent = SentRefund(
            amount_of(form.amount),
            PaymentMethod(form.method.data),
            form.refunded_on.data,
            form.reference.data or "",
        )
        key = form.submission_key.data
        with form.refusals():
            account = services.record_refund(request_act(), payment_id, sent, key, form.content)
            words = f"Remboursement de {euros(sent.amount)} enregistré. {account_words(account)}"
            flash(words, "success")
            return _back(payment.document.exhibitor_id)
    return _form_page("refund_payment", payment, form), form.status_code


@blueprint.route(f"{RECEIPT}/annulation", methods=["GET", "POST"])
@only(Domain.MONEY)
def cancel_payment(payment_id: int) -> ResponseReturnValue:
    payment = queries.get_payment(payment_id)
    form = CancelPaymentForm(cancelled_on=today())
    if form.validate_on_submit():
        with form.refusals():
            account = services.cancel_payment(
                request_act(), payment_id, form.reason.data, form.cancelled_on.data
            )
            flash(f"Règlement annulé. {account_words(account)}", "success")
            return _back(payment.document.exhibitor_id)
    return _form_page(
        "cancel_payment", payment, form, refund=None, given_back=paid_back(payment)
    ), form.status_code


@blueprint.route(
    "/organisation/facturation/remboursements/<int:refund_id>/annulation", methods=["GET", "POST"]
)
@only(Domain.MONEY)
def cancel_refund(refund_id: int) -> ResponseReturnValue:
    refund = queries.get_refund(refund_id)
    payment = queries.get_payment(refund.payment_id)
    form = CancelPaymentForm(cancelled_on=today())
    if form.validate_on_submit():
        with form.refusals():
            account = services.cancel_refund(
                request_act(), refund_id, form.reason.data, form.cancelled_on.data
            )
            flash(f"Remboursement annulé. {account_words(account)}", "success")
            return _back(payment.document.exhibitor_id)
    return _form_page("cancel_payment", payment, form, refund=refund), form.status_code
