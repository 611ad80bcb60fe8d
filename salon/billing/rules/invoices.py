"""Rules of deposits, of late options and of credit notes on a part. Amounts are Decimal euros."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from salon.platform.words.errors import RuleBroken


class NothingToAdd(RuleBroken):
    message = "Tout ce que cet exposant demande aujourd’hui est déjà facturé ou a son acompte."


class NoDeposit(RuleBroken):
    message = "Les prix du salon ne demandent pas d’acompte."


class DepositOfPublicBuyer(RuleBroken):
    message = "Un acheteur public paie après le service fait\u00a0: il n’a pas d’acompte."


class DepositInvoiced(RuleBroken):
    message = "L’acompte de cette commande est déjà facturé."


class DepositDeducted(RuleBroken):
    message = (
        "La facture de la commande déduit cet acompte\u00a0: un avoir annule d’abord cette facture."
    )


class PartBelowDeposit(RuleBroken):
    status = 400
    message = (
        "L’acompte facturé dépasse cette part. Reprenez-en d’abord une partie par un avoir, ou, "
        "si l’acompte suffit, «\u00a0Clore la vente\u00a0»."
    )


class NothingToInvoice(RuleBroken):
    message = "Cette part de la commande ne compte pas un centime\u00a0: rien n’est à facturer."


class PartRefused(RuleBroken):
    status = 400
    message = (
        "Une partie d’une ligne se reprend seule\u00a0: une quantité ou un montant hors taxes, au "
        "plus ce qu’il en reste."
    )


class MoreThanAsked(RuleBroken):
    message = (
        "La facture déduit un acompte, et ces lignes comptent plus que ce qu’elle demande. "
        "Reprenez-la en entier, puis l’acompte par un avoir à part."
    )


def check_can_ask_deposit(percent: int, is_public: bool, has_deposit: bool) -> None:
    """A deposit is asked once, where the prices of the fair say so, of a private buyer."""
    if not percent:
        raise NoDeposit
    if is_public:
        raise DepositOfPublicBuyer
    if has_deposit:
        raise DepositInvoiced


def check_not_deducted(is_deducted: bool) -> None:
    """A deposit is credited once no invoice deducts it."""
    if is_deducted:
        raise DepositDeducted


def check_part_covers_deposit(bases: Iterable[Decimal]) -> None:
    """What is invoiced of each rate is at least its deposit."""
    if any(base < 0 for base in bases):
        raise PartBelowDeposit


def check_has_lines(lines: Collection[object]) -> None:
    """A share of an order has a line for each rate of which it makes a cent or more."""
    if not lines:
        raise NothingToInvoice


def check_one_line(count: int) -> None:
    if count != 1:
        raise PartRefused


def check_part(part: Decimal | None, most: Decimal) -> None:
    """A part of a line is above zero, of two decimals, and at most what is left of it."""
    if part is not None and (not 0 < part <= most or part != round(part, 2)):
        raise PartRefused


def check_credit_within(
    credited: Mapping[Decimal, Decimal], left: Mapping[Decimal, Decimal]
) -> None:
    """A credit note takes back at most what the invoice asks of each rate, deposits deducted."""
    if any(base > left[rate] for rate, base in credited.items()):
        raise MoreThanAsked
