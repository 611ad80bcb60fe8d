"""The price list, for organisers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.billing.forms import FLAT, UNITS, NewPriceForm, PriceForm, amount_of
from salon.billing.queries import sales as queries
from salon.billing.routes import blueprint
from salon.billing.services import prices as services
from salon.exhibitors.engine.vat import standing, supplies_to_check
from salon.exhibitors.models import PriceItem, PriceUnit, Supply, VatRegime
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.services.prices import Price
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition, StandCategory
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.pages.forms import SalonForm
from salon.platform.web.access import only
from salon.platform.words.amounts import typed_amount

PLACE = "/organisation/reglages/prix"


@blueprint.get(PLACE)
@only(Domain.MONEY)
def prices() -> ResponseReturnValue:
    edition = get_request_edition()
    on_sale = queries.prices_of(edition)
    return render_template(
        "billing/prices.html",
        prices=on_sale,
        to_check=supplies_to_check(on_sale),
        terms=find_terms(edition),
        retired=queries.retired_prices(edition),
        units=UNITS,
        categories=StandCategory,
    )


def _price(form: SalonForm, code: str, unit: PriceUnit, *, is_flat: bool) -> Price:
    category = form.price_category.data or (StandCategory.STANDARD.value if is_flat else "")
    return Price(
        code=code,
        label=form.label.data,
        unit=unit,
        unit_price=amount_of(form.unit_price),
        vat_rate=amount_of(form.vat_rate),
        supply=Supply(form.supply.data),
        price_category=category if is_flat or unit == PriceUnit.AREA else "",
        power_kw=form.power_kw.data if unit == PriceUnit.POWER else 0,
        extra_badges=form.extra_badges.data,
        maximum=form.maximum.data,
    )


def _usual_rate(edition: Edition) -> str:
    """Return the rate most prices of the issuer have; "" while its regime is not known."""
    terms = find_terms(edition)
    seller = terms.seller if terms else {}
    if not (seller.get("vat_regime") or seller.get("vat_number")):
        return ""
    regime, _ = standing(seller, {})
    return "20" if regime == VatRegime.LIABLE else "0"


@blueprint.route(f"{PLACE}/nouveau", methods=["GET", "POST"])
@only(Domain.MONEY)
def add_price() -> ResponseReturnValue:
    edition = get_request_edition()
    form = NewPriceForm(maximum=20, vat_rate=_usual_rate(edition))
    if form.validate_on_submit():
        is_flat = form.unit.data == FLAT
        unit = PriceUnit.OPTION if is_flat else PriceUnit(form.unit.data)
        price = _price(form, form.code.data, unit, is_flat=is_flat)
        with form.refusals():
            services.add_price(fair_act(edition), price)
            flash(f"Prix ajouté : {price.label}.", "success")
            return redirect(url_for("billing.prices"))
    return render_template("billing/price.html", form=form, price=None), form.status_code


@blueprint.route(f"{PLACE}/<int:item_id>", methods=["GET", "POST"])
@only(Domain.MONEY)
def change_price(item_id: int) -> ResponseReturnValue:
    item = queries.get_price(item_id)
    form = _filled_form(item)
    if form.validate_on_submit():
        with form.refusals():
            price = _price(form, item.code, item.unit, is_flat=item.is_flat)
            services.change_price(request_act(), item_id, price)
            flash("Prix enregistré. Les pièces déjà émises gardent le leur.", "success")
            return redirect(url_for("billing.prices"))
    body = render_template("billing/price.html", form=form, price=item, units=UNITS)
    return body, form.status_code


def _filled_form(item: PriceItem) -> PriceForm:
    return PriceForm(
        label=item.label,
        unit_price=typed_amount(item.unit_price),
        vat_rate=typed_amount(item.vat_rate),
        supply=item.supply.value,
        price_category=item.price_category,
        power_kw=item.power_kw,
        extra_badges=item.extra_badges,
        maximum=item.maximum,
    )


@blueprint.post(f"{PLACE}/<int:item_id>/retrait")
@only(Domain.MONEY)
def retire_price(item_id: int) -> ResponseReturnValue:
    item = queries.get_price(item_id)
    question = Confirmation(
        title=f"Retirer «\u00a0{item.label}\u00a0»",
        kicker="Tarif",
        button="Retirer ce prix",
        back=url_for("billing.prices"),
        facts=[
            "Il n’est plus proposé. Qui l’avait demandé le garde.",
            "Pour le proposer de nouveau, il faudra l’ajouter sous un autre code.",
        ],
        is_final=True,
        section="billing.money",
    )
    if page := confirm_first(question, lambda: services.retire_price(request_act(), item.id)):
        return page
    flash(f"{item.label} n’est plus proposé.", "success")
    return redirect(url_for("billing.prices"))
