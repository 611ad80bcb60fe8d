"""Rules of sales documents and of the buyer. Amounts are Decimal euros."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from salon.billing.models import PublicBuyer
from salon.exhibitors.engine.seller import IDENTITY
from salon.exhibitors.models import Party
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import day

ENGAGEMENT_LENGTH = 50
SERVICE_LENGTH = 100
PURCHASE_ORDER_LENGTH = 50
QUOTE_DAYS = 30
PUBLIC_TERMS: Mapping[PublicBuyer, tuple[int, str]] = {
    PublicBuyer.AUTHORITY: (30, "CCP, art. R2192-10"),
    PublicBuyer.HEALTH: (50, "CCP, art. R2192-11, 1°"),
    PublicBuyer.ENTERPRISE: (60, "CCP, art. R2192-11, 2°"),
}
"""*Délai de paiement* of public buyers: days from the invoice, and the article."""
PUBLIC_REMINDER_DAYS = 30


class ReferenceRefused(RuleBroken):
    """A reference of the buyer's accounts is too long or not printable."""

    status = 400


class NotAccepted(RuleBroken):
    message = (
        "Cet exposant n’est pas accepté\u00a0: ni devis ni commande ne s’établit. Ce qui reste dû "
        "d’une commande se facture à part."
    )


class FairIsCancelled(RuleBroken):
    message = (
        "Le salon est annulé\u00a0: ni devis ni commande ne s’établit plus. Ce qui reste dû d’une "
        "commande se facture à part."
    )


class SaleClosed(RuleBroken):
    message = "La vente est close\u00a0: rien ne s’y facture plus. Rouvrez-la d’abord."


class SaleOpen(RuleBroken):
    message = "La vente n’est pas close."


class NothingSold(RuleBroken):
    message = "Cet exposant n’a rien commandé\u00a0: il n’y a pas de vente à clore."


class InvoiceStands(RuleBroken):
    message = (
        "Une facture court encore. Un avoir l’annule d’abord, et demande s’il faut clore la vente."
    )


class StillTakesPart(RuleBroken):
    message = "Cet exposant participe au salon\u00a0: sa facture est celle de sa commande entière."


class ShareRefused(RuleBroken):
    status = 400
    message = "La part de la commande qui reste due est comprise entre 0,01 et 100\u00a0%."


class NothingToSell(RuleBroken):
    message = (
        "Aucun prix ne correspond : complétez la liste des prix ou les souhaits de l’exposant."
    )


class SellerIncomplete(RuleBroken):
    message = (
        "L’émetteur n’est pas complet : nom, adresse, SIRET et IBAN se règlent dans les "
        "réglages des exposants."
    )


class VatRefused(RuleBroken):
    """The table of VAT does not know the sale; the message says what to do."""


class VatChanged(RuleBroken):
    message = (
        "Le régime de TVA de l’émetteur, ou le pays et le numéro de TVA de «\u00a0Qui paie\u00a0», "
        "ne sont plus ceux du devis\u00a0: remettez-les comme ils étaient, ou établissez un "
        "nouveau devis, qui demande un nouvel accord."
    )


class BuyerSiretMissing(RuleBroken):
    message = (
        "Chorus Pro adresse une facture par le SIRET de l’acheteur\u00a0: ajoutez-le dans "
        "«\u00a0Qui paie\u00a0»."
    )


class BuyerIncomplete(RuleBroken):
    message = "Il manque le nom, l’adresse ou la commune de facturation."


class QuoteMissing(RuleBroken):
    message = "Il n’y a pas encore de devis à confirmer."


class QuoteChanged(RuleBroken):
    message = "Ce devis a été remplacé depuis. Voici le dernier : relisez-le avant de l’accepter."


class QuoteExpired(RuleBroken):
    message = "Ce devis n’est plus valable. Demandez à l’organisation d’en établir un nouveau."


class AgreementDateRefused(RuleBroken):
    """Before the quote, or after today."""

    status = 400


class AlreadyOrdered(RuleBroken):
    message = "Ce devis est déjà confirmé."


class ReferenceMissing(RuleBroken):
    message = (
        "Un acheteur public confirme avec un numéro d’engagement ou un bon de commande. "
        "Indiquez l’un des deux, puis confirmez."
    )


