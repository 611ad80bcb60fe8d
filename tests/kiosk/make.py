"""Kiosks and print stations made for their tests."""

import uuid
from dataclasses import dataclass
from typing import Any

from salon.accounts.models import StationKind
from salon.accounts.services.stations import create_station, enrol_station, offer_enrolment
from salon.badges.models import BadgeSettings, Printing
from salon.entrance.models import EntranceSettings
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.settings.clock import now
from tests.pages import PageClient


@dataclass
class Device:
    """An enrolled station and what it calls with."""

    id: int
    token: str
    client: PageClient

    @property
    def identity(self) -> Identity:
        return Identity(Role.STATION, self.id, "Borne")

    def post(self, path: str, content: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.post(f"/api/v1/kiosk/{path}", json=content, headers=headers)

    def scan(self, code: str, **overrides: Any) -> Any:
        """Return the answer of the kiosk to a badge."""
        fields = {
            "scan_id": str(uuid.uuid4()),
            "code": code,
            "scanned_at": now().isoformat(),
            "door": "A",
            "direction": "in",
            **overrides,
        }
        return self.post("visits", {"scan": fields})

    def visit(self, code: str) -> str:
        return str(self.scan(code).json["visit"])


def make_device(
    client: PageClient, edition: Edition, kind: StationKind = StationKind.KIOSK, name: str = "Borne"
) -> Device:
    station = create_station(Act(SYSTEM), name, "A", edition.id, kind)
    _, token = enrol_station(Act(SYSTEM), offer_enrolment(Act(SYSTEM), station.id))
    return Device(station.id, token, client)


def settle(edition: Edition, **values: Any) -> None:
    """The organiser's settings of the kiosks and of the badges."""
    badges = {name: values.pop(name) for name in ("kiosk_layout", "lines") if name in values}
    with transaction() as session:
        session.merge(EntranceSettings(edition_id=edition.id, **values))
        session.merge(BadgeSettings(edition_id=edition.id, **badges))


def printings() -> list[Printing]:
    current_session().rollback()
    return list(current_session().query(Printing).order_by(Printing.id))


def new_job() -> str:
    return str(uuid.uuid4())
