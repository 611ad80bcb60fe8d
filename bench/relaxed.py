"""The application with `synchronous=NORMAL`: the control that must show fewer syncs."""

from sqlalchemy import Engine, event

from app import app

__all__ = ["app"]


@event.listens_for(Engine, "connect")
def relax(connection: object, record: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]
