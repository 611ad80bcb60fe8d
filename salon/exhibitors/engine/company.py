"""A company as the State's register describes it."""

from dataclasses import asdict, dataclass
from typing import Any

from salon.exhibitors.models import OrganisationKind, Sector

# First signs of the activity code (NAF rév. 2); the longest that fits decides.
SECTORS = {
    "16": Sector.BUILDING,
    "25": Sector.BUILDING,
    "27": Sector.ENERGY,
    "28": Sector.MOBILITY,
    "29": Sector.MOBILITY,
    "35": Sector.ENERGY,
    "36": Sector.WATER,
    "37": Sector.WATER,
    "38": Sector.WASTE,
    "39": Sector.WASTE,
    "41": Sector.BUILDING,
    "42": Sector.ROADS,
    "42.21": Sector.WATER,
    "42.22": Sector.ENERGY,
    "43": Sector.BUILDING,
    "43.12": Sector.ROADS,
    "43.21": Sector.ENERGY,
    "45": Sector.MOBILITY,
    "49": Sector.MOBILITY,
    "58.2": Sector.DIGITAL,
    "61": Sector.DIGITAL,
    "62": Sector.DIGITAL,
    "63": Sector.DIGITAL,
    "64": Sector.FINANCE,
    "65": Sector.FINANCE,
    "66": Sector.FINANCE,
    "69": Sector.FINANCE,
    "70.22": Sector.FINANCE,
    "71.1": Sector.TOWN_PLANNING,
    "80": Sector.SAFETY,
    "81.2": Sector.WASTE,
    "81.3": Sector.GREEN_SPACES,
    "84": Sector.PUBLIC,
    "84.25": Sector.SAFETY,
    "85": Sector.EDUCATION,
    "90": Sector.EDUCATION,
    "91": Sector.EDUCATION,
    "93": Sector.EDUCATION,
    "94": Sector.PUBLIC,
}


def vat_number_of(siret: str) -> str:
    """Return « FR » + key + SIREN; "" for a wrong SIREN (CGI, ann. II, art. 242 nonies A)."""
    from stdnum.exceptions import ValidationError
    from stdnum.fr import siren as siren_number

    try:
        return f"FR{siren_number.to_tva(siren_number.validate(siret[:9]))}"
    except ValidationError:
        return ""


def vat_number_after(vat_number: str, former_siret: str, siret: str) -> str:
    """Return the VAT number of an exhibitor whose SIRET changed.

    One derived from the former SIREN follows; another, typed, stays.
    """
    was_derived = bool(vat_number) and vat_number == vat_number_of(former_siret)
    return vat_number_of(siret) if was_derived else vat_number


@dataclass(frozen=True)
class Company:
    """An establishment. `activity` is its NAF code; `is_closed`: it, or its company, has ceased.

    Names and address are blank where the State does not publish them.
    """

    siret: str
    legal_name: str
    trade_name: str
    address: str
    postal_code: str
    city: str
    activity: str
    kind: OrganisationKind
    is_closed: bool

    @property
    def vat_number(self) -> str:
        """Return the intra-community VAT number derived from the SIREN; "" for a public body."""
        return "" if self.kind != OrganisationKind.COMPANY else vat_number_of(self.siret)

    @property
    def sector(self) -> Sector | None:
        """Return a guess from the activity code, for the applicant to correct."""
        fitting = [prefix for prefix in SECTORS if self.activity.startswith(prefix)]
        return SECTORS[max(fitting, key=len)] if fitting else None

    def as_record(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Company":
        return cls(**{**record, "kind": OrganisationKind(record["kind"])})
