"""Staff badges included with a stand."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.exhibitors.engine.quotas import staff_quota
from salon.exhibitors.models import Exhibitor, ExhibitorTerms, WantedOption
from salon.platform.database.db import current_session


def staff_quota_of(exhibitor: Exhibitor, terms: ExhibitorTerms) -> int:
    """Return the badges of an exhibitor, by its stand's m², else by the m² it asked for."""
    options = current_session().scalars(
        select(WantedOption)
        .where(WantedOption.exhibitor_id == exhibitor.id)
        .options(joinedload(WantedOption.item))
    )
    area = exhibitor.stand.area if exhibitor.stand is not None else exhibitor.area
    return staff_quota(area, terms, options)
