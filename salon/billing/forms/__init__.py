"""Forms of prices, sales documents, payments and billing details."""

import re
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Optional, Regexp, ValidationError

from salon.billing.engine.ledger import SaleStep
from salon.billing.models import PaymentMethod, PublicBuyer
from salon.billing.rules.receipts import LARGEST
from salon.billing.rules.sales import (
    ENGAGEMENT_LENGTH,
    PUBLIC_TERMS,
    PURCHASE_ORDER_LENGTH,
    SERVICE_LENGTH,
)
from salon.exhibitors.engine.vat import number_fits
from salon.exhibitors.models import PriceUnit, Supply
from salon.fair.models import StandCategory
from salon.platform.pages.fields import (
    NOT_WHOLE,
    FrenchDateField,
    association_number_field,
    check_siret_typed,
    check_vat_number,
    legal_form_field,
    number_field,
    register_city_field,
)
from salon.platform.pages.forms import (
    CreatingForm,
    FilterForm,
    SalonForm,
    VersionForm,
    at_most,
    check_printable,
    checkboxes,
    line,
    one_line,
    organisation_field,
    required,
    stamp_field,
)
from salon.platform.words.amounts import AmountUnreadable, read_amount
from salon.platform.words.countries import COUNTRIES, EUROPEAN_UNION

MOST = 1000
FLAT = "flat"
UNITS = {
    PriceUnit.AREA.value: "Mètre carré",
    FLAT: "Forfait par stand",
    PriceUnit.CORNER.value: "Angle",
    PriceUnit.POWER.value: "Branchement électrique",
    PriceUnit.WATER.value: "Eau",
    PriceUnit.CO_EXHIBITOR.value: "Co-exposant",
    PriceUnit.OPTION.value: "Option choisie par quantité",
}
AFTER_CREDIT = {
    "replace": "Remplacer la facture\u00a0: la vente reste ouverte",
    "close": "Clore la vente\u00a0: plus rien n’est facturé",
}
WAYS = {
    "percent": "Une remise, en %",
    "amount": "Un nouveau prix unitaire, en euros hors taxes",
    "free": "La gratuité\u00a0: 0\u00a0€",
}
BUYERS = {"public": "Acheteurs publics", "private": "Entreprises et associations"}


def check_amount_typed(form: Form, field: Field) -> None:
    """Check an amount such as « 1 000,50 »; `amount_of` returns it."""
    try:
        amount = read_amount(field.data)
    except AmountUnreadable as refusal:
        raise ValidationError(refusal.message) from None
    if amount > LARGEST:
        raise ValidationError("Ce montant est trop grand : au plus 1 000 000 €.")


def amount_of(field: Field) -> Decimal:
    """Return the amount of a field valid for `check_amount_typed`."""
    return read_amount(field.data)


def check_rate(form: Form, field: Field) -> None:
    check_amount_typed(form, field)
    if amount_of(field) > 100:
        raise ValidationError("Un taux de TVA est compris entre 0 et 100.")


def check_optional_siret(form: Form, field: Field) -> None:
    if field.data:
        check_siret_typed(form, field)


def day_field(label: str, message: str) -> FrenchDateField:
    return FrenchDateField(label, validators=[InputRequired(message)])


def amount_field(label: str, missing: str) -> StringField:
    return StringField(
        label,
        validators=[required(missing), at_most(20), check_amount_typed],
        filters=[one_line],
        render_kw={"inputmode": "decimal", "maxlength": 20, "autocomplete": "off"},
    )


def rate_field(label: str, missing: str) -> StringField:
    return StringField(
        label,
        validators=[required(missing), at_most(6), check_rate],
        filters=[one_line],
        render_kw={"inputmode": "decimal", "maxlength": 6, "autocomplete": "off"},
    )


def part_field(label: str) -> StringField:
    return StringField(
        label,
        validators=[Optional(), at_most(20), check_amount_typed],
        filters=[one_line],
        render_kw={"inputmode": "decimal", "maxlength": 20, "autocomplete": "off"},
    )


def count_field(label: str, minimum: int, maximum: int) -> IntegerField:
    message = f"Un nombre entier, de {minimum} à {maximum}."
    return number_field(label, minimum, maximum, message=message, wrong=NOT_WHOLE, default=0)


