"""Shared parts of the commands: arguments checked in French, failures printed in one line."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from salon.platform.addresses import checked_address
from salon.platform.environment import reason_of
from salon.platform.errors import RuleBroken


class Command(click.Command):
    """A command whose foreseen failures end in one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RuleBroken as refusal:
            raise click.ClickException(refusal.message) from None
        except DBAPIError as error:
            if not isinstance(error, OperationalError | ProgrammingError):
                raise
            raise click.ClickException(_database_failure(error)) from None
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename} : {reason_of(error)}.") from None


def _database_failure(error: DBAPIError) -> str:
    if lacks_tables(error):
        return "La base n’est pas migrée : flask --app app db upgrade"
    reason = str(error.orig).strip().partition("\n")[0]
    return f"La base ne répond pas ({reason}) : voyez DATABASE_URL."


def lacks_tables(error: DBAPIError) -> bool:
    """Return whether a statement failed because its table or column does not exist."""
    state = getattr(error.orig, "sqlstate", None)
    return state in ("42P01", "42703") or "no such table" in str(error.orig)


class Count(click.ParamType[int]):
    """A whole number, 0 or more."""

    name = "nombre"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit() and int(text) <= 10**9):
            raise click.ClickException(f"« {text} » n’est pas un nombre entier, 0 ou plus.")
        return int(text)


class Email(click.ParamType[str]):
    """An address of electronic mail."""

    name = "adresse"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        address = checked_address(str(value))
        if address is None:
            raise click.ClickException(f"« {value} » n’est pas une adresse électronique.")
        return address


class InputPath(click.ParamType[Path]):
    """A file, or a folder, that exists."""

    name = "chemin"

    def __init__(self, is_folder: bool = False) -> None:
        self.is_folder = is_folder

    def convert(self, value: Any, param: Any, ctx: Any) -> Path:
        path = Path(value)
        if not (path.is_dir() if self.is_folder else path.is_file()):
            kind = "Le dossier" if self.is_folder else "Le fichier"
            raise click.ClickException(f"{kind} {path} n’existe pas.")
        return path


class OutputPath(click.ParamType[Path]):
    """A file to write, in a folder that exists."""

    name = "fichier"

    def convert(self, value: Any, param: Any, ctx: Any) -> Path:
        path = Path(value)
        if path.is_dir():
            raise click.ClickException(f"{path} est un dossier : donnez un fichier.")
        if not path.resolve().parent.is_dir():
            raise click.ClickException(f"Le dossier {path.resolve().parent} n’existe pas.")
        return path