class OrderMissing(RuleBroken):
    message = "Le devis n’est pas encore confirmé : la facture vient après la commande."


class AlreadyInvoiced(RuleBroken):
    message = (
        "Tout ce que cet exposant a commandé est déjà facturé. Un avoir annule une facture, puis "
        "une nouvelle la remplace\u00a0; une option de plus demande un devis et son accord."
    )


class ServiceNotDone(RuleBroken):
    message = "Le service fait n’est pas enregistré : un acheteur public est facturé ensuite."


class ServiceTooEarly(RuleBroken):
    status = 400
    message = "Le service est fait au plus tôt le jour du salon."


class ServiceInFuture(RuleBroken):
    status = 400
    message = "Le service fait ne peut pas être daté de demain ou après."


class ServiceAlreadyDone(RuleBroken):
    message = "Le service fait est déjà enregistré pour cette commande."


class NotPublicBuyer(RuleBroken):
    message = "Le service fait ne concerne que les acheteurs publics."


class NotAnInvoice(RuleBroken):
    message = "Cette action ne concerne que les factures."


class InvoiceCancelled(RuleBroken):
    message = "Cette facture est annulée par un avoir."


class LineAlreadyCredited(RuleBroken):
    message = "Une de ces lignes a déjà fait l’objet d’un avoir."


class NoLineChosen(RuleBroken):
    status = 400
    message = "Choisissez au moins une ligne de la facture."


class BuyerChanged(RuleBroken):
    """The order named another buyer than the one to invoice."""


class ClockDoubtful(RuleBroken):
    """The clock of the server may be wrong; the message says why."""


class DateGoesBack(RuleBroken):
    """A document of the series has a later date."""


class PriceRetired(RuleBroken):
    message = "Ce prix a déjà été remplacé. Voici la liste à jour."


class DocumentChanged(RuleBroken):
    """A document was issued since the page was read."""

    message = "La situation de cet exposant vient de changer. Voici où elle en est."


def public_terms(buyer: Party) -> tuple[int, str]:
    """Return the days that a public buyer has to pay, and their article."""
    return PUBLIC_TERMS[PublicBuyer(buyer.get("public_kind") or PublicBuyer.AUTHORITY)]


def check_fair_takes_place(is_cancelled: bool) -> None:
    """A cancelled fair sells nothing more, and invoices no whole order. Raises FairIsCancelled."""
    if is_cancelled:
        raise FairIsCancelled


def check_references(engagement: str, service: str, purchase_order: str) -> None:
    """Each reference fits its field of Chorus Pro and is made of printable characters."""
    for text, length, label in (
        (engagement, ENGAGEMENT_LENGTH, "Numéro d’engagement"),
        (service, SERVICE_LENGTH, "Code service"),
        (purchase_order, PURCHASE_ORDER_LENGTH, "Bon de commande"),
    ):
        if len(text) > length:
            raise ReferenceRefused(f"{label}\u00a0: au plus {length} caractères.")
        if text != text.strip() or any(
            unicodedata.category(character)[0] == "C" for character in text
        ):
            raise ReferenceRefused(f"{label}\u00a0: un caractère ne s’imprime pas.")


def check_seller(seller: Party) -> None:
    """An invoice names its issuer, with an address, a SIRET and an IBAN."""
    if not all(seller.get(key) for key in (*IDENTITY, "iban")):
        raise SellerIncomplete


def check_buyer(buyer: Party) -> None:
    if not all(buyer.get(key) for key in ("name", "address", "city")):
        raise BuyerIncomplete


def check_vat(refusal: str) -> None:
    """What the table of VAT refuses is not sold. Raises VatRefused."""
    if refusal:
        raise VatRefused(refusal)


def check_vat_stays(is_same: bool) -> None:
    """An order and its invoice have the VAT that was agreed on. Raises VatChanged."""
    if not is_same:
        raise VatChanged


def check_public_buyer(buyer: Party) -> None:
    """Chorus Pro addresses a French public buyer by its SIRET."""
    if buyer.get("is_public") and buyer.get("country") == "FR" and not buyer.get("siret"):
        raise BuyerSiretMissing


def check_can_order(
    has_quote: bool, has_order: bool, is_public: bool, references: Iterable[str]
) -> None:
    """A public buyer orders with an engagement number or a purchase order."""
    if not has_quote:
        raise QuoteMissing
    if has_order:
        raise AlreadyOrdered
    if is_public and not any(references):
        raise ReferenceMissing