def supply_field() -> SelectField:
    return SelectField("Nature", choices=Supply.choices(), default=Supply.STAND.value)


class MoneyFilterForm(FilterForm):
    q = line("Exposant ou pièce", length=100, type="search", autocomplete="off")
    step = SelectField("Étape", choices=SaleStep.choices("Toutes"), default="")
    buyer = SelectField("Acheteur", choices={"": "Tous", **BUYERS}, default="")


class IssueForm(SalonForm):
    """One button; `seen` is the id of the last document on the page."""

    seen = HiddenField("Dernière pièce", validators=[Regexp(r"^\d{1,9}$")])


class ServiceForm(SalonForm):
    done_on = day_field("Service fait le", "Indiquez le jour du service fait.")


class CreditForm(CreatingForm):
    """Lines of an invoice to credit, a part of one, what becomes of the sale, and the reason."""

    lines = checkboxes(
        "Lignes à reprendre",
        coerce=int,
        validators=[InputRequired("Choisissez au moins une ligne.")],
    )
    quantity = part_field("Quantité reprise")
    amount = part_field("Ou montant repris, hors taxes")
    then = RadioField(
        "Si l’avoir reprend toute la facture",
        choices=AFTER_CREDIT,
        validate_choice=False,
    )
    reason = line("Motif", required("Écrivez le motif : il reste au journal."), length=200)

    def validate_then(self, field: Field) -> None:
        is_whole = set(self.lines.data or ()) == set(self.lines.choices)
        if is_whole and field.data not in AFTER_CREDIT:
            raise ValidationError(
                "Dites si une autre facture la remplace, ou si la vente est close."
            )
        if not is_whole and field.data == "close":
            raise ValidationError("Pour clore la vente, l’avoir reprend toutes les lignes.")


class PartForm(SalonForm):
    """What is still owed of an order; `seen` is the id of the last document on the page."""

    seen = HiddenField("Dernière pièce", validators=[Regexp(r"^\d{1,9}$")])
    share = rate_field(
        "Part de la commande qui reste due, en %", "Indiquez la part, selon le règlement."
    )
    label = line(
        "Ce qui est dû, comme la facture le dit",
        required("Indiquez ce qui est dû."),
        length=100,
    )


class CloseForm(SalonForm):
    reason = line("Motif", required("Écrivez le motif : il reste au journal."), length=200)


class PriceForm(SalonForm):
    label = line("Libellé", required("Indiquez le libellé, comme il sera imprimé."), length=120)
    unit_price = amount_field("Prix hors taxes, en euros", "Indiquez le prix.")
    vat_rate = rate_field("TVA, en %", "Indiquez le taux.")
    supply = supply_field()
    price_category = SelectField(
        "Catégorie de stand",
        choices=StandCategory.choices("Toutes"),
        default="",
    )
    power_kw = count_field("Puissance, en kW", 0, MOST)
    extra_badges = count_field("Badges ajoutés par unité", 0, 100)
    maximum = count_field("Quantité la plus grande", 1, MOST)


class NewPriceForm(PriceForm):
    code = line(
        "Code",
        required("Indiquez un code court."),
        Regexp(r"^[0-9A-Za-z-]+$", message="Des lettres sans accent, des chiffres, des tirets."),
        length=20,
    )
    unit = SelectField("Compté par", choices=UNITS, validators=[InputRequired("Choisissez.")])


