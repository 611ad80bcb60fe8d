"""The demonstration's exhibitors: each line of exhibitors.csv goes through the services."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from salon.accounts.queries import find_account
from salon.demonstration import papers
from salon.exhibitors.models import ApplicationStatus, Exhibitor, OrganisationKind, Sector
from salon.exhibitors.queries.applications import hall_names, price_list
from salon.exhibitors.services import ApplicationStep, Move
from salon.exhibitors.services.answers import give_logo, save_step
from salon.exhibitors.services.applications import Applicant, start_application, submit, withdraw
from salon.exhibitors.services.review import OrganiserDecision, change_exhibitor, decide
from salon.fair.imports.seed_tables import Row, read_table
from salon.fair.models import Edition, Stand, Theme
from salon.fair.queries import get_public_edition
from salon.fair.services.acts import FairAct
from salon.placement.services import attach_member, give_stand
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity, Role
from salon.platform.settings.installation import Settings

FILE = "exhibitors.csv"
COLUMNS = (
    *("etat", "nature", "nom", "pavillon", "siret", "pays", "numero_etranger"),
    *("adresse", "code_postal", "ville", "site", "secteur", "themes", "presentation"),
    *("surface", "angle", "eau", "puissance", "hall", "pres_de", "loin_de", "souhait"),
    *("co_exposants", "options", "civilite", "prenom", "nom_famille", "fonction"),
    *("courriel", "telephone", "motif", "stand", "faits"),
)
KINDS = {kind.label.casefold(): kind for kind in OrganisationKind}
SECTORS = {sector.label.replace("’", "'"): sector for sector in Sector}
STATUSES = {status.label.replace("’", "'").casefold(): status for status in ApplicationStatus}
MOVES = {
    ApplicationStatus.ACCEPTED: Move.ACCEPT,
    ApplicationStatus.CHANGES_ASKED: Move.ASK_CHANGES,
    ApplicationStatus.WAITING: Move.PUT_ON_WAITING_LIST,
    ApplicationStatus.OFFERED: Move.OFFER,
    ApplicationStatus.REFUSED: Move.REFUSE,
}
BETWEEN = timedelta(hours=62)
DECIDED_AFTER = timedelta(days=9, hours=3)
PLACED_AFTER = timedelta(days=16)
PUBLIC = Identity(None, None, "public")


@dataclass(frozen=True)
class Floor:
    """Stands, halls and prices by the names that the file uses."""

    halls: Mapping[str, int]
    themes: Mapping[str, int]
    stands: Mapping[str, Stand]
    items: Mapping[str, int]


def floor_of(edition: Edition) -> Floor:
    current = current_session()
    theme_ids = select(Theme.slug, Theme.id).where(Theme.edition_id == edition.id)
    stands = current.scalars(select(Stand).where(Stand.edition_id == edition.id))
    return Floor(
        halls={name: number for number, name in hall_names(edition.id).items()},
        themes={row.slug: row.id for row in current.execute(theme_ids)},
        stands={stand.number: stand for stand in stands},
        items={price.code: price.id for price in price_list(edition.id)},
    )


def load_exhibitors(
    edition: Edition, folder: Path, at: datetime, actor: Identity, settings: Settings
) -> int:
    """Bring each line of exhibitors.csv to its state; return how many. `actor` decides."""
    rows = read_table(folder / FILE, *COLUMNS)
    floor = floor_of(edition)
    pavilions: dict[str, Exhibitor] = {}
    for row in rows:
        at += BETWEEN
        exhibitor = _apply(row, floor, at, settings)
        status = row.known("etat", STATUSES)
        if status != ApplicationStatus.DRAFT:
            submit(Act(PUBLIC, at + timedelta(hours=1)), exhibitor.private_token, exhibitor.version)
            _decide(exhibitor, status, row, at + DECIDED_AFTER, actor)
        if row.number("surface") == 0:
            change_exhibitor(Act(actor, at), exhibitor.id, exhibitor.version, {"area": 0})
            pavilions[row.key("nom")] = exhibitor
        _place(exhibitor, row, floor, pavilions, actor, at + PLACED_AFTER)
        if status == ApplicationStatus.ACCEPTED:
            contact = _contact_of(row)
            papers.execute_steps(
                row.items("faits"),
                papers.StepContext(exhibitor, contact, actor, at + PLACED_AFTER, settings),
            )
    return len(rows)


def _contact_of(row: Row) -> Identity:
    """Return the account of a line's contact, opened at acceptance."""
    account = find_account(row.key("courriel"))
    assert account is not None
    return Identity(Role.EXHIBITOR, account.id, account.display_name)


