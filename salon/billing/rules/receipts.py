"""Rules of receipts, of what they pay and of what is paid back. Amounts are Decimal euros."""

from datetime import date, timedelta
from decimal import Decimal

from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import euros

LARGEST = Decimal("1000000.00")
EARLIEST_PAYMENT = timedelta(days=366)
MOST_TIMES_PAID = 2
"""The database refuses more by itself: `payments_of_an_invoice` in
`salon.platform.database.money_invariants`."""


class AmountRefused(RuleBroken):
    status = 400
    message = "Le montant doit être compris entre 0,01 € et 1 000 000 €."


class AbsurdAmount(RuleBroken):
    """More than twice the gross of an invoice."""

    status = 400


class MoreThanDue(RuleBroken):
    """An amount above the amount due, without confirmation."""


class PaymentDateRefused(RuleBroken):
    status = 400
    message = "La date de réception doit être passée, d’un an au plus avant la facture."


class PaymentAlreadyCancelled(RuleBroken):
    message = "Ce règlement est déjà annulé."


class RefundAlreadyCancelled(RuleBroken):
    message = "Ce remboursement est déjà annulé."


class RefundDateRefused(RuleBroken):
    status = 400
    message = "Le remboursement suit la réception du règlement, aujourd’hui au plus tard."


class CancelDateRefused(RuleBroken):
    status = 400
    message = "Ce jour suit celui du mouvement annulé, aujourd’hui au plus tard."


class LineAlreadySettled(RuleBroken):
    """Another organiser settled the line of the statement meanwhile, or one of the same money."""

    message = "Ce règlement est déjà celui d’une autre opération du relevé."


class NothingToFree(RuleBroken):
    message = "Ce règlement ne paie plus cette facture."


class NothingToPay(RuleBroken):
    message = "Un règlement vient pour une facture, ou pour le devis ou la commande d’avant."


class MoreThanLeft(RuleBroken):
    """More than a receipt leaves: another organiser may have allocated it or paid it back."""


class MoreThanInvoiced(RuleBroken):
    """More than is due of an invoice."""


def check_amount(amount: Decimal) -> None:
    if not amount.is_finite() or not Decimal("0.01") <= amount <= LARGEST:
        raise AmountRefused
    if amount != amount.quantize(Decimal("0.01")):
        raise AmountRefused("Un montant compte au plus deux décimales.")


def check_not_above_due(amount: Decimal, due: Decimal, is_meant: bool) -> None:
    """More than the amount due is accepted only when confirmed."""
    if amount > due and not is_meant:
        raise MoreThanDue(
            f"Il reste {euros(due)} à recevoir\u00a0: ce montant en compte "
            f"{euros(amount - due)} de plus. Corrigez-le, ou cochez la case si c’est voulu."
        )


def check_not_absurd(amount: Decimal, paid: Decimal, gross: Decimal) -> None:
    """A document may be paid twice by mistake; more is a wrong amount or a wrong document.

    `paid`: the sum received before, less what was paid back.
    """
    if paid + amount > MOST_TIMES_PAID * gross:
        raise AbsurdAmount(
            f"Cette pièce demande {euros(gross)}\u00a0: avec ce montant, il en serait compté "
            "plus du double. Vérifiez la somme, ou l’exposant."
        )


def check_can_be_paid(is_credit_note: bool) -> None:
    """Money comes for an invoice, or for the quote or order before it."""
    if is_credit_note:
        raise NothingToPay


def check_left(amount: Decimal, left: Decimal) -> None:
    """A receipt pays, and is paid back, at most what it leaves."""
    if amount > left:
        raise MoreThanLeft(
            f"De ce règlement, il reste {euros(left)} en faveur de l’exposant. "
            "Voici où en est sa situation."
        )


def check_can_allocate(amount: Decimal, due: Decimal) -> None:
    """An invoice is paid at most what is due of it."""
    if amount > due:
        raise MoreThanInvoiced(f"De cette facture, il reste {euros(due)} à recevoir.")


def check_can_cancel(is_cancelled: bool) -> None:
    """A receipt is cancelled once; what was paid back of it is then to recover."""
    if is_cancelled:
        raise PaymentAlreadyCancelled


def check_can_free(paid: Decimal) -> None:
    """A receipt is freed of an invoice that it pays."""
    if not paid:
        raise NothingToFree


def check_line_waits(settled_by: str, *, is_settled: bool) -> None:
    """A line of a statement is settled once."""
    if is_settled:
        raise LineAlreadySettled(f"Cette opération est déjà traitée, par {settled_by}.")


def check_refund_day(refunded_on: date, received_on: date, today: date) -> None:
    if not received_on <= refunded_on <= today:
        raise RefundDateRefused


def check_cancel_day(cancelled_on: date, moved_on: date, today: date) -> None:
    """Money is taken back once it moved, on a day that is not to come."""
    if not moved_on <= cancelled_on <= today:
        raise CancelDateRefused


def check_payment_day(received_on: date, issued_on: date, today: date) -> None:
    if not issued_on - EARLIEST_PAYMENT <= received_on <= today:
        raise PaymentDateRefused
