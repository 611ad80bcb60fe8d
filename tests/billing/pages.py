"""Steps shared by the tests of the pages of money."""

from typing import Any

from sqlalchemy import func, select

from salon.billing.queries.sales import sales_of
from salon.exhibitors.models import Exhibitor
from salon.platform.database.db import current_session
from tests.pages import PageClient

PAGE = "/organisation/facturation"


def money_of(exhibitor: Exhibitor) -> str:
    return f"/organisation/exposants/{exhibitor.id}/facturation"


def text_of(client: PageClient, path: str) -> str:
    """Return the page, its no-break spaces made plain."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True).replace("\u202f", " ").replace("\u00a0", " ")


def counted(model: type) -> int:
    return current_session().scalar(select(func.count()).select_from(model)) or 0


def issue_by(client: PageClient, exhibitor: Exhibitor, kind: str, **changes: Any) -> Any:
    """Press the button of a document on the exhibitor's page, then that of the page that asks.

    What is refused is refused before asking.
    """
    last = max((sale.id for sale in sales_of(exhibitor.id)), default=0)
    fields = {"seen": str(last), "csrf_token": client.token(money_of(exhibitor)), **changes}
    answer = client.post(f"{money_of(exhibitor)}/{kind}", data=fields)
    return client.confirm(answer) if answer.status_code == 200 else answer
