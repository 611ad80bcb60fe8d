"""What the State's search says of a SIRET, kept for a day."""

from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite

from salon.exhibitors.engine.company import Company
from salon.exhibitors.imports.company_lookup import find_company
from salon.exhibitors.models import CompanyRecord
from salon.exhibitors.queries.applications import find_record
from salon.platform.db import transaction

KEPT = timedelta(hours=24)


def look_up(siret: str, url: str, timeout: float, now: datetime) -> Company | None:
    """The company of a SIRET: from the cache when it is fresh, else from the search at `url`.

    What was known before stands in for a search that does not answer; None when nothing is known.
    The question is asked outside any transaction.
    """
    record = find_record(siret)
    known = Company.from_record(record.answer) if record else None
    if record and known and timedelta(0) <= now - record.fetched_at < KEPT:
        return known
    found = find_company(siret, url, timeout)
    if found is None:
        return known
    with transaction() as session:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        said = {"answer": found.as_record(), "fetched_at": now}
        statement = dialect.insert(CompanyRecord).values(siret=siret, **said)
        session.execute(statement.on_conflict_do_update(index_elements=["siret"], set_=said))
        session.expire_all()
    return found
