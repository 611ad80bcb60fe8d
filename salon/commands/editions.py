"""Editions as folders, and the demonstration."""

from pathlib import Path

import click

from salon.platform.settings.installation import ROOT
from salon.platform.work.command_line import Count, InputPath, command


@command(
    help="Charge la démonstration dans une base vide et migrée. Refusée en production : "
    "ses mots de passe sont publics."
)
@click.option("--visitors", default=0, type=Count(), help="Visiteurs inventés, en plus.")
@click.option(
    "--exhibitors", default=0, type=Count(), help="Exposants inventés, acceptés et sans stand."
)
@click.option(
    "--agents", default=0, type=Count(), help="Agents inventés, répartis entre les organismes."
)
def seed(visitors: int, exhibitors: int, agents: int) -> None:
    """Loads the demonstration into an empty, migrated database."""
    from salon.first_day.queries import is_empty
    from salon.platform.web.access import settings

    if settings().demonstration_refused:
        raise click.ClickException(
            "La démonstration ouvre des comptes dont le mot de passe est public. "
            "Pour un vrai salon : salon load-edition DOSSIER"
        )
    if not is_empty():
        raise click.ClickException(
            "La base contient déjà une édition ou des comptes : rien n’a été chargé."
        )
    load_demonstration(visitors, exhibitors, agents)


def load_demonstration(visitors: int, exhibitors: int, agents: int = 0) -> None:
    from salon.demonstration.loading import load_demonstration

    load_demonstration(ROOT / "seed_data", visitors, click.echo, exhibitors, agents)


@command(
    "load-edition",
    help="Charge l’édition qu’un dossier décrit, et la rend publique si aucune ne l’est. "
    "Ni compte, ni personne.",
)
@click.argument(
    "folder",
    type=InputPath(is_folder=True),
    metavar="DOSSIER",
    help="Dossier écrit par save-edition, ou à la main.",
)
def load_edition(folder: Path) -> None:
    """Loads the edition a folder describes, public if none is; no account, no person."""
    from salon.dashboard.services.edition_folder import load_folder
    from salon.fair import services as fair
    from salon.fair.queries import find_public_edition
    from salon.platform.database.act import Act
    from salon.platform.database.identity import SYSTEM

    loaded = load_folder(Act(SYSTEM), folder)
    if find_public_edition() is None:
        fair.open_edition(Act(SYSTEM), loaded.edition.id)
    click.echo(f"{loaded.communes} communes, {loaded.epcis} EPCI")
    click.echo(f"{loaded.edition.name} ({loaded.edition.day_label})")


@command(
    "save-edition",
    help="Écrit une édition entière en fichiers lisibles. Ni compte, ni personne.",
)
@click.argument(
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DOSSIER",
    help="Dossier à écrire.",
)
@click.option(
    "--edition",
    "slug",
    metavar="IDENTIFIANT",
    help="Identifiant de l’édition ; sinon, celle qui est publique.",
)
def save_edition(folder: Path, slug: str | None) -> None:
    """Writes a whole edition as a folder of readable files; no account, no person."""
    from salon.dashboard.services.edition_folder import write_folder
    from salon.fair.queries import find_edition, find_public_edition
    from salon.platform.web.access import settings

    edition = find_edition(slug) if slug else find_public_edition()
    if edition is None:
        raise click.ClickException("Cette édition n’existe pas.")
    write_folder(edition, folder, settings().file_store)
    click.echo(f"{edition.name} ({edition.day_label}) : {folder}")
