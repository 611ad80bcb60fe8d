"""VAT by seller, buyer and kind of supply: rate, mention, article and EN 16931 category. Pure.

`RULES` is the table: documents, previews, the page « TVA » and docs/vat.md are made from it. A
supply to a taxable person is taxed where that person is (CGI, art. 259, 1°), overseas départements
with their own rates (BOI-TVA-GEO-20-40); a fair sold to others, admissions and meals where they
take place (art. 259 A, 5° and 5° bis). A stand with its services (catalogue, badges, power) is no
service on land: implementing regulation 282/2011, art. 31 bis, 3, e; CJEU C-530/09. Whoever gives
a number is a taxable person (regulation 282/2011, art. 18).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from itertools import product
from typing import Final

from salon.exhibitors.engine.pricing import PricedLine
from salon.exhibitors.models import Exhibitor, Party, PriceItem, Supply, VatRegime
from salon.platform.words.countries import EUROPEAN_UNION, country_name
from salon.platform.words.formats import NBSP, percent
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.texts import folded

VAT: Final = "vat"
"""The key, in the seller of an issued document, of what `TreatedLines` states."""


class Buyer(LabelledEnum):
    """Where the buyer is, and whether as a taxable person; « identifié »: gave a number."""

    HOME = "home", "France ou Monaco"
    MAINLAND = "mainland", "Métropole ou Monaco, identifié, l’émetteur étant outre-mer"
    ISLANDS = "islands", "Guadeloupe, Martinique ou La Réunion, identifié"
    UNCHARGED = "uncharged", "Guyane ou Mayotte, identifié"
    UNION = "union", "Union européenne, avec un numéro de TVA"
    UNION_PERSON = "union_person", "Union européenne, sans numéro"
    ABROAD = "abroad", "Hors de l’Union, avec un numéro d’entreprise"
    ABROAD_PERSON = "abroad_person", "Hors de l’Union, sans numéro"


PLACES = {
    Buyer.ABROAD: ("97133", "97150", "975", "977", "978", "984", "986", "987", "988"),
    Buyer.ISLANDS: ("971", "972", "974"),
    Buyer.UNCHARGED: ("973", "976"),
}
"""Postal codes of France; ABROAD: its collectivities where French VAT is not applied."""


class Rate(LabelledEnum):
    PRICE = "price", "celui du prix"
    ZERO = "zero", f"0{NBSP}%"
    ISLANDS = "islands", f"8,5{NBSP}% pour 20{NBSP}%, 2,1{NBSP}% pour 10 et 5,5{NBSP}%"
    MAINLAND = "mainland", f"20{NBSP}% pour 8,5{NBSP}%"
    REFUSED = "refused", "refusé"


CONVERSIONS = {
    Rate.ISLANDS: {
        Decimal(20): Decimal("8.5"),
        Decimal(10): Decimal("2.1"),
        Decimal("5.5"): Decimal("2.1"),
    },
    Rate.MAINLAND: {Decimal("8.5"): Decimal(20)},
}


@dataclass(frozen=True)
class Treatment:
    """What is done with the VAT of a supply. `category`: UNTDID 5305; `code`: VATEX.

    `mention` is printed; of a refused supply, it is the sentence of the refusal.
    """

    rate: Rate
    category: str
    article: str
    mention: str = ""
    code: str = ""


def _taxed(article: str, rate: Rate = Rate.PRICE, mention: str = "") -> Treatment:
    return Treatment(rate, "S", article, mention)


def _untaxed(category: str, article: str, mention: str, code: str = "") -> Treatment:
    return Treatment(Rate.ZERO, category, article, mention, code)


REVERSE_ARTICLES = f"art. 259, 1° et 283-2 du CGI{NBSP}; directive 2006/112/CE, art. 44 et 196"
REVERSE_CHARGE = _untaxed(
    *("AE", REVERSE_ARTICLES),
    f"Autoliquidation{NBSP}: TVA due par le preneur, {REVERSE_ARTICLES}.",
    "VATEX-EU-AE",
)
ABROAD = _untaxed(
    "G", "art. 259, 1° du CGI", "TVA non applicable, art. 259, 1° du CGI.", "VATEX-EU-G"
)
FRANCHISE = _untaxed(
    *("E", "art. 293 B du CGI", "TVA non applicable, art. 293 B du CGI.", "VATEX-FR-FRANCHISE")
)
EXEMPT = _untaxed(
    *("E", "art. 261, 7, 1° du CGI", "Exonération de TVA, art. 261, 7, 1° du CGI."),
    "VATEX-FR-CGI261-7",
)
NOT_CHARGED = _untaxed("E", "art. 294, 1 du CGI", "TVA non applicable, art. 294, 1 du CGI.")
NOT_TAXABLE = _untaxed(
    "O", "art. 256 B du CGI", "Non assujetti à la TVA, art. 256 B du CGI.", "VATEX-EU-O"
)
MEALS_OF_PUBLIC_BODY = Treatment(
    *(Rate.REFUSED, "", "art. 256 B du CGI"),
    "Un repas vendu par une personne publique concurrence des entreprises et peut être taxé "
    f"(art. 256 B du CGI){NBSP}: retirez-le de la commande, votre comptable le facturera à part.",
)
ALL = tuple(Buyer)
IN_FRANCE = (Buyer.HOME, Buyer.MAINLAND, Buyer.ISLANDS, Buyer.UNCHARGED)
PERSONS = (Buyer.UNION_PERSON, Buyer.ABROAD_PERSON)
LIABLE, UNTAXED = (VatRegime.LIABLE,), (VatRegime.FRANCHISE, VatRegime.EXEMPT)
STAND, ON_SITE = (Supply.STAND,), (Supply.ADMISSION, Supply.CATERING)

Rule = tuple[tuple[VatRegime, ...], tuple[Buyer, ...], tuple[Supply, ...], Treatment]
RULES: tuple[Rule, ...] = (
    (LIABLE, (Buyer.HOME,), STAND, _taxed("art. 259 du CGI")),
    (LIABLE, PERSONS, STAND, _taxed("art. 259 A, 5°, a du CGI")),
    *(
        (LIABLE, (buyer,), STAND, _taxed(article, rate, f"TVA du lieu de l’acheteur, {article}."))
        for buyer, rate, article in (
            (Buyer.MAINLAND, Rate.MAINLAND, "art. 259, 1° et 278 du CGI"),
            (Buyer.ISLANDS, Rate.ISLANDS, "art. 259, 1° et 296 du CGI"),
        )
    ),
    (LIABLE, (Buyer.UNCHARGED,), STAND, NOT_CHARGED),
    (LIABLE, (Buyer.ABROAD,), STAND, ABROAD),
    (LIABLE, ALL, (Supply.ADMISSION,), _taxed("art. 259 A, 5°, a et 5° bis du CGI")),
    (LIABLE, ALL, (Supply.CATERING,), _taxed("art. 259 A, 5°, b du CGI")),
    ((*LIABLE, *UNTAXED), (Buyer.UNION,), STAND, REVERSE_CHARGE),
    (UNTAXED, (Buyer.ABROAD,), STAND, replace(ABROAD, category="O", code="VATEX-EU-O")),
    *(
        ((regime,), buyers, supplies, treatment)
        for regime, treatment in ((VatRegime.FRANCHISE, FRANCHISE), (VatRegime.EXEMPT, EXEMPT))
        for buyers, supplies in (((*IN_FRANCE, *PERSONS), STAND), (ALL, ON_SITE))
    ),
    ((VatRegime.PUBLIC_BODY,), ALL, (Supply.STAND, Supply.ADMISSION), NOT_TAXABLE),
    ((VatRegime.PUBLIC_BODY,), ALL, (Supply.CATERING,), MEALS_OF_PUBLIC_BODY),
)
"""The table: (sellers, buyers, kinds of supply, treatment); each combination is in one rule."""
TABLE: Mapping[tuple[VatRegime, Buyer, Supply], Treatment] = {
    cell: treatment
    for regimes, buyers, supplies, treatment in RULES
    for cell in product(regimes, buyers, supplies)
}

SELLER_WITHOUT_NUMBER = (
    "Un émetteur redevable porte son numéro de TVA sur ses factures, comme celui dont l’acheteur "
    f"doit la TVA dans un autre pays de l’Union (CGI, art. 286 ter){NBSP}: complétez-le dans "
    "«\u00a0Dates et règlement\u00a0»."
)
SELLER_ELSEWHERE = (
    "La TVA d’un émetteur redevable établi en Guyane, à Mayotte ou dans une collectivité "
    f"d’outre-mer n’est pas connue{NBSP}: faites établir cette pièce par votre comptable."
)
PRICES_TAXED = (
    f"L’émetteur ne compte pas de TVA, d’après son régime{NBSP}: passez les prix à 0{NBSP}%, ou "
    "changez le régime et le numéro de TVA dans «\u00a0Dates et règlement\u00a0»."
)
PRICE_AT_ZERO = (
    f"L’émetteur est redevable de la TVA{NBSP}: un prix à 0{NBSP}% demande une exonération, que la "
    "facture ne saurait pas citer. Donnez un taux à chaque prix."
)
TWO_REASONS = (
    "Cette pièce ne compte pas de TVA pour deux raisons, le stand chez l’acheteur et un repas ou "
    f"une entrée en France{NBSP}: retirez ces derniers, votre comptable les facturera à part."
)


@dataclass(frozen=True)
class TreatedLines:
    """Lines at the rates of the table, and what their document states of its treatment.

    `refusal`: why they cannot be sold; the lines are then those of the price list.
    """

    lines: Sequence[PricedLine]
    stated: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""


MEALS = ("repas", "dejeuner", "diner", "buffet", "cocktail", "traiteur", "cafe", "plateau")


def supplies_to_check(items: Iterable[PriceItem]) -> list[PriceItem]:
    """Return the prices that count as a stand and are named, or taxed, as meals are.

    A price of before the kind of supply was asked counts as a stand until it is set.
    """
    return [
        item
        for item in items
        if item.supply == Supply.STAND
        and (item.vat_rate == 10 or any(word in folded(item.label).split() for word in MEALS))
    ]


def facts_of(exhibitor: Exhibitor) -> Party:
    """Return the place and the number of an exhibitor who pays.

    Outside the Union its company number shows a taxable person, as a VAT number does.
    """
    abroad = exhibitor.country not in (*EUROPEAN_UNION, "MC")
    return {
        "country": exhibitor.country,
        "postal_code": exhibitor.postal_code,
        "vat_number": exhibitor.vat_number or (exhibitor.foreign_number if abroad else ""),
    }


def standing(seller: Party, buyer: Party) -> tuple[VatRegime, Buyer]:
    """Return the row and the column of the table. A seller without regime follows its number."""
    deduced = VatRegime.LIABLE if seller.get("vat_number") else VatRegime.FRANCHISE
    regime = VatRegime(seller.get("vat_regime") or deduced)
    home, place = _place(seller), _place(buyer)
    identified = bool(buyer.get("vat_number"))
    if place == Buyer.UNION:
        return regime, Buyer.UNION if identified else Buyer.UNION_PERSON
    if place == Buyer.ABROAD:
        return regime, Buyer.ABROAD if identified else Buyer.ABROAD_PERSON
    return regime, place if identified and place != home else Buyer.HOME


def treat(lines: Sequence[PricedLine], seller: Party, buyer: Party) -> TreatedLines:
    """Return the lines of a price list as the table has them sold, or why they cannot be."""
    regime, place = standing(seller, buyer)
    treatments = [TABLE[regime, place, line.supply] for line in lines]
    refusal = (
        _refusal_of_parties(seller, buyer, regime, place)
        or next((each.mention for each in treatments if each.rate == Rate.REFUSED), "")
        or _refusal_of_rates(lines, treatments, seller, regime)
    )
    if refusal:
        return TreatedLines(lines, refusal=refusal)
    treated_lines = [
        replace(line, vat_rate=_rate(line.vat_rate, treatment.rate))
        for line, treatment in zip(lines, treatments, strict=True)
    ]
    by_mention = sorted(treatments, key=lambda treatment: not treatment.mention)
    stated = asdict(by_mention[0]) if by_mention else {}
    return TreatedLines(treated_lines, {name: stated[name] for name in stated if name != "rate"})


def _refusal_of_parties(seller: Party, buyer: Party, regime: VatRegime, place: Buyer) -> str:
    if regime == VatRegime.LIABLE and not seller.get("vat_number"):
        return SELLER_WITHOUT_NUMBER
    if regime == VatRegime.LIABLE and _place(seller) not in (Buyer.MAINLAND, Buyer.ISLANDS):
        return SELLER_ELSEWHERE
    country = buyer.get("country") or "FR"
    if place in (*IN_FRANCE[1:], Buyer.UNION) and not number_fits(buyer["vat_number"], country):
        return (
            f"Le numéro de TVA de l’acheteur n’est pas de son pays ({country_name(country)}), ou "
            f"n’est pas complet{NBSP}: corrigez-le dans «\u00a0Qui paie\u00a0», ou videz-le si "
            "l’acheteur n’est pas une entreprise."
        )
    return ""


def _refusal_of_rates(
    lines: Sequence[PricedLine],
    treatments: Sequence[Treatment],
    seller: Party,
    regime: VatRegime,
) -> str:
    if regime != VatRegime.LIABLE and any(line.vat_rate for line in lines):
        return PRICES_TAXED
    if REVERSE_CHARGE in treatments and not seller.get("vat_number"):
        return SELLER_WITHOUT_NUMBER
    if len({treatment for treatment in treatments if treatment.rate == Rate.ZERO}) > 1:
        return TWO_REASONS
    for line, treatment in zip(lines, treatments, strict=True):
        if treatment.rate == Rate.PRICE and not line.vat_rate:
            return PRICE_AT_ZERO
        if line.vat_rate not in CONVERSIONS.get(treatment.rate, (line.vat_rate,)):
            return (
                f"«\u00a0{line.label}\u00a0» est à {percent(line.vat_rate)}{NBSP}: son taux chez "
                "cet acheteur n’est pas connu. Changez le taux du prix, ou retirez-le de la "
                "commande."
            )
    return ""


def _rate(rate: Decimal, rule: Rate) -> Decimal:
    if rule == Rate.ZERO:
        return Decimal(0)
    return CONVERSIONS[rule][rate] if rule in CONVERSIONS else rate


def _place(party: Party) -> Buyer:
    """Return where a party is: MAINLAND, ISLANDS, UNCHARGED, UNION or ABROAD."""
    country, postal_code = party.get("country") or "FR", party.get("postal_code") or ""
    if country not in ("FR", "MC"):
        return Buyer.UNION if country in EUROPEAN_UNION else Buyer.ABROAD
    for place, codes in PLACES.items():
        if postal_code.startswith(codes):
            return place
    return Buyer.MAINLAND


def number_fits(number: str, country: str) -> bool:
    """Return whether a VAT number has the form of that country of the Union."""
    from stdnum.eu import vat  # it reads many modules

    prefix = {"GR": "EL", "MC": "FR"}.get(country, country)
    return number.startswith(prefix) and bool(vat.is_valid(number))