def _apply(row: Row, floor: Floor, at: datetime, settings: Settings) -> Exhibitor:
    """Return the application of a line, complete and not yet sent."""
    applicant = Applicant(
        email=row.key("courriel"),
        siret=row.raw("siret"),
        kind=row.known("nature", KINDS),
        name=row.text("nom"),
        country=row.raw("pays"),
        foreign_number=row.raw("numero_etranger"),
    )
    exhibitor = start_application(
        FairAct(PUBLIC, at, edition=get_public_edition()), applicant, None, str(uuid.uuid4())
    )
    if exhibitor is None:
        raise row.refuse("ce SIRET est déjà celui d’une autre ligne.")
    values = _values(row, floor)
    token, version = exhibitor.private_token, exhibitor.version
    exhibitor_row = save_step(Act(PUBLIC), token, version, ApplicationStep.OPTIONS, values)
    if papers.LOGO in row.items("faits"):
        logo = papers.logo_of(exhibitor_row.name)
        exhibitor_row = give_logo(
            Act(PUBLIC), token, exhibitor_row.version, logo, settings.file_store
        )
    return exhibitor_row


def _values(row: Row, floor: Floor) -> dict[str, object]:
    options = (cell.partition(":") for cell in row.items("options"))
    area = int(row.number("surface"))
    return {
        "address": row.optional_text("adresse"),
        "postal_code": row.raw("code_postal"),
        "city": row.optional_text("ville"),
        "website": row.raw("site"),
        "sector": row.known("secteur", SECTORS),
        "presentation": row.optional_text("presentation"),
        **({"area": area} if area else {}),
        "wants_corner": row.raw("angle") == "oui",
        "wants_water": row.raw("eau") == "oui",
        "power_kw": int(row.raw("puissance") or 0),
        "wished_hall_id": row.known("hall", dict(floor.halls)) if row.raw("hall") else None,
        "near": row.items("pres_de"),
        "apart": row.items("loin_de"),
        "wish_note": row.optional_text("souhait"),
        "themes": [floor.themes[slug] for slug in row.items("themes")],
        "co_exhibitors": [{"name": cell, "website": ""} for cell in row.items("co_exposants")],
        "options": {floor.items[code]: int(count) for code, _, count in options},
        "contacts": {
            "main": {
                "civility": row.raw("civilite"),
                "first_name": row.raw("prenom"),
                "last_name": row.raw("nom_famille"),
                "function": row.optional_text("fonction"),
                "phone": row.raw("telephone"),
            }
        },
    }


def _decide(
    exhibitor: Exhibitor, status: ApplicationStatus, row: Row, at: datetime, actor: Identity
) -> None:
    reason = row.optional_text("motif")
    if status == ApplicationStatus.WITHDRAWN:
        withdraw(Act(PUBLIC, at), exhibitor.private_token)
    elif status in MOVES:
        decide(
            Act(actor, at),
            exhibitor.id,
            exhibitor.version,
            OrganiserDecision(MOVES[status], reason),
        )


def _place(
    exhibitor: Exhibitor,
    row: Row,
    floor: Floor,
    pavilions: Mapping[str, Exhibitor],
    actor: Identity,
    at: datetime,
) -> None:
    """Assign the pavilion and the stand that the line names."""
    number = exhibitor.id
    if row.raw("pavillon"):
        parent = row.known("pavillon", dict(pavilions))
        attach_member(Act(actor), number, exhibitor.version, parent.id)
    if row.raw("stand"):
        stand = row.known("stand", dict(floor.stands))
        give_stand(Act(actor), number, exhibitor.version, stand.id)
