"""An application filled in by a client, page after page."""

import re
from typing import Any

from salon.exhibitors.models import Exhibitor, OrganisationKind, Sector
from salon.exhibitors.rules.application import ApplicationStep
from salon.exhibitors.services.answers import save_step
from salon.platform.database.act import Act
from tests.badges.people import all_of
from tests.exhibitors.apply.company_server import LIGHTING
from tests.exhibitors.apply.drafts import PUBLIC
from tests.pages import PageClient

EMAIL = "contact@eclairage.example"
START = "/exposants/inscription"
ORGANISATION = {
    "legal_name": "Éclairage du Biterrois",
    "name": "Lumière 34",
    "kind": "company",
    "address": "12 rue des Vignes",
    "postal_code": "34500",
    "city": "Béziers",
}
CONTACTS = {
    "main-civility": "madame",
    "main-first_name": "Élise",
    "main-last_name": "Cabanel",
    "main-function": "Responsable commerciale",
    "main-email": EMAIL,
    "main-phone": "04 67 00 00 00",
}
ACTIVITY = {"sector": "energy", "presentation": "Éclairage public et bornes."}
WISHES = {"area": "12", "power_kw": "3", "wished_hall_id": "0", "wants_corner": "y"}


def html(response: Any) -> str:
    return str(response.get_data(as_text=True))


def start(client: PageClient, siret: str = LIGHTING, email: str = EMAIL) -> Exhibitor:
    answer = client.fill(START, siret=siret, email=email)
    assert answer.status_code == 302, html(answer)[:3000]
    exhibitor = all_of(Exhibitor)[-1]
    assert answer.location.endswith(f"/{exhibitor.private_token}/organisation")
    return exhibitor


def page_of(exhibitor: Exhibitor, step: str = "") -> str:
    return f"{START}/{exhibitor.private_token}" + (f"/{step}" if step else "")


def fill(client: PageClient, path: str, **fields: Any) -> Any:
    """Open a step and send it with its token and version."""
    page = html(client.get(path))
    hidden = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    return client.post(path, data={**hidden, **fields})


def fill_all(client: PageClient, exhibitor: Exhibitor) -> None:
    """Every step, up to the summary."""
    steps: list[tuple[str, dict[str, str]]] = [
        ("organisation", ORGANISATION),
        ("contacts", CONTACTS),
        ("activite", ACTIVITY),
        ("souhaits", WISHES),
        ("options", {}),
    ]
    for (name, fields), following in zip(
        steps, ["contacts", "activite", "souhaits", "options", "recapitulatif"], strict=True
    ):
        answer = fill(client, page_of(exhibitor, name), **fields)
        assert answer.status_code == 302, html(answer)[:3000]
        assert answer.location.endswith(f"/{following}")


def fresh(exhibitor: Exhibitor) -> Exhibitor:
    return next(
        other_exhibitor
        for other_exhibitor in all_of(Exhibitor)
        if other_exhibitor.id == exhibitor.id
    )


def wishes_page(client: PageClient) -> tuple[Exhibitor, str]:
    """Begin an application; its first three steps are saved, and that of the wishes is next."""
    exhibitor = start(client)
    contact = {name.removeprefix("main-"): value for name, value in CONTACTS.items()}
    values = {
        **ORGANISATION,
        "kind": OrganisationKind.COMPANY,
        "contacts": {"main": contact},
        "sector": Sector.ENERGY,
        "presentation": ACTIVITY["presentation"],
    }
    token, step = exhibitor.private_token, ApplicationStep.ACTIVITY
    save_step(Act(PUBLIC), token, exhibitor.version, step, values)
    return fresh(exhibitor), page_of(exhibitor, "souhaits")
