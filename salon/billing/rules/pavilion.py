"""Rules of exhibitors billed together: the members of a pavilion, and its leader who pays."""

from collections.abc import Collection

from salon.platform.words.errors import RuleBroken


class PaidByAnother(RuleBroken):
    """The exhibitor sells nothing by itself: another one is billed for it."""


class NotAPayer(RuleBroken):
    message = (
        "Un exposant accepté de cette édition paie pour un autre, s’il n’est pas lui-même facturé "
        "avec un troisième."
    )


class MemberInvoiced(RuleBroken):
    """The member has a live invoice of its own."""


class BilledToPayer(RuleBroken):
    """A live invoice of the payer has lines of the member."""


class MemberLeft(RuleBroken):
    """A document has the lines of an exhibitor for whom its buyer pays no more."""


def check_pays_for_itself(payer: str) -> None:
    """An exhibitor paid by another has neither quote, order nor invoice. `payer`: its name."""
    if payer:
        raise PaidByAnother(
            f"Cet exposant est facturé avec {payer}\u00a0: rien ne s’établit à son nom."
        )


def check_can_pay(is_accepted: bool, is_itself: bool, is_member: bool, member_pays: bool) -> None:
    """An accepted exhibitor pays for others; a payer is paid for by nobody."""
    if not is_accepted or is_itself or is_member or member_pays:
        raise NotAPayer


def check_not_invoiced(name: str, references: Collection[str]) -> None:
    """A member joins with nothing invoiced. `references`: its live invoices."""
    if references:
        raise MemberInvoiced(
            f"{name} a déjà sa facture, {', '.join(references)}\u00a0: un avoir l’annule d’abord."
        )


def check_not_billed(name: str, references: Collection[str]) -> None:
    """A member leaves with nothing billed. `references`: what bills its lines to its payer."""
    if references:
        raise BilledToPayer(
            f"{', '.join(references)} compte les lignes de l’exposant {name}\u00a0: un avoir les "
            "reprend d’abord."
        )


def check_members_stay(reference: str, strangers: Collection[str]) -> None:
    """A document has lines of members alone. `strangers`: those of exhibitors who left."""
    if strangers:
        raise MemberLeft(
            f"{reference} compte les lignes de {', '.join(strangers)}, pour qui cet exposant ne "
            "paie plus. Établissez un nouveau devis, qui demande son accord."
        )
