"""The command `salon`, also `python -m salon`."""

import gc
import sys
from contextlib import AbstractContextManager

import click

from salon.commands import SECTIONS
from salon.platform.settings.release import VERSION
from salon.platform.work.command_line import EXIT_CODES, SectionedGroup, usage_failure
from salon.platform.work.migrations import migrations


def application_context() -> AbstractContextManager[object]:
    """Return the context of the application. Raises SystemExit when the settings are unsafe."""
    from app import app

    return app.app_context()


salon = click.version_option(
    VERSION, message="salon %(version)s", help="Affiche la version du logiciel."
)(
    SectionedGroup(
        "salon",
        help="Le logiciel d’un salon des maires. Ses réglages viennent de l’environnement : "
        "docs/commands.md les dit tous.",
        epilog=EXIT_CODES,
        subcommand_metavar="COMMANDE…",
        sections=SECTIONS,
        hidden=(migrations,),
    )
)


def main() -> None:
    try:
        code = salon.main(prog_name="salon", obj=application_context, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_page:
        click.echo(help_page.message)
        code = 0
    except click.UsageError as error:
        click.echo(usage_failure(error), err=True)
        code = 2
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        code = 1
    except click.Abort:
        code = 130
    # The interpreter's last collection would walk all that was imported.
    gc.freeze()
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
