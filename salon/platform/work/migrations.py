"""Flask-Migrate, made with the first of its commands: Alembic is slow to import."""

import click
from flask import Flask
from werkzeug.local import LocalProxy

from salon.platform.database.db import db
from salon.platform.settings.installation import ROOT
from salon.platform.work.command_line import Command


def register_migrations(app: Flask) -> None:
    def extension() -> object:
        from flask_migrate import Migrate

        Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
        return app.extensions["migrate"]

    app.extensions["migrate"] = LocalProxy(extension)
    app.cli.add_command(migrations)


@click.command(
    "db",
    cls=Command,
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
    help="Commandes d’Alembic, pour qui change le schéma : salon db --help.",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def migrations(context: click.Context, words: tuple[str, ...]) -> None:
    """Perform database migrations."""
    from flask_migrate.cli import db as commands

    commands.main(words, context.command_path, obj=context.obj)
