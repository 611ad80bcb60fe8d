"""Mandatory mentions of sales documents, in French.

Code de commerce, L441-9 and L441-10 (payment, penalties, discount), D441-5 (40 €); Code de la
commande publique, L2192-13, R2192-10, R2192-11, R2192-31 and D2192-35 (public buyers); CGI, annexe
II, art. 242 nonies A (mentions of invoices).
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from salon.billing.models import SalesDocument, SalesKind
from salon.billing.rules.sales import public_terms
from salon.exhibitors.engine.vat import FRANCHISE, VAT
from salon.exhibitors.models import Party, VatAnswer
from salon.platform.settings.clock import local
from salon.platform.words.countries import EUROPEAN_UNION
from salon.platform.words.formats import NBSP, day, french

NATURE = f"Nature de l’opération{NBSP}: prestations de services."
NO_DISCOUNT = "Pas d’escompte pour paiement anticipé."
ON_DEBITS = "Option pour le paiement de la taxe d’après les débits."
FORMER = {"category": FRANCHISE.category, "code": FRANCHISE.code}
PENALTIES = (
    "En cas de retard, pénalités exigibles sans rappel, au taux de la Banque centrale européenne "
    "majoré de 10 points (C. com., art. L441-10)."
)
INDEMNITY = (
    f"Indemnité forfaitaire pour frais de recouvrement{NBSP}: 40{NBSP}€ (C. com., art. D441-5)."
)
PUBLIC_PENALTIES = (
    "En cas de retard, intérêts moratoires au taux de la Banque centrale européenne majoré de "
    "8 points (CCP, art. L2192-13 et R2192-31)."
)
PUBLIC_INDEMNITY = (
    f"Indemnité forfaitaire pour frais de recouvrement{NBSP}: 40{NBSP}€ (CCP, art. D2192-35)."
)


def vat_of(document: SalesDocument) -> dict[str, str]:
    """Return the category, mention, article and code of VAT that the document was issued with.

    One of release 1.0.0 says 293 B without a VAT number, and nothing with one.
    """
    stated: dict[str, str] | None = document.seller.get(VAT)
    if stated is not None:
        return stated
    return {"mention": "" if document.seller.get("vat_number") else FRANCHISE.mention, **FORMER}


def legal_notes(document: SalesDocument) -> list[tuple[str, str]]:
    """Return (code of UNTDID 4451, sentence): penalties, indemnity, discount, then the rest."""
    public = is_public(document)
    notes: list[tuple[str, str]] = []
    if document.kind in (SalesKind.INVOICE, SalesKind.CREDIT_NOTE):
        notes = [
            ("PMD", PUBLIC_PENALTIES if public else PENALTIES),
            ("PMT", PUBLIC_INDEMNITY if public else INDEMNITY),
            ("AAB", NO_DISCOUNT),
        ]
    notes.append(("REG", NATURE))
    if document.seller.get("vat_on_debits"):
        notes.append(("TXD", ON_DEBITS))
    if mention := vat_of(document)["mention"]:
        notes.append(("TXD", mention))
    if document.engagement_number and document.purchase_order:
        notes.append(("AAI", f"Bon de commande{NBSP}: {document.purchase_order}"))
    return notes


def due_words(document: SalesDocument, invoice: SalesDocument | None = None) -> str:
    """Return the terms of payment, or the effect of a credit note on the `invoice` it corrects."""
    if invoice is not None and document.kind == SalesKind.CREDIT_NOTE:
        verb = "Vient en déduction de"
        if document.cancels_id:
            verb = "Annule" if document.net == invoice.net else "Annule ce qui restait de"
        return f"{verb} la facture {invoice.reference} du {day(invoice.issued_on)}."
    if document.due_on is None:
        return "À régler à réception de la facture."
    if is_free(document):
        return "Rien n’est à régler."
    if document.kind == SalesKind.QUOTE:
        return f"Valable jusqu’au {day(document.due_on)}."
    if is_public(document):
        days, article = public_terms(document.buyer)
        law = f" ({article})" if "public_kind" in document.buyer else ""
        return (
            f"Par mandat administratif, {days} jours{law}, au plus tard le {day(document.due_on)}."
        )
    return f"Par virement ou chèque, au plus tard le {day(document.due_on)}."


def is_free(document: SalesDocument) -> bool:
    """Return whether nothing is to be paid: the stand of a sponsor, an invoice all deducted."""
    return document.kind == SalesKind.INVOICE and not document.gross


def is_public(document: SalesDocument) -> bool:
    return bool(document.buyer.get("is_public"))


def is_vat_number(party: Party) -> bool:
    """Return whether the number of a party is a VAT number, by its prefix (BR-CO-09)."""
    country = party.get("country") or "FR"
    return party.get("vat_number", "")[:2] in (country, "EL", *EUROPEAN_UNION)


def spaced(number: str, groups: tuple[int, ...]) -> str:
    """Return « 443 061 841 00047 »."""
    parts, at = [], 0
    for length in groups:
        parts.append(number[at : at + length])
        at += length
    return NBSP.join(part for part in [*parts, number[at:]] if part)


def quantity_words(quantity: Decimal) -> str:
    """Return « 9 », « 2,5 » or « −1 »."""
    return french(f"{quantity.normalize():f}")


def siret_words(siret: str) -> str:
    return spaced(siret, (3, 3, 3, 5)) if siret else ""


def legal_words(party: Party) -> str:
    """Return « SARL, RCS Montpellier 443 061 841 » (Code de commerce, R123-237), or the RNA."""
    city, siren = party.get("rcs_city"), party.get("siret", "")[:9]
    register = f"RCS {city} {spaced(siren, (3, 3, 3))}" if city and siren else ""
    number = f"RNA {party['rna'].upper()}" if party.get("rna") else ""
    return ", ".join(filter(None, (party.get("legal_form"), register, number)))


def vat_check_words(check: Mapping[str, str] | None, vat_number: str) -> str:
    """Return « valide, le 3 mars 2021, consultation n° WAPI… »; "" about another number."""
    if not check or check["vat_number"] != vat_number:
        return ""
    checked_on = day(local(datetime.fromisoformat(check["checked_at"])).date())
    number = f"consultation n°{NBSP}{check['consultation']}" if check["consultation"] else ""
    answer = VatAnswer(check["answer"]).label
    return ", ".join(filter(None, (answer, f"le {checked_on}", number)))


def buyer_words(buyer: Party) -> str:
    """Return « Ville d’Agde, SIRET 213 400 039 00015 »."""
    siret = siret_words(buyer.get("siret", ""))
    return f"{buyer['name']}, SIRET{NBSP}{siret}" if siret else f"{buyer['name']}, sans SIRET"


def iban_words(iban: str) -> str:
    return spaced(iban.replace(" ", ""), (4,) * 7)
