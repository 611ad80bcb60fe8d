"""Quotes, invoices, and the credit notes of a cancelled fair issued together; the *service fait* of
every public buyer.
"""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.billing.documents.sales_mentions import buyer_words
from salon.billing.engine.agreements import OrderAgreement, OrderWay, agreement_words
from salon.billing.engine.ledger import sales_file_of
from salon.billing.forms import ServiceForm
from salon.billing.forms.batches import BatchForm, OrdersForm
from salon.billing.models import SalesKind
from salon.billing.queries import batches as queries
from salon.billing.queries.batches import Waiting
from salon.billing.queries.buyers import buyer_of
from salon.billing.queries.ledger import Figure
from salon.billing.queries.sales import get_document, sales_of
from salon.billing.routes import blueprint
from salon.billing.routes.overview import today
from salon.billing.routes.own import agreed
from salon.billing.rules.sales import check_agreement_day
from salon.billing.services import batches as services
from salon.exhibitors.engine.pricing import ZERO
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirmation_page, is_confirmed
from salon.platform.web.access import actor, only
from salon.platform.words.formats import euros, plural

KINDS = {
    "devis": SalesKind.QUOTE,
    "commandes": SalesKind.ORDER,
    "acomptes": SalesKind.INVOICE,
    "factures": SalesKind.INVOICE,
    "avoirs": SalesKind.CREDIT_NOTE,
}
TITLES = {
    "devis": "Établir les devis",
    "commandes": "Confirmer les commandes",
    "acomptes": "Établir les factures d’acompte",
    "factures": "Établir les factures",
    "avoirs": "Établir les avoirs",
}
BATCH = 25
LIST_CHANGED = "La liste vient de changer : rien n’a été établi. La voici à jour."
NOT_AGREED = "pas établie, «\u00a0Qui paie\u00a0» ne nomme plus le client de sa commande."
PLACE = "/organisation/facturation/ensemble/<any(devis,commandes,acomptes,factures,avoirs):kind>"


def _page(kind: str, *, wrong: str = "", **overrides: object) -> str:
    """Return the page of the documents ready to issue and of those held back."""
    edition = get_request_edition()
    invoices = kind == "factures"
    waiting = _waiting(kind)
    return render_template(
        "billing/issue_together.html",
        kind=kind,
        title=TITLES[kind],
        wrong=wrong,
        waiting=waiting,
        ready=Figure(len(waiting), sum((row.amount for row in waiting), ZERO)),
        orders=queries.orders_without_service(edition, today()) if invoices else [],
        to_credit=queries.invoices_to_credit(edition) if kind == "avoirs" else [],
        amounts={row.last_document_id: row.amount for row in waiting},
        first_day=edition.days[0].day_on,
        **{"form": _form(kind, waiting), "service_form": _service_form(), **overrides},
    )


def _waiting(kind: str) -> Sequence[Waiting]:
    edition, as_deposit = get_request_edition(), kind == "acomptes"
    return queries.waiting_for(edition, KINDS[kind], today(), as_deposit=as_deposit)


def _form(kind: str, waiting: Sequence[Waiting]) -> BatchForm:
    if kind == "commandes":
        return OrdersForm(formdata=None, received_on=today())
    return BatchForm(formdata=None, listed=" ".join(row.key for row in waiting))


def _service_form() -> ServiceForm:
    return ServiceForm(formdata=None, done_on=get_request_edition().days[-1].day_on)


@blueprint.get(PLACE)
@only(Domain.MONEY)
def issue_together(kind: str) -> ResponseReturnValue:
    return _page(kind)


