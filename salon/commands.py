"""Commands of `flask --app app …`.

Heavy imports are inside each command: web workers start without them.
"""

import functools
import os
from pathlib import Path

import click
from flask import Flask

from salon.accounts.services import organisers, stations
from salon.badges import jobs as badge_jobs
from salon.badges import queries as badge_queries
from salon.dashboard.services import destructions
from salon.dashboard.services import purge as retention
from salon.demonstration import services as demonstration
from salon.demonstration.guard import refusal
from salon.fair import services as fair
from salon.fair.queries import find_edition, find_public_edition, get_public_edition
from salon.first_day.queries import is_empty, is_first_day
from salon.placement import jobs
from salon.platform.access import settings
from salon.platform.clock import now, real_now
from salon.platform.command_line import Command, Count, Email, InputPath, OutputPath
from salon.platform.db import db
from salon.platform.demonstration_state import shows_demonstration
from salon.platform.errors import RuleBroken
from salon.platform.identity import SYSTEM
from salon.platform.marks import note_backup
from salon.platform.serving import folder_held, make_supervisor
from salon.platform.settings import ROOT, Settings
from salon.staffing import jobs as rotas
from salon.staffing.models.effort import Effort

command = functools.partial(click.command, cls=Command)


def register_commands(app: Flask) -> None:
    for command in (
        seed,
        load_edition,
        save_edition,
        create_organiser,
        worker,
        station_token,
        badge_codes,
        print_badges,
        paper_pack,
        propose_plan,
        solve_rota,
        doctor,
        check_mail,
        backup,
        restore,
        purge,
        serve,
    ):
        app.cli.add_command(command)


@command()
@click.option(
    "--visitors", default=0, type=Count(), help="Made-up visitors to add through the services."
)
@click.option(
    "--exhibitors", default=0, type=Count(), help="Made-up exhibitors, accepted and without stand."
)
@click.option("--agents", default=0, type=Count(), help="Made-up agents, spread over the bodies.")
def seed(visitors: int, exhibitors: int, agents: int) -> None:
    """Loads the demonstration into an empty, migrated database."""
    if settings().demonstration_refused:
        raise click.ClickException(
            "La démonstration ouvre des comptes dont le mot de passe est public. "
            "Pour un vrai salon : flask --app app load-edition seed_data/2021"
        )
    if not is_empty():
        raise click.ClickException(
            "La base contient déjà une édition ou des comptes : rien n’a été chargé."
        )
    _load_demonstration(visitors, exhibitors, agents)


def _load_demonstration(visitors: int, exhibitors: int, agents: int = 0) -> None:
    from salon.demonstration.loading import load_demonstration

    load_demonstration(ROOT / "seed_data", visitors, click.echo, exhibitors, agents)


@command("load-edition")
@click.argument("folder", type=InputPath(is_folder=True))
def load_edition(folder: Path) -> None:
    """Loads the edition a folder describes, public if none is; no account, no person."""
    from salon.dashboard.services.edition_folder import load_folder

    loaded = load_folder(folder, SYSTEM)
    if find_public_edition() is None:
        fair.open_edition(loaded.edition.id, SYSTEM)
    click.echo(f"{loaded.communes} communes, {loaded.epcis} EPCI")
    click.echo(f"{loaded.edition.name} ({loaded.edition.day_label})")


@command("save-edition")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--edition", "slug", help="Identifier of the edition; the public one by default.")
def save_edition(folder: Path, slug: str | None) -> None:
    """Writes a whole edition as a folder of readable files; no account, no person."""
    from salon.dashboard.services.edition_folder import write_folder

    edition = find_edition(slug) if slug else find_public_edition()
    if edition is None:
        raise click.ClickException("Cette édition n’existe pas.")
    write_folder(edition, folder, settings().data)
    click.echo(f"{edition.name} ({edition.day_label}) : {folder}")


