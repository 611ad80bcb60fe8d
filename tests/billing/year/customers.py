"""Sixty exhibitors, and what each owes, counted from what was typed and from nothing else."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from salon.billing.services.billing import Billing, save_billing
from salon.exhibitors.models import Exhibitor, OrganisationKind, PriceItem, WantedOption
from salon.fair.models import Edition, Hall
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from tests.billing.sales import EXHIBITOR
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand

CENT = Decimal("0.01")
WORDS = (
    "Abeille Acacia Alouette Amandier Amphore Ancolie Arbousier Aubépine Bergeronnette Bruyère "
    "Cabestan Calanque Campanile Cardabelle Chèvrefeuille Cigale Coquelicot Cormoran Cyprès "
    "Daphné Écluse Églantine Épervier Étourneau Fauvette Figuier Flamant Fougère Galoubet "
    "Genévrier Glycine Grenadier Hirondelle Jonquille Lavandin Loriot Magnolia Mésange "
    "Micocoulier Mistral Muscardin Nénuphar Olivette Orchidée Passerelle Pélican Pervenche Pinède "
    "Quenouille Rascasse Romarin Sarriette Sauterelle Tamaris Tramontane Tuilerie Verveine "
    "Vigneron Yeuse Zéphyr "
)
NAMES = WORDS.split()
PUBLIC = range(3, 60, 10)
SPANISH, SPONSOR, FRIEND = 7, 11, 17
BY_THE_SQUARE_METRE = Decimal(120)
ByRate = dict[Decimal, Decimal]


@dataclass(frozen=True)
class Sums:
    """Euros without tax, and VAT, by rate in %."""

    net: ByRate
    vat: ByRate

    @classmethod
    def of(cls, net: ByRate) -> "Sums":
        """Return sums whose VAT is rounded rate by rate (0.5 cent up)."""
        return cls(net, {rate: rounded(amount * rate / 100) for rate, amount in net.items()})

    @property
    def net_total(self) -> Decimal:
        return sum(self.net.values(), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum(self.vat.values(), Decimal(0))

    @property
    def gross(self) -> Decimal:
        return self.net_total + self.tax

    def share(self, percent: int) -> "Sums":
        return Sums.of({rate: rounded(net * percent / 100) for rate, net in self.net.items()})

    def less(self, deposit: "Sums") -> "Sums":
        """Return what is left once a deposit is deducted, net and VAT alike."""
        return Sums(
            {rate: net - deposit.net[rate] for rate, net in self.net.items()},
            {rate: vat - deposit.vat[rate] for rate, vat in self.vat.items()},
        )


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass
class Paper:
    """An invoice or a credit note; `paid_on`: the day of the money that settled it."""

    sums: Sums
    issued_on: date
    reference: str = ""
    paid_on: date | None = None

    @property
    def gross(self) -> Decimal:
        return self.sums.gross


@dataclass
class Customer:
    """An exhibitor as the treasurer knows it."""

    rank: int
    exhibitor_id: int
    name: str
    email: str
    order: Sums
    invoices: list[Paper] = field(default_factory=list)
    notes: list[Paper] = field(default_factory=list)
    replaced: list[Paper] = field(default_factory=list)

    @property
    def is_public(self) -> bool:
        return self.rank in PUBLIC

    @property
    def page(self) -> str:
        return f"/organisation/exposants/{self.exhibitor_id}/facturation"

    @property
    def own_page(self) -> str:
        return f"/mon-stand/{self.exhibitor_id}/facturation"

    @property
    def unpaid(self) -> list[Paper]:
        """Return the invoices that stand and are not settled."""
        return [
            row
            for row in self.invoices
            if row.paid_on is None and row.gross and row not in self.replaced
        ]

    def invoice(self, sums: Sums, on: date) -> Paper:
        self.invoices.append(Paper(sums, on))
        return self.invoices[-1]


def wishes(rank: int) -> tuple[int, int, int]:
    """Return the square metres, the kilowatts and the lunches of an exhibitor."""
    return 9 + 3 * (rank % 4), 3 * (rank % 3 == 0), rank % 6


def order_of(rank: int) -> Sums:
    area, power, lunches = wishes(rank)
    if rank == SPONSOR:
        return Sums.of({Decimal(20): Decimal(0), Decimal(10): Decimal(0)})
    by_metre = Decimal(100) if rank == FRIEND else BY_THE_SQUARE_METRE
    stand = area * by_metre + 145 * bool(power)
    rate = Decimal(0 if rank == SPANISH else 20)
    return Sums.of({rate: stand, Decimal(10): lunches * Decimal("22.73")})


def make_customers(edition: Edition, lunch: PriceItem) -> list[Customer]:
    """Make the exhibitors, each accepted with its stand."""
    hall = make_hall(edition)
    return [_make_customer(edition, rank, lunch, hall) for rank in range(len(NAMES))]


def _make_customer(edition: Edition, rank: int, lunch: PriceItem, hall: Hall) -> Customer:
    area, power, lunches = wishes(rank)
    name, email = f"{NAMES[rank]} Équipements", f"compta{rank}@exposant.example"
    values: dict[str, object] = {"area": area, "power_kw": power}
    if rank in PUBLIC:
        values |= {"kind": OrganisationKind.PUBLIC_BODY, "siret": "24340081900013"}
    if rank == SPANISH:
        values |= {"siret": "", "country": "ES", "foreign_number": "ESB58378431"}
        values |= {"vat_number": "ESB58378431", "postal_code": "08001", "city": "Barcelone"}
    exhibitor: Exhibitor = make_exhibitor(
        edition, name=name, email=email, stand=make_stand(hall), **values
    )
    with transaction() as session:
        if lunches:
            session.add(
                WantedOption(exhibitor_id=exhibitor.id, price_item_id=lunch.id, quantity=lunches)
            )
    if rank in PUBLIC:
        billing = Billing(
            *(name, "1 rue des Vignes", "34500", "Béziers"),
            siret="24340081900013",
            engagement_number=f"2027-{rank:06d}",
        )
        save_billing(Act(EXHIBITOR), exhibitor.id, 0, billing)
    return Customer(rank, exhibitor.id, name, email, order_of(rank))
