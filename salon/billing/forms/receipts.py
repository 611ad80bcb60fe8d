"""Forms of receipts, of what they pay and of what is paid back."""

from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from salon.billing.forms import amount_field, day_field
from salon.billing.models import PaymentMethod
from salon.platform.pages.forms import CreatingForm, SalonForm, checkboxes, line, required


def method_field(asks: str, **options: object) -> RadioField:
    return RadioField(
        "Moyen", choices=PaymentMethod.choices(), validators=[InputRequired(asks)], **options
    )


def others_field() -> SelectMultipleField:
    return checkboxes("Factures d’autres exposants", coerce=int, choices=[])


class PaymentForm(CreatingForm):
    amount = amount_field("Montant reçu", "Indiquez le montant reçu.")
    method = method_field("Choisissez un moyen de règlement.")
    received_on = day_field("Reçu le", "Indiquez le jour de réception.")
    payer = line("Payé par", length=120, autocomplete="off")
    reference = line("Référence du règlement", length=60, autocomplete="off")
    surplus = BooleanField("C’est voulu\u00a0: la différence est en faveur de l’exposant")
    others = others_field()


class AllocationForm(SalonForm):
    invoice = RadioField(
        "Facture", coerce=int, validators=[InputRequired("Choisissez la facture.")]
    )
    amount = amount_field("Montant affecté", "Indiquez le montant affecté.")


class RefundForm(CreatingForm):
    amount = amount_field("Montant rendu", "Indiquez le montant rendu.")
    method = method_field("Choisissez le moyen du remboursement.")
    refunded_on = day_field("Rendu le", "Indiquez le jour du remboursement.")
    reference = line("Référence du remboursement", length=60, autocomplete="off")


class FreeForm(SalonForm):
    """The reason why a receipt no longer pays an invoice."""

    reason = line("Motif", required("Écrivez le motif : il reste dans l’historique."), length=200)


class CancelPaymentForm(FreeForm):
    """Why a receipt or a refund is cancelled, and the day of the bank."""

    cancelled_on = day_field("Jour", "Indiquez le jour.")
