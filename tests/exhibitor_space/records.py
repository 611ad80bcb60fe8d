"""Rows saved, messages posted and journal entries written."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from salon.exhibitor_space.services import documents as services
from salon.exhibitor_space.services.documents import Quota, Sending
from salon.exhibitors.models import (
    Document,
    DocumentKind,
    Exhibitor,
)
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.files.uploads import SentFile
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import paris, real_now
from salon.platform.storage.folder import FolderStore
from tests.exhibitor_space.made import pdf
from tests.exhibitors.make import make_exhibitor
from tests.factories import new_key

BY = Identity(Role.EXHIBITOR, 1, "Élise Cabanel", "192.0.2.7")

ORGANISER = Identity(Role.ORGANISER, 2, "Olivia", "192.0.2.9")

QUOTA = Quota(files=40, size=60_000_000)

NOW = real_now()

DEADLINE = date(2026, 9, 17)

LAST_TASKS = {"logo": DEADLINE.isoformat(), "contract": DEADLINE.isoformat()}


def stored(data: Path) -> list[str]:
    folder = data / "uploads"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def count(table: type) -> int:
    current_session().rollback()
    return current_session().scalar(select(func.count()).select_from(table)) or 0


def mails(kind: str = "") -> list[Message]:
    current_session().rollback()
    statement = select(Message).order_by(Message.id)
    return list(
        current_session().scalars(statement.where(Message.kind == kind) if kind else statement)
    )


def actions() -> list[str]:
    current_session().rollback()
    return list(current_session().scalars(select(JournalEntry.action).order_by(JournalEntry.id)))


def give(exhibitor: Exhibitor, data: Path, content: bytes = b"", **more: object) -> Document:
    values: dict[str, Any] = {"name": "contrat.pdf", "kind": DocumentKind.CONTRACT, "quota": QUOTA,
                    "key": new_key(), **more}  # fmt: skip
    sending = Sending(values["kind"], SentFile(content or pdf(), values["name"]), values["key"])
    return services.give_document(
        Act(BY, NOW), exhibitor, sending, values["quota"], FolderStore(data)
    )


def at(days: int, hour: int = 9) -> datetime:
    """So many days from the deadline, on a clock in Béziers."""
    return paris(DEADLINE + timedelta(days=days), time(hour))


def accepted(edition: Edition, **values: object) -> Exhibitor:
    return make_exhibitor(edition, status_at=datetime(2026, 6, 1, tzinfo=UTC), **values)  # type: ignore[arg-type]
