"""The columns of the list of exhibitors: the same for its CSV, its XLSX and the import of one."""

from collections.abc import Callable
from dataclasses import dataclass

from salon.exhibitors.models import Contact, ContactKind, Exhibitor, WantedOption
from salon.platform.spreadsheets import Cell


@dataclass(frozen=True)
class Column:
    """`name` is what an import reads it as, empty when it is not read back; `width` in signs."""

    head: str
    value: Callable[[Exhibitor], Cell]
    name: str = ""
    width: int = 16


def _contact(kind: ContactKind, attribute: str) -> Callable[[Exhibitor], Cell]:
    def read(one: Exhibitor) -> Cell:
        found = next((contact for contact in one.contacts if contact.kind == kind), None)
        return str(getattr(found, attribute)) if found else ""

    return read


def _plain(attribute: str) -> Callable[[Exhibitor], Cell]:
    def read(one: Exhibitor) -> Cell:
        value = getattr(one, attribute)
        return value if isinstance(value, int) and not isinstance(value, bool) else str(value)

    return read


def _yes(attribute: str) -> Callable[[Exhibitor], Cell]:
    return lambda one: "oui" if getattr(one, attribute) else "non"


def _list(attribute: str) -> Callable[[Exhibitor], Cell]:
    return lambda one: "; ".join(getattr(one, attribute))


def _submitted(one: Exhibitor) -> Cell:
    return one.submitted_at or ""


def _option(one: WantedOption) -> str:
    return f"{one.quantity} × {one.item.label}"


def _person(kind: ContactKind) -> Callable[[Exhibitor], Cell]:
    def read(one: Exhibitor) -> Cell:
        found: Contact | None = next(
            (contact for contact in one.contacts if contact.kind == kind), None
        )
        return found.full_name if found else ""

    return read


MAIN, BILLING, ON_SITE = ContactKind.MAIN, ContactKind.BILLING, ContactKind.ON_SITE
COLUMNS = (
    Column("État", lambda one: one.status.label),
    Column("Nom", _plain("name"), "name", 34),
    Column("Raison sociale", _plain("legal_name"), "legal_name", 30),
    Column("SIRET", _plain("siret"), "siret"),
    Column("Organisme", lambda one: one.kind.label, "kind"),
    Column("Adresse", _plain("address"), "address", 30),
    Column("Code postal", _plain("postal_code"), "postal_code", 10),
    Column("Ville", _plain("city"), "city", 20),
    Column("Pays", _plain("country"), "country", 6),
    Column("Site internet", _plain("website"), "website", 26),
    Column("Civilité", _contact(MAIN, "civility"), "civility", 10),
    Column("Prénom", _contact(MAIN, "first_name"), "first_name"),
    Column("Nom du contact", _contact(MAIN, "last_name"), "last_name", 20),
    Column("Fonction", _contact(MAIN, "function"), "function", 22),
    Column("Courriel", _contact(MAIN, "email"), "email", 30),
    Column("Téléphone", _contact(MAIN, "phone"), "phone"),
    Column("Contact de facturation", _person(BILLING), width=22),
    Column("Courriel de facturation", _contact(BILLING, "email"), width=30),
    Column("Contact sur place", _person(ON_SITE), width=22),
    Column("Téléphone sur place", _contact(ON_SITE, "phone")),
    Column("Secteur", lambda one: one.sector.label if one.sector else "", "sector", 28),
    Column("Thèmes", lambda one: "; ".join(theme.name for theme in one.themes), width=28),
    Column("Présentation", _plain("presentation"), "presentation", 40),
    Column("Surface voulue (m²)", _plain("area"), "area", 10),
    Column("Angle voulu", _yes("wants_corner"), "wants_corner", 8),
    Column("Électricité (kW)", _plain("power_kw"), "power_kw", 10),
    Column("Eau", _yes("wants_water"), "wants_water", 6),
    Column("Hall voulu", lambda one: one.wished_hall.name if one.wished_hall else "", width=10),
    Column("Voisins voulus", _list("near"), width=24),
    Column("À éloigner", _list("apart"), width=24),
    Column("Précisions", _plain("wish_note"), width=30),
    Column("Co-exposants", lambda one: "; ".join(co.name for co in one.co_exhibitors), width=24),
    Column("Options", lambda one: "; ".join(map(_option, one.options)), width=30),
    Column("Pavillon", lambda one: one.parent.name if one.parent else "", width=20),
    Column("Hall", lambda one: one.stand.hall.name if one.stand else "", width=8),
    Column("Stand", lambda one: one.stand.number if one.stand else "", width=8),
    Column("Surface du stand (m²)", lambda one: one.stand.area if one.stand else ""),
    Column("Motif de la décision", _plain("status_reason"), width=30),
    Column("Candidature reçue le", _submitted),
)


def cells_of(one: Exhibitor) -> list[Cell]:
    return [column.value(one) for column in COLUMNS]
