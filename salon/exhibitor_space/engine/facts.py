"""The facts of an exhibitor that its tasks are read from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from salon.billing.models import SalesKind
from salon.exhibitors.models import ApplicationStatus, OrganisationKind


class TaskFacts(Protocol):
    """An `Exhibitor` has these facts, and so has an `AcceptedExhibitor`."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def name_key(self) -> str: ...
    @property
    def status(self) -> ApplicationStatus: ...
    @property
    def status_at(self) -> datetime: ...
    @property
    def presentation(self) -> str: ...
    @property
    def logo_file(self) -> str: ...
    @property
    def entered_by(self) -> str: ...
    @property
    def accepted_regulations_on(self) -> date | None: ...
    @property
    def is_public_body(self) -> bool: ...
    @property
    def is_pavilion(self) -> bool: ...
    @property
    def is_paid_by_another(self) -> bool: ...
    @property
    def stand(self) -> Any | None: ...
    @property
    def safety(self) -> Any | None: ...
    @property
    def staff(self) -> object: ...
    @property
    def documents(self) -> Sequence[Any]: ...
    @property
    def task_answers(self) -> Sequence[Any]: ...
    @property
    def sales(self) -> Sequence[Any]: ...


@dataclass(slots=True)
class AcceptedExhibitor:
    """An accepted exhibitor as one query a table reads it: a fifth of the work that its whole rows
    would be. `staff` says whether anybody of the stand is named."""

    id: int
    name: str
    name_key: str
    status: ApplicationStatus
    status_at: datetime
    kind: OrganisationKind
    area: int
    presentation: str
    logo_file: str
    entered_by: str
    accepted_regulations_on: date | None
    is_paid_by_another: bool
    stand: Any | None
    safety: Any | None
    staff: bool
    documents: Sequence[Any]
    task_answers: Sequence[Any]
    sales: Sequence[Any]

    @property
    def is_public_body(self) -> bool:
        return self.kind == OrganisationKind.PUBLIC_BODY

    @property
    def is_pavilion(self) -> bool:
        return self.area == 0


@dataclass(slots=True)
class IssuedDocument:
    """The columns of a sales document that say what is agreed, invoiced and paid."""

    id: int
    kind: SalesKind
    from_id: int | None
    cancels_id: int | None
    issued_on: date
    due_on: date | None
    engagement_number: str
    purchase_order: str
    gross: Decimal
    allocations: Sequence[object]
