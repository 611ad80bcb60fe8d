"""Prices and free lines granted to one exhibitor, for organisers."""

from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.billing.engine.issued_lines import has_lines
from salon.billing.engine.ledger import sales_file_of
from salon.billing.forms import FreeLineForm, GrantForm, amount_of
from salon.billing.queries import sales as queries
from salon.billing.queries.buyers import is_invoiced, lines_to_quote, treated
from salon.billing.queries.negotiation import Negotiation, negotiation_of
from salon.billing.queries.pavilion import payer_of
from salon.billing.routes import blueprint
from salon.billing.routes.exhibitor import PLACE as MONEY_PLACE
from salon.billing.rules.negotiation import NothingLowered
from salon.billing.services import negotiation as services
from salon.exhibitors.engine.negotiation import Reduction
from salon.exhibitors.engine.pricing import totals
from salon.exhibitors.models import Exhibitor, Supply
from salon.exhibitors.queries.charges import get_grant_of, lines_for
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.platform.database.identity import Domain
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import euros

PLACE = f"{MONEY_PLACE}/prix"
FREE = Reduction(percent_off=Decimal(100))


def _page(exhibitor: Exhibitor, wrong: str = "") -> str:
    billed = payer_of(exhibitor) or exhibitor
    negotiation, file = negotiation_of(exhibitor), sales_file_of(queries.sales_of(billed.id))
    lines = treated(billed, lines_for(exhibitor)).lines
    additions = lines_to_quote(billed, file)
    return render_template(
        "billing/negotiated_prices.html",
        exhibitor=exhibitor,
        negotiation=negotiation,
        rates=[line.vat_rate for line in lines],
        totals=totals(lines),
        file=file,
        is_quoted=file.quote is None or has_lines(file.pending, additions),
        may_grant=queries.takes_part(exhibitor) and not queries.is_closed(billed.id),
        is_invoiced=is_invoiced(exhibitor),
        wrong=wrong,
    )


def _back(exhibitor: Exhibitor) -> str:
    return url_for("billing.negotiated_prices", exhibitor_id=exhibitor.id)


@blueprint.get(PLACE)
@only(Domain.MONEY)
def negotiated_prices(exhibitor_id: int) -> ResponseReturnValue:
    return _page(get_exhibitor(exhibitor_id))


def _decision(form: GrantForm | FreeLineForm) -> services.Decision:
    return services.Decision(form.reason.data, form.stamp.data, form.token, form.content)


def _renew_stamp(form: GrantForm | FreeLineForm, negotiation: Negotiation) -> None:
    """Let a form read before another change be sent again, once its new lines are read."""
    if isinstance(form.refusal, StaleVersion):
        form.stamp.data = negotiation.stamp


def _choices(negotiation: Negotiation) -> dict[str, str]:
    """Return the lines to choose from, with the price of the list, and the one granted."""
    choices = {services.EVERY_LINE: "Toutes les lignes"}
    for line in negotiation.lines:
        if line.list_line is not None:
            words = f"{line.list_line.label}, {euros(line.list_line.unit_price)}"
            granted = f", {euros(line.charged.unit_price)} accordés" if line.grant else ""
            choices[line.list_line.code] = words + granted
    return choices


def _reduction(form: GrantForm) -> Reduction:
    if form.way.data == "free":
        return FREE
    value = amount_of(form.value)
    return Reduction(value) if form.way.data == "amount" else Reduction(percent_off=value)


@blueprint.route(f"{PLACE}/negociation", methods=["GET", "POST"])
@only(Domain.MONEY)
def grant_price(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    negotiation = negotiation_of(exhibitor)
    form = GrantForm(stamp=negotiation.stamp)
    form.code.choices = _choices(negotiation)
    if form.validate_on_submit():
        with form.refusals(), form.refusals(NothingLowered, on="value"):
            services.grant_price(
                request_act(), exhibitor_id, form.code.data, _reduction(form), _decision(form)
            )
            flash("Prix négocié enregistré. Les pièces déjà émises gardent le leur.", "success")
            return redirect(_back(exhibitor))
        _renew_stamp(form, negotiation)
    body = render_template("billing/grant_price.html", exhibitor=exhibitor, form=form)
    return body, form.status_code


@blueprint.route(f"{PLACE}/ligne", methods=["GET", "POST"])
@only(Domain.MONEY)
def add_free_line(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    negotiation = negotiation_of(exhibitor)
    form = FreeLineForm(stamp=negotiation.stamp, quantity=1, vat_rate="20")
    if form.validate_on_submit():
        line = services.FreeLine(
            form.label.data,
            Decimal(form.quantity.data),
            amount_of(form.unit_price),
            amount_of(form.vat_rate),
            Supply(form.supply.data),
        )
        with form.refusals():
            services.add_free_line(request_act(), exhibitor_id, line, _decision(form))
            flash("Ligne ajoutée. Les pièces déjà émises gardent les leurs.", "success")
            return redirect(_back(exhibitor))
        _renew_stamp(form, negotiation)
    body = render_template("billing/add_free_line.html", exhibitor=exhibitor, form=form)
    return body, form.status_code


@blueprint.post(f"{PLACE}/<int:grant_id>/retrait")
@only(Domain.MONEY)
def withdraw_grant(exhibitor_id: int, grant_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    grant = get_grant_of(grant_id, exhibitor_id)
    is_free_line = grant.item_id is None
    question = Confirmation(
        title=f"Retirer «\u00a0{grant.label}\u00a0»",
        kicker=exhibitor.name,
        button="Retirer la ligne" if is_free_line else "Revenir au prix de la liste",
        back=_back(exhibitor),
        facts=[
            "La ligne n’est plus dans le prix."
            if is_free_line
            else f"Le prix de {euros(grant.unit_price)} n’est plus accordé.",
            "Les pièces déjà émises ne changent pas. Ce qui est retiré reste listé.",
        ],
        section="billing.money",
    )
    try:
        asked = confirm_first(
            question, lambda: services.withdraw_grant(request_act(), exhibitor_id, grant_id)
        )
    except RuleBroken as refusal:
        return _page(exhibitor, refusal.message), refusal.status
    if asked:
        return asked
    flash("Retrait enregistré.", "success")
    return redirect(_back(exhibitor))
