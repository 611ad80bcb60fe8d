"""Backups, restorations, and the end of personal data."""

from pathlib import Path

import click

from salon.platform.words.errors import RuleBroken
from salon.platform.work.command_line import Count, InputPath, OutputPath, command


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
    from salon.platform.database.marks import BACKUP, note_done
    from salon.platform.files.backup import archive, rotation
    from salon.platform.files.backup.seal import BackupRefused
    from salon.platform.settings.clock import real_now
    from salon.platform.web.access import settings

    folder, keys = file, recipients or settings().backup_recipients
    if keep is not None and not (keep and folder.is_dir()):
        raise click.ClickException("--keep demande un dossier, et d’y laisser une sauvegarde.")
    if folder.is_dir():
        file = rotation.dated_file(folder, keys is not None, real_now())
    _sweep(settings().data, file.resolve().parent)
    try:
        lost = archive.backup(settings(), file, keys)
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    if lost:
        raise click.ClickException(
            f"Sauvegarde écrite : {file}, mais incomplète : {archive.words_of_lost(lost)}. "
            "Recommencez ; si cela dure, voyez salon doctor."
        )
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
    from salon.platform.files.backup.rotation import latest_backup
    from salon.platform.files.backup.seal import BackupRefused, UnknownSeal
    from salon.platform.web.access import settings

    if file.is_dir() and not drill:
        raise click.ClickException(f"{file} est un dossier : donnez la sauvegarde à restaurer.")
    act = _drill if drill else _restore
    _sweep(settings().data)
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


def _sweep(*folders: Path) -> None:
    """Delete what a command that was killed left there, and say so."""
    from salon.platform.files.backup.leftovers import sweep

    for path in sweep(*folders):
        click.echo(f"Reste d’une commande interrompue, supprimé : {path}")


def _restore(file: Path, identity: Path | None, accept_unknown_seal: bool) -> None:
    from salon.dashboard.services import destructions
    from salon.platform.files.backup import restoration
    from salon.platform.settings.clock import real_now
    from salon.platform.web.access import settings

    tables = restoration.restore(settings(), file, identity, accept_unknown_seal)
    destructions.note_restored(real_now())
    click.echo(f"Restauré : {sum(tables.values()):,} lignes dans {len(tables)} tables.")


def _drill(file: Path, identity: Path | None, accept_unknown_seal: bool) -> None:
    from salon.platform.database.db import db
    from salon.platform.database.marks import DRILL, note_done
    from salon.platform.database.schema import current_revision
    from salon.platform.files.backup import drill
    from salon.platform.web.access import settings

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

    from salon.dashboard.services import destructions
    from salon.dashboard.services import purge as retention
    from salon.platform.database.act import Act
    from salon.platform.database.identity import SYSTEM
    from salon.platform.settings.clock import real_now

    if dry_run or force:
        report = retention.purge(Act(SYSTEM), real_now(), dry_run=dry_run)
    else:
        try:
            report = destructions.purge_approved(Act(SYSTEM), real_now())
        except RuleBroken as refusal:
            raise click.ClickException(
                f"{refusal.message} Vous savez que l’horloge et la base sont justes : "
                "salon purge --force"
            ) from None
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))