@command("create-organiser")
@click.argument("email", type=Email())
@click.option("--name", default="Organisation", help="Name shown on the pages.")
def create_organiser(email: str, name: str) -> None:
    """Makes an organiser (or a new set-up link), prints the steps to sign in."""
    code = organisers.invite_organiser(email, name, SYSTEM)
    click.echo("1. Ouvrez ce lien (24 heures, une seule fois) :")
    click.echo(f"   {settings().public_url}/connexion/premiere/{code}")
    click.echo("2. Choisissez un mot de passe, lisez le QR code avec une application TOTP.")
    click.echo(f"3. Ensuite : {settings().public_url}/connexion/organisation")
    if is_first_day():
        click.echo("4. Le salon est vide : la connexion mène aux étapes du premier jour.")


@command("station-token")
@click.argument("name")
def station_token(name: str) -> None:
    """Enrols a station; prints its token, this once."""
    edition = find_public_edition()
    click.echo(stations.issue_station_token(name, edition.id if edition else None, SYSTEM))


@command("badge-codes")
@click.option("--limit", type=Count(), default=None)
def badge_codes(limit: int | None) -> None:
    """Prints what the QR of each valid badge says, one per line."""
    for code in badge_queries.valid_codes(get_public_edition(), limit):
        click.echo(f"{settings().qr_prefix}{code}")


@command("print-badges")
@click.option("--output", required=True, type=OutputPath())
@click.option("--limit", type=Count(), default=None)
@click.option(
    "--format", "layout", default="a4", type=click.Choice(["a4", "a6", "62mm", "102x152"])
)
def print_badges(output: Path, limit: int | None, layout: str) -> None:
    """Writes the badges of the current edition into one PDF."""
    count = badge_jobs.write_badge_file(
        get_public_edition(), output, layout, settings().qr_prefix, limit, SYSTEM, now()
    )
    click.echo(f"{count} badges : {output}")


@command("paper-pack")
@click.option("--output", required=True, type=OutputPath())
def paper_pack(output: Path) -> None:
    """Writes the paper pack of the current edition; what is ticked on it can be typed back."""
    from salon.paper.jobs import write_pack_file

    pages = write_pack_file(get_public_edition(), output, settings(), now(), SYSTEM)
    click.echo(f"{pages} pages : {output}")


