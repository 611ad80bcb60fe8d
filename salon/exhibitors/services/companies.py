"""Companies of the State's register, cached for a day."""

from datetime import datetime, timedelta

from salon.exhibitors.engine.company import Company
from salon.exhibitors.imports.company_lookup import find_company
from salon.exhibitors.models import CompanyRecord
from salon.exhibitors.queries.applications import find_record
from salon.platform.database.db import transaction, upsert

KEPT = timedelta(hours=24)


def look_up_company(siret: str, url: str, timeout: float, now: datetime) -> Company | None:
    """Return the company of a SIRET: from a fresh cache entry, else from the register at `url`.

    An older entry replaces a register that does not answer; None when there is no entry either. The
    request is made outside any transaction.
    """
    record = find_record(siret)
    cached = Company.from_record(record.answer) if record else None
    if record and cached and timedelta(0) <= now - record.fetched_at < KEPT:
        return cached
    company = find_company(siret, url, timeout)
    if company is None:
        return cached
    with transaction() as session:
        values = {"answer": company.as_record(), "fetched_at": now}
        statement = upsert(CompanyRecord).values(siret=siret, **values)
        session.execute(statement.on_conflict_do_update(index_elements=["siret"], set_=values))
        session.expire_all()
    return company