@blueprint.post(PLACE)
@only(Domain.MONEY)
def issue_batch(kind: str) -> ResponseReturnValue:
    form = OrdersForm() if kind == "commandes" else BatchForm()
    if not form.validate():
        asked_again = {"form": form} if kind == "commandes" else {"wrong": LIST_CHANGED}
        return _page(kind, **asked_again), 400
    listed = form.listed.data.split() or form.chosen.data
    pairs = {row.key: row for row in _waiting(kind)}
    if not is_confirmed():
        if any(pair not in pairs for pair in listed):
            return _page(kind, wrong=LIST_CHANGED), 409
        with form.refusals():
            question = _question(kind, [pairs[pair] for pair in listed], _agreed(form))
            return confirmation_page(question)
        return _page(kind, form=form), form.status_code
    batch = [pairs[pair] for pair in listed[:BATCH] if pair in pairs]
    outcomes = services.issue_together(
        request_act(), batch, KINDS[kind], as_deposit=kind == "acomptes", agreement=_agreed(form)
    )
    done = int(form.done.data) + sum(not outcome.refusal for outcome in outcomes)
    total = max(int(form.total.data) or len(listed), done)
    return render_template(
        "billing/issued_together.html",
        kind=kind,
        outcomes=outcomes,
        changed=len(listed[:BATCH]) - len(batch),
        done=done,
        total=total,
        goes_on=len(listed) > BATCH,
        form=type(form)(
            formdata=None, listed=" ".join(listed[BATCH:]), done=str(done), total=str(total)
        ),
        agreement=_agreed(form),
    )


def _agreed(form: BatchForm) -> OrderAgreement | None:
    """Return how the orders of a form were agreed."""
    if isinstance(form, OrdersForm):
        return OrderAgreement(OrderWay(form.way.data), form.received_on.data)
    return None


def _question(
    kind: str, batch: Sequence[Waiting], agreement: OrderAgreement | None
) -> Confirmation:
    """Return the page that names each exhibitor and its amount before anything is issued.

    Raises AgreementDateRefused.
    """
    if agreement is not None:
        quoted_on = queries.last_quoted_on(batch)
        check_agreement_day(agreement.received_on, quoted_on, today())
    is_quote = KINDS[kind] == SalesKind.QUOTE
    agreement_facts = [f"{agreement_words(agreement, actor().display_name)}."] if agreement else []
    held_back = [] if KINDS[kind] != SalesKind.INVOICE else list(filter(_has_other_payer, batch))
    batch = [row for row in batch if row not in held_back]
    amounts = [queries.quote_amount(row) if is_quote else row.amount for row in batch]
    return Confirmation(
        title=TITLES[kind],
        button=f"{TITLES[kind]} et les envoyer",
        back=url_for("billing.issue_together", kind=kind),
        facts=[
            f"{plural(len(batch), 'pièce')}, {euros(sum(amounts, ZERO))} TTC en tout.",
            *agreement_facts,
            "Chacune reçoit son numéro, ne s’efface pas, et part à son contact de facturation.",
            *(f"{row.name}\u00a0: {NOT_AGREED}" for row in held_back),
        ],
        names=[
            f"{row.name}, {euros(amount)}, client\u00a0: {_buyer(row, KINDS[kind])}"
            for row, amount in zip(batch, amounts, strict=True)
        ],
        is_final=True,
        is_destructive=False,
        section="billing.money",
    )


def _has_other_payer(row: Waiting) -> bool:
    """Return whether who pays today is not who agreed to the order: its invoice is refused."""
    order = next(iter(sales_file_of(sales_of(row.exhibitor_id)).to_invoice), None)
    return order is not None and not agreed(get_exhibitor(row.exhibitor_id), order)


def _buyer(row: Waiting, kind: SalesKind) -> str:
    """Name the buyer of the document: a credit note keeps that of its invoice."""
    if kind == SalesKind.CREDIT_NOTE:
        return buyer_words(get_document(row.last_document_id).buyer)
    return buyer_words(buyer_of(get_exhibitor(row.exhibitor_id)))


@blueprint.post("/organisation/facturation/service-fait")
@only(Domain.MONEY)
def record_services() -> ResponseReturnValue:
    form = ServiceForm()
    if form.validate():
        with form.refusals():
            count = services.record_services_done(fair_act(), form.done_on.data)
            buyers = f"acheteur{'s' if count > 1 else ''}"
            flash(f"Service fait enregistré pour {count} {buyers}.", "success")
            return redirect(url_for("billing.issue_together", kind="factures"))
    return _page("factures", service_form=form), form.status_code
