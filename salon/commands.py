"""Commands of `salon …`, which are those of `flask --app app …`.

Heavy imports are inside each command: web workers start without them.
"""

import functools
import os
from collections.abc import Mapping
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
from salon.platform.marks import BACKUP, DRILL, note_done
from salon.platform.serving import folder_held, make_supervisor
from salon.platform.settings import ROOT, Settings
from salon.staffing import jobs as rotas
from salon.staffing.models.effort import Effort

command = functools.partial(click.command, cls=Command)


def register_commands(app: Flask) -> None:
    for section in SECTIONS.values():
        for command in section:
            app.cli.add_command(command)


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
    if settings().demonstration_refused:
        raise click.ClickException(
            "La démonstration ouvre des comptes dont le mot de passe est public. "
            "Pour un vrai salon : salon load-edition DOSSIER"
        )
    if not is_empty():
        raise click.ClickException(
            "La base contient déjà une édition ou des comptes : rien n’a été chargé."
        )
    _load_demonstration(visitors, exhibitors, agents)


def _load_demonstration(visitors: int, exhibitors: int, agents: int = 0) -> None:
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

    loaded = load_folder(folder, SYSTEM)
    if find_public_edition() is None:
        fair.open_edition(loaded.edition.id, SYSTEM)
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

    edition = find_edition(slug) if slug else find_public_edition()
    if edition is None:
        raise click.ClickException("Cette édition n’existe pas.")
    write_folder(edition, folder, settings().file_store)
    click.echo(f"{edition.name} ({edition.day_label}) : {folder}")


@command(
    "create-organiser",
    help="Ouvre un compte d’organisation, ou donne un nouveau lien à qui en a un, et affiche "
    "les étapes de la première connexion.",
)
@click.argument("email", type=Email(), metavar="ADRESSE", help="Adresse électronique du compte.")
@click.option("--name", default="Organisation", metavar="NOM", help="Nom affiché dans les pages.")
def create_organiser(email: str, name: str) -> None:
    """Makes an organiser (or a new set-up link), prints the steps to sign in."""
    code = organisers.invite_organiser(email, name, SYSTEM)
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
    edition = find_public_edition()
    click.echo(stations.issue_station_token(name, edition.id if edition else None, SYSTEM))


@command("badge-codes", help="Affiche ce que dit le QR code de chaque badge valable, un par ligne.")
@click.option("--limit", type=Count(), default=None, help="Autant de badges au plus.")
def badge_codes(limit: int | None) -> None:
    """Prints what the QR of each valid badge says, one per line."""
    for code in badge_queries.valid_codes(get_public_edition(), limit):
        click.echo(f"{settings().qr_prefix}{code}")


@command("print-badges", help="Écrit les badges de l’édition publique dans un seul PDF.")
@click.option("--output", required=True, type=OutputPath(), help="PDF à écrire.")
@click.option("--limit", type=Count(), default=None, help="Autant de badges au plus.")
@click.option(
    "--format",
    "layout",
    default="a4",
    type=click.Choice(["a4", "a6", "62mm", "102x152"]),
    help="Papier : a4 (dix par page) si rien n’est dit.",
)
def print_badges(output: Path, limit: int | None, layout: str) -> None:
    """Writes the badges of the current edition into one PDF."""
    count = badge_jobs.write_badge_file(
        get_public_edition(), output, layout, settings().qr_prefix, limit, now()
    )
    click.echo(f"{count} badges : {output}")


@command(
    "paper-pack",
    help="Écrit le dossier papier de l’édition publique : ce qui y est coché se ressaisit ensuite.",
)
@click.option("--output", required=True, type=OutputPath(), help="PDF à écrire.")
def paper_pack(output: Path) -> None:
    """Writes the paper pack of the current edition; what is ticked on it can be typed back."""
    from salon.paper.jobs import write_pack_file

    pages = write_pack_file(get_public_edition(), output, settings(), now(), SYSTEM)
    click.echo(f"{pages} pages : {output}")


@command(
    "propose-plan",
    help="Propose un stand à chaque exposant accepté, en JSON. Ne change rien.",
)
@click.option(
    "--output", type=OutputPath(), default=None, help="Fichier à écrire ; sinon, à l’écran."
)
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


@command(
    "solve-rota",
    help="Calcule le planning de l’édition publique, en JSON. Ne change rien.",
)
@click.option(
    "--output", type=OutputPath(), default=None, help="Fichier à écrire ; sinon, à l’écran."
)
@click.option(
    "--effort",
    type=click.Choice([effort.value for effort in Effort]),
    default="full",
    help="Durée de la recherche : full, la plus longue, si rien n’est dit.",
)
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


@command(
    help="Envoie les courriels, fait les tâches à heure dite et les travaux demandés dans les "
    "pages, jusqu’à SIGTERM. Inutile à côté de serve, qui le fait aussi."
)
@click.option("--once", is_flag=True, help="Fait ce qui est dû, puis s’arrête.")
def worker(once: bool) -> None:
    """Sends the outbox, runs scheduled tasks and jobs. SIGTERM ends after the job in hand."""
    from salon.worker import run_worker

    run_worker(once)


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

    try:
        for step in check.check_mail(settings(), address):
            click.echo(step)
    except check.MailNotSent as failure:
        raise click.ClickException(str(failure)) from None


