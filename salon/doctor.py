"""Health in one page: database, migrations, mail, disk, files, secrets, clock, legal notice."""

import shutil
import stat
from dataclasses import dataclass
from datetime import timedelta

from aiosmtplib import SMTPException
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from salon import outbox
from salon.config import ROOT, Settings
from salon.db import db, session
from salon.deliver import reason_of
from salon.exhibitors.files import FOLDER, file_path
from salon.exhibitors.queries.space import stored_names
from salon.formats import plural
from salon.identity import SYSTEM
from salon.journal import note
from salon.mail_server import MailServer
from salon.times import clock, real_now

FREE_SPACE_MB = 500
LATE_MAIL = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    subject: str
    in_order: bool
    words: str

    @property
    def line(self) -> str:
        return f"[{'ok' if self.in_order else 'À VOIR'}] {self.subject} : {self.words}"


def examine(known: Settings) -> list[Finding]:
    """One finding a subject; the database's absence does not hide the others."""
    found = [_database(), _migrations(), _mail(known), _disk(known), _files(known)]
    found += [_secrets(known), _clock(known)]
    missing = ", ".join(known.legal.missing)
    legal = f"à compléter : {missing}" if missing else "complètes"
    return [*found, Finding("Mentions légales", not missing, legal)]


def _database() -> Finding:
    try:
        note(SYSTEM, "doctor.wrote")
        dialect = db.engine.dialect.name
        if dialect == "sqlite":
            mode = session().scalar(text("PRAGMA journal_mode"))
            sync = session().scalar(text("PRAGMA synchronous"))
            sound = session().scalar(text("PRAGMA quick_check"))
            fine = (mode, sync, sound) == ("wal", 2, "ok")
            return Finding("Base", fine, f"SQLite, journal {mode}, synchronous {sync}, {sound}")
        version = session().scalar(text("SHOW server_version"))
        return Finding("Base", True, f"PostgreSQL {version}, écriture faite")
    except SQLAlchemyError as error:
        return Finding("Base", False, f"injoignable ({type(error).__name__}) : voyez DATABASE_URL")


def _migrations() -> Finding:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    head = ScriptDirectory.from_config(config).get_current_head()
    try:
        current = MigrationContext.configure(session().connection()).get_current_revision()
    except SQLAlchemyError:
        return Finding("Migrations", False, "la base ne répond pas")
    if current == head:
        return Finding("Migrations", True, f"à jour ({head})")
    return Finding("Migrations", False, f"base {current}, code {head} : flask --app app db upgrade")


def _mail(known: Settings) -> Finding:
    try:
        counts = outbox.counts_by_status()
        oldest = outbox.oldest_waiting()
    except SQLAlchemyError:
        return Finding("Courriels", False, "la base ne répond pas")
    words = f"{counts['waiting']} en attente, {counts['refused']} refusés"
    if oldest and real_now() - oldest > LATE_MAIL:
        return Finding(
            "Courriels",
            False,
            f"{words}, le plus ancien depuis {oldest:%d/%m %H:%M} UTC : flask --app app worker",
        )
    if not known.smtp_host:
        place = "boîte de démonstration" if known.demonstration else "SMTP_HOST manque"
        return Finding("Courriels", known.demonstration, f"{words}, {place}")
    try:
        with MailServer(known) as server:
            server.greet()
    except (OSError, SMTPException) as error:
        return Finding("Courriels", False, f"{words}, {known.smtp_host} : {reason_of(error)}")
    return Finding("Courriels", True, f"{words}, {known.smtp_host} répond")


def _disk(known: Settings) -> Finding:
    free = shutil.disk_usage(known.data).free // 1_000_000
    return Finding("Disque", free >= FREE_SPACE_MB, f"{free} Mo libres dans {known.data}")


def _files(known: Settings) -> Finding:
    """Every document and logo that the database names is on the disk."""
    try:
        names = stored_names()
    except SQLAlchemyError:
        return Finding("Fichiers", False, "la base ne répond pas")
    lost = sorted(one for one in names if not file_path(known.data, one).is_file())
    if not lost:
        return Finding("Fichiers", True, f"{plural(len(names), 'fichier')} d’exposants, tous là")
    words = f"{plural(len(lost), 'fichier')} d’exposants sur {len(names)} hors de {FOLDER}"
    return Finding("Fichiers", False, f"{words} ({lost[0]}…) : restaurez une sauvegarde")


def _secrets(known: Settings) -> Finding:
    path = known.data / "secret_key"
    if not path.exists():
        return Finding("Secrets", True, "SECRET_KEY vient de l’environnement")
    mode = stat.S_IMODE(path.stat().st_mode)
    return Finding("Secrets", mode == 0o600, f"{path.name} en mode {mode:04o}")


def _clock(known: Settings) -> Finding:
    year = real_now().year
    words = f"{real_now():%Y-%m-%d %H:%M:%S} UTC"
    if known.demonstration:
        words += f", démonstration décalée de {clock.offset.days} jours"
    return Finding("Horloge", 2026 <= year < 2100, words)
