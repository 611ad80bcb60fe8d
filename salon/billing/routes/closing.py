"""The end of an exhibitor's sale, for organisers: what is still owed, closing, reopening."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.billing.engine.issued_lines import part_of_order
from salon.billing.engine.ledger import sales_file_of
from salon.billing.forms import CloseForm, PartForm, amount_of
from salon.billing.queries import sales as queries
from salon.billing.routes import blueprint
from salon.billing.routes.exhibitor import PLACE, page
from salon.billing.services import closing as services
from salon.billing.services.numbering import Draft
from salon.billing.services.sales import invoice_draft
from salon.exhibitors.engine.cancellation import fee_percent, step_words
from salon.exhibitors.engine.pricing import totals
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.queries.exhibitors import cancellation_steps, find_terms, get_exhibitor
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.settings.clock import local
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import euros


def _back(exhibitor_id: int) -> str:
    return url_for("billing.exhibitor_money", exhibitor_id=exhibitor_id)


def _part_page(exhibitor: Exhibitor, form: PartForm) -> str:
    edition = get_request_edition()
    return render_template(
        "billing/invoice_part.html",
        exhibitor=exhibitor,
        form=form,
        order=sales_file_of(queries.sales_of(exhibitor.id)).order,
        terms=find_terms(edition),
        days_before=(edition.days[0].day_on - local(exhibitor.status_at).date()).days,
        fees=list(step_words(cancellation_steps(edition))),
    )


@blueprint.route(f"{PLACE}/somme-due", methods=["GET", "POST"])
@only(Domain.MONEY)
def invoice_part(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    last = max((document.id for document in queries.sales_of(exhibitor_id)), default=0)
    form = PartForm(seen=str(last), label="Frais d’annulation", share=_proposed_share(exhibitor))
    if form.validate_on_submit():
        with form.refusals():
            asked = confirm_first(
                _part_question(exhibitor, form), lambda: _invoice(exhibitor, form)
            )
            if asked:
                return asked
            flash("Facture établie. La vente est close.", "success")
            return redirect(_back(exhibitor_id))
    return _part_page(exhibitor, form), form.status_code


def _proposed_share(exhibitor: Exhibitor) -> str:
    """Return the fee of the day on which the exhibitor withdrew, "" without one."""
    if exhibitor.status != ApplicationStatus.WITHDRAWN:
        return ""
    edition = get_request_edition()
    withdrawn_on, fair_on = local(exhibitor.status_at).date(), edition.days[0].day_on
    return str(fee_percent(cancellation_steps(edition), withdrawn_on, fair_on) or "")


def _invoice(exhibitor: Exhibitor, form: PartForm) -> None:
    services.invoice_part(
        request_act(), exhibitor.id, amount_of(form.share), form.label.data, int(form.seen.data)
    )


def _part_question(exhibitor: Exhibitor, form: PartForm) -> Confirmation:
    file = sales_file_of(queries.sales_of(exhibitor.id))
    order = next(iter(file.to_invoice), None)
    draft = Draft([], {})
    if order:
        part = part_of_order(order, amount_of(form.share), form.label.data)
        draft = invoice_draft(file, order, part, {})
    total = draft.total or totals(draft.lines)
    return Confirmation(
        title="Facturer ce qui reste dû",
        kicker=exhibitor.name,
        button="Établir la facture et l’envoyer",
        back=_back(exhibitor.id),
        facts=[
            *dict.fromkeys(line.label for line in draft.lines),
            f"{euros(total.gross)} TTC en tout. La vente est ensuite close.",
            "La facture reçoit son numéro, pour dix ans. Elle ne s’efface pas.",
        ],
        is_final=True,
        is_destructive=False,
        section="billing.money",
    )


@blueprint.route(f"{PLACE}/cloture", methods=["GET", "POST"])
@only(Domain.MONEY)
def close_sale(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    form = CloseForm()
    if form.validate_on_submit():
        with form.refusals():
            services.close_sale(request_act(), exhibitor_id, form.reason.data)
            flash("La vente est close : plus rien n’y est facturé.", "success")
            return redirect(_back(exhibitor_id))
    order = sales_file_of(queries.sales_of(exhibitor_id)).order
    body = render_template("billing/close_sale.html", exhibitor=exhibitor, form=form, order=order)
    return body, form.status_code


@blueprint.post(f"{PLACE}/reouverture")
@only(Domain.MONEY)
def reopen_sale(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    question = Confirmation(
        title="Rouvrir la vente",
        kicker=exhibitor.name,
        button="Rouvrir la vente",
        back=_back(exhibitor_id),
        facts=["Devis, commande et facture pourront de nouveau être établis. Rien n’est envoyé."],
        is_destructive=False,
        section="billing.money",
    )
    try:
        asked = confirm_first(question, lambda: services.reopen_sale(request_act(), exhibitor_id))
    except RuleBroken as refusal:
        return page(exhibitor_id, wrong=refusal.message), refusal.status
    if asked:
        return asked
    flash("La vente est rouverte.", "success")
    return redirect(_back(exhibitor_id))
