"""Runs migrations on the application's engine, and compares models with the database."""

from typing import Any

from alembic import context
from flask import current_app

from salon.db import UtcDateTime, db


def own_types(kind: str, found: Any, autogen_context: Any) -> str | bool:
    """A migration stays true when the code changes: it names the column type beneath ours."""
    if kind == "type" and isinstance(found, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=own_types,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
