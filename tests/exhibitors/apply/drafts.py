"""Drafts of an application, as the pages make them."""

from datetime import UTC, datetime
from typing import Any

from salon.exhibitors.models import (
    ApplicationStatus,
    Exhibitor,
)
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.rules.application import (
    ApplicationStep,
)
from salon.exhibitors.services.answers import save_step
from salon.exhibitors.services.companies import look_up_company
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity
from tests.exhibitors.apply.company_server import LIGHTING, CompanyServer
from tests.exhibitors.make import make_exhibitor
from tests.processes import PATIENCE_S

NOW = datetime.now(UTC)

PUBLIC = Identity(None, None, "public", "192.0.2.7")

EMAIL = "contact@eclairage.example"


def ask(
    search: CompanyServer,
    siret: str = LIGHTING,
    now: datetime = NOW,
    timeout: float = PATIENCE_S,
) -> Any:
    return look_up_company(siret, search.url, timeout, now)


def draft(edition: Edition, **overrides: Any) -> Exhibitor:
    """Return a draft that can be sent."""
    return make_exhibitor(edition, status=ApplicationStatus.DRAFT, submitted_at=None, **overrides)


def save(exhibitor: Exhibitor, step: ApplicationStep, version: int = 0, **values: Any) -> Exhibitor:
    current = queries.get_application(exhibitor.private_token)
    return save_step(Act(PUBLIC), exhibitor.private_token, version or current.version, step, values)


def fresh(exhibitor: Exhibitor) -> Exhibitor:
    current_session().expire_all()
    return queries.get_application(exhibitor.private_token)