class BillingForm(VersionForm):
    name = organisation_field("Nom à facturer", required("Indiquez qui paie."), length=120)
    address = line("Adresse", required("Indiquez l’adresse."), autocomplete="address-line1")
    postal_code = line(
        "Code postal", required("Indiquez le code postal."), length=12, autocomplete="postal-code"
    )
    city = line("Commune", required("Indiquez la commune."), autocomplete="address-level2")
    country = SelectField(
        "Pays", choices=COUNTRIES, default="FR", validators=[InputRequired("Choisissez le pays.")]
    )
    siret = StringField(
        "SIRET de l’établissement qui paie",
        validators=[at_most(20), check_printable, check_optional_siret],
        filters=[one_line],
        render_kw={"inputmode": "numeric", "maxlength": 20, "autocomplete": "off"},
    )
    vat_number = StringField(
        "Numéro de TVA",
        validators=[at_most(20), check_printable],
        filters=[one_line],
        render_kw={"maxlength": 20, "autocomplete": "off"},
    )
    engagement_number = line(
        "Numéro d’engagement", length=ENGAGEMENT_LENGTH, autocomplete="off", spellcheck="false"
    )
    service_code = line(
        "Code service", length=SERVICE_LENGTH, autocomplete="off", spellcheck="false"
    )
    purchase_order = line(
        "Numéro de bon de commande",
        length=PURCHASE_ORDER_LENGTH,
        autocomplete="off",
        spellcheck="false",
    )
    public_kind = SelectField(
        "Acheteur public",
        choices={
            kind.value: f"{kind.label}, {days} jours ({article})"
            for kind, (days, article) in PUBLIC_TERMS.items()
        },
        default=PublicBuyer.AUTHORITY.value,
    )
    legal_form = legal_form_field()
    rcs_city = register_city_field()
    rna = association_number_field()

    def validate_rcs_city(self, field: Field) -> None:
        if field.data and not self.siret.data:
            raise ValidationError("Le RCS s’écrit avec le SIREN\u00a0: indiquez aussi le SIRET.")

    def validate_vat_number(self, field: Field) -> None:
        """Outside the Union any company number will do."""
        country = self.country.data or "FR"
        if country in (*EUROPEAN_UNION, "MC"):
            check_vat_number(self, field)
            if field.data and country not in ("FR", "MC") and not number_fits(field.data, country):
                raise ValidationError(
                    f"Ce numéro de TVA n’est pas du pays choisi ({COUNTRIES[country]})."
                )

    def validate_postal_code(self, field: Field) -> None:
        if self.country.data == "FR" and not re.fullmatch(r"[0-9]{5}", field.data or ""):
            raise ValidationError("Un code postal français compte cinq chiffres.")


class AgreementForm(SalonForm):
    quote = HiddenField("Devis", validators=[Regexp(r"^\d{1,9}$")])
    signed_by = organisation_field(
        "Vos prénom, nom et fonction",
        required("Indiquez qui donne l’accord."),
        length=100,
        autocomplete="name",
    )
    agreed = BooleanField(
        "Bon pour accord", validators=[required("Cochez « Bon pour accord » pour commander.")]
    )


class GrantForm(CreatingForm):
    """A lower price for one line of an exhibitor, or for every line; `stamp`: the page read."""

    stamp = stamp_field("Prix lus")
    code = SelectField("Ligne")
    way = RadioField(
        "Ce qui est accordé",
        choices=WAYS,
        default="percent",
        validators=[InputRequired("Choisissez ce qui est accordé.")],
    )
    value = StringField(
        "Pourcentage, ou nouveau prix",
        validators=[at_most(20)],
        filters=[one_line],
        render_kw={"inputmode": "decimal", "maxlength": 20, "autocomplete": "off"},
    )
    reason = line("Motif", required("Écrivez le motif\u00a0: il reste au journal."), length=200)

    def validate_value(self, field: Field) -> None:
        if self.way.data not in ("percent", "amount"):
            return
        if not field.data:
            raise ValidationError("Indiquez le pourcentage, ou le prix.")
        check_amount_typed(self, field)
        if self.way.data == "percent" and amount_of(field) > 100:
            raise ValidationError("Une remise est de 100\u00a0% au plus.")
        if self.way.data == "amount" and not self.code.data:
            raise ValidationError("Un prix se donne ligne par ligne\u00a0: choisissez-en une.")


class FreeLineForm(CreatingForm):
    stamp = stamp_field("Prix lus")
    label = line("Libellé", required("Indiquez le libellé, comme il sera imprimé."), length=120)
    quantity = count_field("Quantité", 1, MOST)
    unit_price = amount_field("Prix unitaire hors taxes, en euros", "Indiquez le prix.")
    vat_rate = rate_field("TVA, en %", "Indiquez le taux.")
    supply = supply_field()
    reason = line("Motif", required("Écrivez le motif\u00a0: il reste au journal."), length=200)
