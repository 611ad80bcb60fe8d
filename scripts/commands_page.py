"""Writes docs/commands.md: every command and option, every environment variable.

python -m scripts.commands_page
"""

from collections.abc import Iterator

import click

from salon.commands import SECTIONS as COMMAND_SECTIONS
from salon.platform.settings.installation import ROOT
from salon.platform.settings.variables import LIBRARY_VARIABLES, Variable
from salon.platform.settings.variables import SECTIONS as VARIABLE_SECTIONS
from salon.platform.work.command_line import EXIT_CODES

PATH = ROOT / "docs" / "commands.md"
HEAD = """# Commandes et variables

*Page écrite par `python -m scripts.commands_page` à partir du code ; un test les compare.*

`salon COMMANDE --help` dit la même chose. Dans un dossier du code, `salon` est `.venv/bin/salon` ;
`flask --app app COMMANDE` en est un autre nom.
"""
VARIABLES_HEAD = """
## Variables d’environnement

Une variable vide compte pour absente. Une valeur qui ne se comprend pas arrête le démarrage, en
une ligne qui dit laquelle. Un secret, marqué 🔑, se donne de trois façons : la variable ; un
fichier que `NOM_FILE` désigne et que seul son propriétaire lit ; un secret de systemd
(`LoadCredential=`) qui porte son nom en minuscules.
"""


def page() -> str:
    return "\n".join([HEAD, EXIT_CODES, *command_lines(), VARIABLES_HEAD, *variable_lines()]) + "\n"


def command_lines() -> Iterator[str]:
    for title, commands in COMMAND_SECTIONS.items():
        yield f"\n## {title}"
        for command in commands:
            context = click.Context(command, info_name=f"salon {command.name}")
            usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
            yield f"\n### `{usage.replace('[OPTIONS] ', '').removesuffix(' [OPTIONS]')}`\n"
            yield command.help or ""
            rows = [
                record
                for parameter in command.params
                if (record := parameter.get_help_record(context))
            ]
            if rows:
                yield ""
            for names, text in rows:
                yield f"- `{names}` : {text.replace('[required]', '[obligatoire]')}"
            if command.epilog != EXIT_CODES:
                yield f"\n{command.epilog}"


def variable_lines() -> Iterator[str]:
    for title, variables in VARIABLE_SECTIONS.items():
        yield f"\n### {title}\n"
        yield "| variable | ce qu’elle dit | sans elle |\n|---|---|---|"
        for variable in variables:
            name = f"`{variable.name}`{' 🔑' if variable.is_secret else ''}"
            yield f"| {name} | {variable.meaning} | {default_of(variable)} |"
    yield "\n### Lues par les bibliothèques, ou posées par systemd\n"
    yield "| variable | ce qu’elle dit |\n|---|---|"
    for variable in LIBRARY_VARIABLES:
        yield f"| `{variable.name}` | {variable.meaning} |"


def default_of(variable: Variable) -> str:
    if variable.default_words:
        return variable.default_words
    if not variable.default:
        return "rien"
    if variable.development is None:
        return f"`{variable.default}`"
    return f"`{variable.default}` ; hors production `{variable.development}`"


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
