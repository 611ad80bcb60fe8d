"""Accounts of organisers, tokens of stations."""

import click

from salon.platform.work.command_line import Email, command


@command(
    "create-organiser",
    help="Ouvre un compte d’organisation, ou donne un nouveau lien à qui en a un, et affiche "
    "les étapes de la première connexion.",
)
@click.argument("email", type=Email(), metavar="ADRESSE", help="Adresse électronique du compte.")
@click.option("--name", default="Organisation", metavar="NOM", help="Nom affiché dans les pages.")
def create_organiser(email: str, name: str) -> None:
    """Makes an organiser (or a new set-up link), prints the steps to sign in."""
    from salon.accounts.services import organisers
    from salon.first_day.queries import is_first_day
    from salon.platform.database.act import Act
    from salon.platform.database.identity import SYSTEM
    from salon.platform.web.access import settings

    code = organisers.invite_organiser(Act(SYSTEM), email, name)
    click.echo("1. Ouvrez ce lien (24 heures, une seule fois) :")
    click.echo(f"   {settings().public_url}/connexion/premiere/{code}")
    click.echo("2. Choisissez un mot de passe, lisez le QR code avec une application TOTP.")
    click.echo(f"3. Ensuite : {settings().public_url}/connexion/organisation")
    if is_first_day():
        click.echo("4. Le salon est vide : la connexion mène aux étapes du premier jour.")


@command(
    "station-token", help="Enregistre un poste de scan et affiche son jeton, cette seule fois."
)
@click.argument("name", metavar="NOM", help="Nom du poste, par exemple « Porte A ».")
def station_token(name: str) -> None:
    """Enrols a station; prints its token, this once."""
    from salon.accounts.services import stations
    from salon.fair.queries import find_public_edition
    from salon.platform.database.act import Act
    from salon.platform.database.identity import SYSTEM

    edition = find_public_edition()
    click.echo(stations.issue_station_token(Act(SYSTEM), name, edition.id if edition else None))
