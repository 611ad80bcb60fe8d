"""Runs migrations on the application's engine, and compares models with the database."""

from typing import Any

import click
from alembic import context
from flask import current_app
from sqlalchemy import Connection

from salon.platform.database.db import UtcDateTime, db
from salon.platform.database.schema import SchemaDiffers, check_revision_exists, schema_locked


def own_types(kind: str, found: Any, autogen_context: Any) -> str | bool:
    """A migration stays true when the code changes: it names the column type beneath ours."""
    if kind == "type" and isinstance(found, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate in the caller's transaction when it gives its connection, else in one of its own."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        migrate_on(connection)
        return
    with schema_locked(db.engine) as connection:
        migrate_on(connection)


def migrate_on(connection: Connection) -> None:
    try:
        check_revision_exists(connection)
    except SchemaDiffers as difference:
        raise click.ClickException(difference.message) from None
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=own_types,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
