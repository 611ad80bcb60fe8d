"""Shared parts of the commands: help and arguments in French, failures printed in one line."""

import errno
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import has_app_context
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from salon.platform.settings.environment import reason_of
from salon.platform.storage.store import FilesUnreachable
from salon.platform.words.email_addresses import checked_address
from salon.platform.words.errors import RuleBroken
from salon.platform.words.typography import NBSP, unbreakable

EXIT_CODES = unbreakable(
    "Codes de sortie : 0 c’est fait ; 1 c’est refusé ou impossible, une ligne dit pourquoi ; "
    "2 la commande est mal écrite."
)


NO_SPACE: Mapping[int | None, str] = {
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "la part de disque permise est pleine",
    errno.EFBIG: "le fichier dépasse la taille permise",
}


class FrenchHelp(click.Command):
    """A command whose help page is in French."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help, self.epilog = (unbreakable(text or "") for text in (self.help, self.epilog))
        for parameter in self.params:
            if isinstance(parameter, click.Argument | click.Option):
                parameter.help = unbreakable(parameter.help or "")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Affiche cette aide."
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=unbreakable("Usage : "))

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self._write_records(ctx, formatter, "Arguments", click.Argument)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self._write_records(ctx, formatter, "Options", click.Option)

    def _write_records(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
        title: str,
        kind: type[click.Parameter],
    ) -> None:
        records = [p.get_help_record(ctx) for p in self.get_params(ctx) if isinstance(p, kind)]
        rows = [
            (names, text.replace("[required]", "[obligatoire]"))
            for names, text in filter(None, records)
        ]
        if rows:
            with formatter.section(title + NBSP):
                formatter.write_dl(rows)


class Command(FrenchHelp):
    """A command whose foreseen failures end in one line and exit code 1.

    It runs in the application's context, which `ctx.obj()` opens where none is.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"epilog": EXIT_CODES, **options})

    def invoke(self, ctx: click.Context) -> object:
        if not has_app_context():
            ctx.with_resource(ctx.obj())
        try:
            return super().invoke(ctx)
        except RuleBroken as refusal:
            raise click.ClickException(refusal.message) from None
        except DBAPIError as error:
            if not isinstance(error, OperationalError | ProgrammingError):
                raise
            raise click.ClickException(_database_failure(error)) from None
        except FilesUnreachable as error:
            raise click.ClickException(
                f"Le stockage des fichiers ne répond pas : {error}"
            ) from None
        except OSError as error:
            if error.errno in NO_SPACE:
                raise click.ClickException(
                    f"Écriture impossible : {NO_SPACE[error.errno]}."
                ) from None
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename} : {reason_of(error)}.") from None


command = partial(click.command, cls=Command)


class SectionedGroup(FrenchHelp, click.Group):
    """Commands listed by section, those of `hidden` not listed."""

    def __init__(
        self,
        *args: Any,
        sections: Mapping[str, Sequence[click.Command]],
        hidden: Sequence[click.Command] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.sections = sections
        for commands in (*sections.values(), hidden):
            for command in commands:
                self.add_command(command)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        FrenchHelp.format_options(self, ctx, formatter)
        longest = max(len(name) for name in self.commands)
        for title, commands in self.sections.items():
            with formatter.section(title + NBSP):
                formatter.write_dl(
                    [
                        ((command.name or "").ljust(longest), first_sentence(command.help or ""))
                        for command in commands
                    ]
                )


def first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."


def usage_failure(error: click.UsageError) -> str:
    """Return what is wrong with a command as it was typed, and where its help is."""
    path = error.ctx.command_path if error.ctx else "salon"
    return unbreakable(f"{_usage_reason(error)}\nAide : {path} --help")


def _usage_reason(error: click.UsageError) -> str:
    match error:
        case click.NoSuchCommand():
            reason = f"« {error.command_name} » n’est pas une commande de salon."
            return reason + _suggestion(error.possibilities)
        case click.NoSuchOption():
            reason = f"« {error.option_name} » n’est pas une option de cette commande."
            return reason + _suggestion(error.possibilities)
        case click.MissingParameter(param=parameter, ctx=ctx) if parameter is not None:
            return f"Il manque {parameter.get_error_hint(ctx).strip(chr(39))}."
        case click.BadOptionUsage():
            return f"L’option {error.option_name} est mal employée : attend-elle une valeur ?"
        case click.BadParameter(param=parameter, ctx=ctx) if parameter is not None:
            name = parameter.get_error_hint(ctx).strip("'")
            choices = getattr(parameter.type, "choices", ())
            expected = f" : écrivez {' ou '.join(choices)}" if choices else ""
            return f"La valeur de {name} ne convient pas{expected}."
    return "Il y a un mot de trop, ou il en manque un."


def _suggestion(possibilities: Sequence[str] | None) -> str:
    return f" Vouliez-vous dire {' ou '.join(possibilities)} ?" if possibilities else ""


def _database_failure(error: DBAPIError) -> str:
    if lacks_tables(error):
        return "La base n’est pas migrée : salon migrate"
    reason = str(error.orig).strip().partition("\n")[0]
    return f"La base ne répond pas ({reason}) : voyez DATABASE_URL."


def lacks_tables(error: DBAPIError) -> bool:
    """Return whether a statement failed because its table or column does not exist."""
    state = getattr(error.orig, "sqlstate", None)
    return state in ("42P01", "42703") or "no such table" in str(error.orig)


class Count(click.ParamType[int]):
    """A whole number, 0 or more."""

    name = "nombre"

    def convert(self, value: object, param: object, ctx: object) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit() and int(text) <= 10**9):
            raise click.ClickException(f"« {text} » n’est pas un nombre entier, 0 ou plus.")
        return int(text)


class Email(click.ParamType[str]):
    """An address of electronic mail."""

    name = "adresse"

    def convert(self, value: object, param: object, ctx: object) -> str:
        address = checked_address(str(value))
        if address is None:
            raise click.ClickException(f"« {value} » n’est pas une adresse électronique.")
        return address


class InputPath(click.ParamType[Path]):
    """A file, or a folder, that exists; either where `may_be_folder`."""

    name = "chemin"

    def __init__(self, is_folder: bool = False, may_be_folder: bool = False) -> None:
        self.is_folder, self.may_be_folder = is_folder, may_be_folder

    def convert(
        self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        path = Path(value)
        if self.may_be_folder and path.is_dir():
            return path
        if not (path.is_dir() if self.is_folder else path.is_file()):
            kind = "Le dossier" if self.is_folder else "Le fichier"
            raise click.ClickException(f"{kind} {path} n’existe pas.")
        return path


class OutputPath(click.ParamType[Path]):
    """A file to write, in a folder that exists; or this folder, where `may_be_folder`."""

    name = "fichier"

    def __init__(self, may_be_folder: bool = False) -> None:
        self.may_be_folder = may_be_folder

    def convert(
        self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        path = Path(value)
        if path.is_dir():
            if self.may_be_folder:
                return path
            raise click.ClickException(f"{path} est un dossier : donnez un fichier.")
        if not path.resolve().parent.is_dir():
            raise click.ClickException(f"Le dossier {path.resolve().parent} n’existe pas.")
        return path
