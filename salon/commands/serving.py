"""The service: its processes, its schema, its health."""

import click

from salon.commands.editions import load_demonstration
from salon.platform.settings.installation import ROOT, Settings
from salon.platform.work.command_line import Email, command


@command(
    help="Sert les pages, avec le travail de fond à côté, jusqu’à SIGTERM. SIGHUP remplace chaque "
    "processus par un nouveau sans perdre une demande. Une base vide reçoit la démonstration, "
    "si elle est permise, sinon l’adresse du premier jour s’affiche."
)
@click.option("--migrate", is_flag=True, help="Met d’abord la base au schéma de ce logiciel.")
@click.option(
    "--without-worker",
    is_flag=True,
    help="Les pages seules : « salon worker » tourne ailleurs.",
)
def serve(migrate: bool, without_worker: bool) -> None:
    """Serves the pages, with the background worker beside them.

    An empty database gets the demonstration, where there is one.
    """
    from salon.demonstration.guard import refusal
    from salon.first_day.queries import is_empty
    from salon.platform.database.db import db
    from salon.platform.web.access import settings
    from salon.platform.work.serving import folder_held, keep_serving, listeners_of

    current_settings = settings()
    _report_unread_variables(current_settings)
    with folder_held(current_settings):
        listeners = listeners_of(current_settings)
        _prepare_schema(migrate)
        if current_settings.demonstration and is_empty():
            load_demonstration(0, 0)
        if reason := refusal():
            raise click.ClickException(reason)
        _print_addresses(current_settings)
        if is_empty():
            _print_first_address(current_settings)
        # A reader that stays would keep SQLite's write-ahead log, and what was erased, for ever.
        db.session.remove()
        db.engine.dispose()
        keep_serving(current_settings, listeners, worker=not without_worker)


def _prepare_schema(migrate: bool) -> None:
    """Migrate when `migrate` is set. Raises SchemaDiffers when the schema is not this code's."""
    from salon.platform.database.db import db
    from salon.platform.database.schema import check_schema

    if migrate:
        import flask_migrate

        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    with db.engine.connect() as connection:
        check_schema(connection)


def _report_unread_variables(settings: Settings) -> None:
    for sentence in settings.unread_variables:
        click.echo(f"Réglage sans effet : {sentence}", err=True)


def _print_first_address(settings: Settings) -> None:
    from salon.accounts.services import organisers

    code = organisers.issue_first_code()
    click.echo("  Premier jour, à ouvrir par qui organise (24 heures, une seule fois) :")
    click.echo(f"    {settings.public_url}/premier-jour/{code}\n")


def _print_addresses(settings: Settings) -> None:
    from salon.demonstration import services as demonstration
    from salon.platform.database.demonstration_state import shows_demonstration

    click.echo(f"\n  Le salon : {settings.public_url}/")
    if shows_demonstration():
        secret = demonstration.organiser_totp_secret()
        click.echo(f"  Entrer dans chaque rôle, en un clic : {settings.public_url}/demonstration")
        click.echo(f"  Tous les courriels : {settings.public_url}/demonstration/courriels")
        click.echo(f"  Organisation : {settings.public_url}/connexion/organisation")
        click.echo(f"    {demonstration.ORGANISER} · {demonstration.PASSWORD} · TOTP {secret}")
        for role, email, _ in demonstration.PEOPLE:
            click.echo(f"  {role.label} : {settings.public_url}/connexion · {email}")
    click.echo("  Arrêter : Ctrl+C\n")


@command(
    help="Envoie les courriels, fait les tâches à heure dite et les travaux demandés dans les "
    "pages, jusqu’à SIGTERM. Inutile à côté de serve, qui le fait aussi."
)
@click.option("--once", is_flag=True, help="Fait ce qui est dû, puis s’arrête.")
def worker(once: bool) -> None:
    """Sends the outbox, runs scheduled tasks and jobs. SIGTERM ends after the job in hand."""
    from salon.platform.web.access import settings
    from salon.worker import run_worker

    _report_unread_variables(settings())
    run_worker(once)


@command(help="Met la base au schéma de ce logiciel. Sans effet quand elle y est.")
def migrate() -> None:
    """Run the migrations that the database lacks."""
    _prepare_schema(migrate=True)
    click.echo("La base est au schéma de ce logiciel.")


@command(
    help="Dit la santé du service en une page : base, courriels, travail de fond, disque, secrets.",
    epilog="Codes de sortie : 0 tout est en ordre ; 1 quelque chose est à voir ; "
    "2 la commande est mal écrite.",
)
@click.option("--json", "as_json", is_flag=True, help="La même chose, pour un programme.")
def doctor(as_json: bool) -> None:
    """Health in one page; exit 0 when all is in order."""
    import json

    from salon.doctor import examine, report_of
    from salon.platform.web.access import settings

    findings = examine(settings())
    if as_json:
        click.echo(json.dumps(report_of(findings), ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(finding.line)
    if not all(finding.in_order for finding in findings):
        raise SystemExit(1)


@command("check-mail", help="Envoie un vrai message tout de suite, et dit chaque étape.")
@click.argument("address", type=Email(), metavar="ADRESSE", help="Adresse qui le reçoit.")
def check_mail(address: str) -> None:
    """Sends one real message now, and says each step."""
    from salon.platform.mail import check
    from salon.platform.web.access import settings

    try:
        for step in check.check_mail(settings(), address):
            click.echo(step)
    except check.MailNotSent as failure:
        raise click.ClickException(str(failure)) from None
