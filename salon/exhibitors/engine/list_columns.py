"""Columns of the list of exhibitors, shared by its CSV, its XLSX and its import."""

from collections.abc import Callable
from dataclasses import dataclass

from salon.exhibitors.models import Contact, ContactKind, Exhibitor, WantedOption
from salon.platform.documents.spreadsheets import writer
from salon.platform.documents.spreadsheets.cells import Cell


@dataclass(frozen=True)
class Column(writer.Column):
    """`name` is the field an import reads it as, empty if it is not read."""

    name: str = ""


def _contact(kind: ContactKind, attribute: str) -> Callable[[Exhibitor], Cell]:
    def read(exhibitor: Exhibitor) -> Cell:
        matching_contact = next(
            (contact for contact in exhibitor.contacts if contact.kind == kind), None
        )
        return str(getattr(matching_contact, attribute)) if matching_contact else ""

    return read


def _plain(attribute: str) -> Callable[[Exhibitor], Cell]:
    def read(exhibitor: Exhibitor) -> Cell:
        value = getattr(exhibitor, attribute)
        return value if isinstance(value, int) and not isinstance(value, bool) else str(value)

    return read


def _yes(attribute: str) -> Callable[[Exhibitor], Cell]:
    return lambda exhibitor: "oui" if getattr(exhibitor, attribute) else "non"


def _list(attribute: str) -> Callable[[Exhibitor], Cell]:
    return lambda exhibitor: "; ".join(getattr(exhibitor, attribute))


def _submitted(exhibitor: Exhibitor) -> Cell:
    return exhibitor.submitted_at or ""


def _option(option: WantedOption) -> str:
    return f"{option.quantity} × {option.item.label}"


def _person(kind: ContactKind) -> Callable[[Exhibitor], Cell]:
    def read(exhibitor: Exhibitor) -> Cell:
        matching_contact: Contact | None = next(
            (contact for contact in exhibitor.contacts if contact.kind == kind), None
        )
        return matching_contact.full_name if matching_contact else ""

    return read


MAIN, BILLING, ON_SITE = ContactKind.MAIN, ContactKind.BILLING, ContactKind.ON_SITE
COLUMNS = (
    Column("État", lambda exhibitor: exhibitor.status.label),
    Column("Nom", _plain("name"), 34, name="name"),
    Column("Raison sociale", _plain("legal_name"), 30, name="legal_name"),
    Column("SIRET", _plain("siret"), name="siret"),
    Column("Organisme", lambda exhibitor: exhibitor.kind.label, name="kind"),
    Column("Adresse", _plain("address"), 30, name="address"),
    Column("Code postal", _plain("postal_code"), 10, name="postal_code"),
    Column("Ville", _plain("city"), 20, name="city"),
    Column("Pays", _plain("country"), 6, name="country"),
    Column("Site internet", _plain("website"), 26, name="website"),
    Column("Civilité", _contact(MAIN, "civility"), 10, name="civility"),
    Column("Prénom", _contact(MAIN, "first_name"), name="first_name"),
    Column("Nom du contact", _contact(MAIN, "last_name"), 20, name="last_name"),
    Column("Fonction", _contact(MAIN, "function"), 22, name="function"),
    Column("Courriel", _contact(MAIN, "email"), 30, name="email"),
    Column("Téléphone", _contact(MAIN, "phone"), name="phone"),
    Column("Contact de facturation", _person(BILLING), width=22),
    Column("Courriel de facturation", _contact(BILLING, "email"), width=30),
    Column("Contact sur place", _person(ON_SITE), width=22),
    Column("Téléphone sur place", _contact(ON_SITE, "phone")),
    Column(
        "Secteur",
        lambda exhibitor: exhibitor.sector.label if exhibitor.sector else "",
        28,
        name="sector",
    ),
    Column(
        "Thèmes", lambda exhibitor: "; ".join(theme.name for theme in exhibitor.themes), width=28
    ),
    Column("Présentation", _plain("presentation"), 40, name="presentation"),
    Column("Surface voulue (m²)", _plain("area"), 10, name="area"),
    Column("Angle voulu", _yes("wants_corner"), 8, name="wants_corner"),
    Column("Électricité (kW)", _plain("power_kw"), 10, name="power_kw"),
    Column("Eau", _yes("wants_water"), 6, name="wants_water"),
    Column(
        "Hall voulu",
        lambda exhibitor: exhibitor.wished_hall.name if exhibitor.wished_hall else "",
        width=10,
    ),
    Column("Voisins voulus", _list("near"), width=24),
    Column("À éloigner", _list("apart"), width=24),
    Column("Précisions", _plain("wish_note"), width=30),
    Column(
        "Co-exposants",
        lambda exhibitor: "; ".join(co.name for co in exhibitor.co_exhibitors),
        width=24,
    ),
    Column("Options", lambda exhibitor: "; ".join(map(_option, exhibitor.options)), width=30),
    Column(
        "Pavillon", lambda exhibitor: exhibitor.parent.name if exhibitor.parent else "", width=20
    ),
    Column("Hall", lambda exhibitor: exhibitor.stand.hall.name if exhibitor.stand else "", width=8),
    Column("Stand", lambda exhibitor: exhibitor.stand.number if exhibitor.stand else "", width=8),
    Column(
        "Surface du stand (m²)", lambda exhibitor: exhibitor.stand.area if exhibitor.stand else ""
    ),
    Column("Motif de la décision", _plain("status_reason"), width=30),
    Column("Candidature reçue le", _submitted),
)
