"""Texts of the pages of placement."""

from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.platform.database.db import current_session
from tests.pages import PageClient

LIST = "/organisation/placement"


def text_of(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def stand_of(exhibitor: Exhibitor) -> str | None:
    current_session().rollback()
    stand = get_exhibitor(exhibitor.id).stand
    return stand.number if stand else None
