"""How many rows there are."""

from sqlalchemy import func, select

from salon.platform.database.db import current_session


def count(table: type) -> int:
    current_session().rollback()
    return current_session().scalar(select(func.count()).select_from(table)) or 0