def check_agreement_day(received_on: date, quoted_on: date, today: date) -> None:
    if not quoted_on <= received_on <= today:
        raise AgreementDateRefused(
            f"Le devis est du {day(quoted_on)}\u00a0: son accord est reçu ce jour-là au plus tôt, "
            "aujourd’hui au plus tard."
        )


def check_quote_is_live(valid_until: date | None, today: date) -> None:
    """The last day is included."""
    if valid_until is not None and today > valid_until:
        raise QuoteExpired


def check_can_invoice(
    has_order: bool, has_invoice: bool, is_public: bool, service_done_on: date | None
) -> None:
    """An order is invoiced once; a public buyer's after the *service fait*.

    `has_order`: one waits for its invoice; `has_invoice`: one was invoiced.
    """
    if not has_order:
        raise AlreadyInvoiced if has_invoice else OrderMissing
    if is_public and service_done_on is None:
        raise ServiceNotDone


def check_clock(clock_doubt: str) -> None:
    """Nothing is numbered and dated while the clock may be wrong: no document can be corrected."""
    if clock_doubt:
        raise ClockDoubtful(f"Rien n’a été établi. {clock_doubt}")


def check_dates_go_on(today: date, latest_on: date | None) -> None:
    """The dates of a series follow its numbers (CGI, ann. II, art. 242 nonies A)."""
    if latest_on is not None and today < latest_on:
        raise DateGoesBack(
            f"La pièce précédente de cette série est du {day(latest_on)}, et l’horloge du serveur "
            f"dit le {day(today)} : rien n’a été établi. Faites vérifier l’heure du serveur."
        )


def check_sale_is_open(is_closed: bool) -> None:
    """A closed sale takes neither quote, order nor invoice. Raises SaleClosed."""
    if is_closed:
        raise SaleClosed


def check_can_close(is_closed: bool, has_order: bool, has_invoice: bool) -> None:
    """A sale is closed where something ordered is not invoiced. Its live invoices stay due.

    `has_order`: an order waits for its invoice.
    """
    check_sale_is_open(is_closed)
    if not has_order:
        raise InvoiceStands if has_invoice else NothingSold


def check_can_invoice_part(
    takes_part: bool, has_order: bool, has_invoice: bool, share: Decimal
) -> None:
    """A part of an order is invoiced to an exhibitor who takes part no more. `share` in %."""
    if takes_part:
        raise StillTakesPart
    if not has_order:
        raise AlreadyInvoiced if has_invoice else NothingSold
    if not share.is_finite() or not Decimal("0.01") <= share <= 100:
        raise ShareRefused


def check_service_day(done_on: date, first_day: date, today: date) -> None:
    if done_on < first_day:
        raise ServiceTooEarly
    if done_on > today:
        raise ServiceInFuture


def check_credit_lines(
    chosen_ranks: Collection[int], present: Collection[int], credited: Collection[int]
) -> None:
    """Each line of an invoice is credited once."""
    if not chosen_ranks or not set(chosen_ranks) <= set(present):
        raise NoLineChosen
    if set(chosen_ranks) & set(credited):
        raise LineAlreadyCredited


def is_agreed_buyer(ordered: Party, buyer: Party) -> bool:
    """Return whether the buyer is the one that the order named; a SIRET may be added to it."""
    siret = ordered.get("siret")
    return ordered.get("name") == buyer.get("name") and siret in ("", None, buyer.get("siret"))


def check_agreed_buyer(ordered: Party, buyer: Party, reference: str) -> None:
    """The buyer of an invoice is the one who agreed to its order. Raises BuyerChanged."""
    if not is_agreed_buyer(ordered, buyer):
        raise BuyerChanged(
            f"La commande {reference} engage {_named(ordered)}, et «\u00a0Qui paie\u00a0» "
            f"nomme maintenant {_named(buyer)}. Établissez un nouveau devis, qui demande son "
            "accord, une fois l’acompte repris par un avoir s’il y en a un, ou remettez le client "
            "de la commande."
        )


def _named(buyer: Party) -> str:
    siret = buyer.get("siret")
    return f"{buyer.get('name')} ({f'SIRET {siret}' if siret else 'sans SIRET'})"