@command(
    help="Sauvegarde la base et les fichiers dans une archive scellée, sans arrêter le service."
)
@click.argument(
    "file",
    type=OutputPath(may_be_folder=True),
    metavar="FICHIER",
    help="Archive à écrire, ou dossier : l’archive y est nommée par son moment.",
)
@click.option(
    "--recipients",
    type=InputPath(),
    default=None,
    help="Clés publiques d’age, une par ligne : l’archive est chiffrée pour elles.",
)
@click.option(
    "--keep",
    type=Count(),
    default=None,
    help="Dans un dossier : autant de sauvegardes y restent, les plus anciennes sont supprimées.",
)
def backup(file: Path, recipients: Path | None, keep: int | None) -> None:
    """Online backup of database and files into one sealed archive."""
    from salon.platform.backup import archive, rotation
    from salon.platform.backup.seal import BackupRefused

    folder, keys = file, recipients or settings().backup_recipients
    if keep is not None and not (keep and folder.is_dir()):
        raise click.ClickException("--keep demande un dossier, et d’y laisser une sauvegarde.")
    if folder.is_dir():
        file = rotation.dated_file(folder, keys is not None, real_now())
    try:
        archive.backup(settings(), file, keys)
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    note_done(BACKUP, str(file))
    click.echo(f"Sauvegarde écrite : {file} ({file.stat().st_size:,} octets)")
    for path in rotation.delete_oldest(folder, keep) if keep else ():
        click.echo(f"Ancienne sauvegarde supprimée : {path}")


@command(
    help="Restaure une sauvegarde dans une base et un dossier vides, SQLite ou PostgreSQL, quelle "
    "que soit la base qui l’a écrite. Une archive abîmée ou changée est refusée."
)
@click.argument(
    "file",
    type=InputPath(may_be_folder=True),
    metavar="FICHIER",
    help="Archive écrite par backup ; pour un essai, ou leur dossier : la dernière est prise.",
)
@click.option("--identity", type=InputPath(), default=None, help="Clé privée d’age.")
@click.option(
    "--accept-unknown-seal",
    is_flag=True,
    help="Restaure ce qu’une autre clé secrète a scellé : vous savez d’où vient l’archive.",
)
@click.option(
    "--drill",
    is_flag=True,
    help="Essai : restaure à part, compare à l’archive, vérifie, dit le résultat, n’écrit rien.",
)
def restore(file: Path, identity: Path | None, accept_unknown_seal: bool, drill: bool) -> None:
    """Restores a backup into an empty place; refused when damaged or changed."""
    from salon.platform.backup.rotation import latest_backup
    from salon.platform.backup.seal import BackupRefused, UnknownSeal

    if file.is_dir() and not drill:
        raise click.ClickException(f"{file} est un dossier : donnez la sauvegarde à restaurer.")
    act = _drill if drill else _restore
    try:
        file = latest_backup(file) if file.is_dir() else file
        try:
            act(file, identity, accept_unknown_seal)
        except UnknownSeal as warning:
            if settings().production:
                raise click.ClickException(
                    f"{warning} Si vous savez d’où elle vient : --accept-unknown-seal"
                ) from None
            click.echo(f"Attention : {warning}", err=True)
            act(file, identity, True)
    except BackupRefused as refusal:
        failed = "[À VOIR] Essai de restauration échoué : " if drill else ""
        raise click.ClickException(f"{failed}{refusal}") from None


def _restore(file: Path, identity: Path | None, accept_unknown_seal: bool) -> None:
    from salon.platform.backup import restoration

    tables = restoration.restore(settings(), file, identity, accept_unknown_seal)
    destructions.note_restored(real_now())
    click.echo(f"Restauré : {sum(tables.values()):,} lignes dans {len(tables)} tables.")


def _drill(file: Path, identity: Path | None, accept_unknown_seal: bool) -> None:
    from salon.platform.backup import drill
    from salon.platform.schema import current_revision

    for step in drill.drill(settings(), file, identity, accept_unknown_seal):
        click.echo(f"[ok] {step}")
    click.echo("Essai de restauration réussi ; rien n’en reste.")
    with db.engine.connect() as connection:
        is_migrated = current_revision(connection) is not None
    if is_migrated:
        note_done(DRILL, str(file))


@command(
    help="Efface les données personnelles dont la durée est passée et dont l’organisation a "
    "accepté la destruction."
)
@click.option("--dry-run", is_flag=True, help="Dit ce qui partirait, n’efface rien.")
@click.option(
    "--force",
    is_flag=True,
    help="Sans l’accord de l’organisation, quoi que disent l’horloge et le journal.",
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
                "salon purge --force"
            ) from None
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))


@command(help="Met la base au schéma de ce logiciel. Sans effet quand elle y est.")
def migrate() -> None:
    """Run the migrations that the database lacks."""
    _prepare_schema(migrate=True)
    click.echo("La base est au schéma de ce logiciel.")


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
    current_settings = settings()
    environ = {**os.environ, "SALON_DATA": str(current_settings.data)}
    with folder_held(current_settings):
        supervisor = make_supervisor(current_settings, environ, worker=not without_worker)
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


SECTIONS: Mapping[str, tuple[click.Command, ...]] = {
    "Servir": (serve, worker, migrate, doctor, check_mail),
    "Comptes et postes": (create_organiser, station_token),
    "Éditions": (load_edition, save_edition, seed),
    "Documents et calculs": (badge_codes, print_badges, paper_pack, propose_plan, solve_rota),
    "Données": (backup, restore, purge),
}
"""Every command, as `salon --help` groups them."""