@command("propose-plan")
@click.option("--output", type=OutputPath(), default=None)
def propose_plan(output: Path | None) -> None:
    """Proposes a stand for each accepted exhibitor, as JSON; changes nothing."""
    import json

    edition = find_public_edition()
    if edition is None:
        raise click.ClickException("Aucune édition n’est ouverte : rien à placer.")
    result = jobs.propose(edition)
    text = json.dumps(result, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
        return
    output.write_text(text + "\n", encoding="utf-8")
    placed, unplaced = len(result["placed"]), len(result["unplaced"])
    click.echo(f"{placed} placés, {unplaced} sans place, {result['seconds']} s : {output}")


@command("solve-rota")
@click.option("--output", type=OutputPath(), default=None)
@click.option("--effort", type=click.Choice([effort.value for effort in Effort]), default="full")
def solve_rota(output: Path | None, effort: str) -> None:
    """Makes the rota of the current edition, as JSON; changes nothing."""
    import json

    edition = find_public_edition()
    if edition is None:
        raise click.ClickException("Aucune édition n’est ouverte : aucun stand à tenir.")
    result = rotas.solve_now(edition, now(), Effort(effort))
    text = json.dumps(result, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
        return
    output.write_text(text + "\n", encoding="utf-8")
    click.echo(f"{result['status']}, {result['missing']} manques, {result['seconds']} s : {output}")


@command()
@click.option("--once", is_flag=True, help="Empties what is due, then ends.")
def worker(once: bool) -> None:
    """Sends the outbox, runs scheduled tasks and jobs. SIGTERM ends after the job in hand."""
    from salon.worker import run_worker

    run_worker(once)


@command()
@click.option("--json", "as_json", is_flag=True, help="The same, for a program.")
def doctor(as_json: bool) -> None:
    """Health in one page; exit 0 when all is in order."""
    import json

    from salon.doctor import examine, report_of

    findings = examine(settings())
    if as_json:
        click.echo(json.dumps(report_of(findings), ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(finding.line)
    if not all(finding.in_order for finding in findings):
        raise SystemExit(1)


@command("check-mail")
@click.argument("address", type=Email())
def check_mail(address: str) -> None:
    """Sends one real message now, and says each step."""
    from salon.platform.mail import check

    try:
        for step in check.check_mail(settings(), address):
            click.echo(step)
    except check.MailNotSent as failure:
        raise click.ClickException(str(failure)) from None


@command()
@click.argument("file", type=OutputPath())
@click.option("--recipients", type=InputPath(), default=None, help="Public keys of age: encrypts.")
def backup(file: Path, recipients: Path | None) -> None:
    """Online backup of database and files into one sealed archive."""
    from salon.platform.backup import archive
    from salon.platform.backup.seal import BackupRefused

    current = settings()
    try:
        archive.backup(current, file, recipients or current.backup_recipients)
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    note_backup()
    click.echo(f"Sauvegarde écrite : {file} ({file.stat().st_size:,} octets)")


@command()
@click.argument("file", type=InputPath())
@click.option("--identity", type=InputPath(), default=None, help="Private key of age.")
@click.option("--accept-unknown-seal", is_flag=True, help="Restores what another key sealed.")
def restore(file: Path, identity: Path | None, accept_unknown_seal: bool) -> None:
    """Restores a backup into an empty place; refused when damaged or changed."""
    from salon.platform.backup import archive
    from salon.platform.backup.seal import BackupRefused, UnknownSeal

    try:
        try:
            tables = archive.restore(settings(), file, identity, accept_unknown_seal)
        except UnknownSeal as warning:
            if settings().production:
                raise click.ClickException(
                    f"{warning} Si vous savez d’où elle vient : --accept-unknown-seal"
                ) from None
            click.echo(f"Attention : {warning}", err=True)
            tables = archive.restore(settings(), file, identity, accept_unknown_seal=True)
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    destructions.note_restored(real_now())
    click.echo(f"Restauré : {sum(tables.values()):,} lignes dans {len(tables)} tables.")


@command()
@click.option("--dry-run", is_flag=True, help="Says what would go, deletes nothing.")
@click.option(
    "--force", is_flag=True, help="Without the organisers' visa, whatever clock and journal say."
)
def purge(dry_run: bool, force: bool) -> None:
    """Deletes personal data whose time is over and that organisers agreed to delete."""
    import json

    if dry_run or force:
        report = retention.purge(now(), real_now(), dry_run=dry_run, actor=SYSTEM)
    else:
        try:
            report = destructions.purge_approved(now(), real_now(), SYSTEM)
        except RuleBroken as refusal:
            raise click.ClickException(
                f"{refusal.message} Vous savez que l’horloge et la base sont justes : "
                "flask --app app purge --force"
            ) from None
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))


@command()
@click.option("--migrate", is_flag=True, help="Brings the schema up to date first.")
def serve(migrate: bool) -> None:
    """Serves the pages, with the background worker beside them.

    An empty database gets the demonstration, where there is one.
    """
    current_settings = settings()
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "5000"
    environ = {**os.environ, "SALON_DATA": str(current_settings.data)}
    with folder_held(current_settings):
        supervisor = make_supervisor(host, port, environ)
        _prepare_schema(migrate)
        if current_settings.demonstration and is_empty():
            _load_demonstration(0, 0)
        if reason := refusal():
            raise click.ClickException(reason)
        _print_addresses(current_settings)
        if is_empty():
            _print_first_address(current_settings)
        # A reader that stays would keep SQLite's write-ahead log, and what was erased, for ever.
        db.session.remove()
        db.engine.dispose()
        supervisor.run()


def _prepare_schema(migrate: bool) -> None:
    """Migrate when `migrate` is set. Raises SchemaDiffers when the schema is not this code's."""
    from salon.platform.schema import check_schema

    if migrate:
        import flask_migrate

        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    with db.engine.connect() as connection:
        check_schema(connection)


def _print_first_address(settings: Settings) -> None:
    code = organisers.issue_first_code()
    click.echo("  Premier jour, à ouvrir par qui organise (24 heures, une seule fois) :")
    click.echo(f"    {settings.public_url}/premier-jour/{code}\n")


def _print_addresses(settings: Settings) -> None:
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
