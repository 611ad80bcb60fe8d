"""Health in one page: database, migrations, pages, mail, worker, disk, files, backups, secrets,
clock, identity provider, notice, settings."""

import shutil
import stat
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from aiosmtplib import SMTPException
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from salon.accounts.imports.provider_answers import check_provider
from salon.dashboard.actions import DashboardAction
from salon.platform.database.clock_evidence import clock_doubt
from salon.platform.database.db import current_session, is_on_sqlite
from salon.platform.database.demonstration_state import lives_as_demonstration
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import note
from salon.platform.database.marks import BACKUP, DRILL, Mark, find_mark
from salon.platform.database.schema import current_revision, head_revision
from salon.platform.files.backup.leftovers import leftovers, places_of_backups
from salon.platform.mail import outbox
from salon.platform.mail.restored import mail_held_since
from salon.platform.mail.server import MailServer, reason_of
from salon.platform.settings.clock import clock, real_now
from salon.platform.settings.environment import is_private
from salon.platform.settings.installation import Settings
from salon.platform.settings.release import RELEASE_HEADER, VERSION
from salon.platform.storage.store import FOLDERS
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import plural
from salon.platform.work.alarms import LATE_MAIL, LEAST_FREE_MB
from salon.platform.work.command_line import lacks_tables
from salon.platform.work.heartbeat import SILENT_AFTER, last_beat, working_release
from salon.stored_files import named_files

LATE_BACKUP = timedelta(days=2)
LATE_DRILL = timedelta(days=40)
PROBE_S = 5.0


@dataclass(frozen=True)
class Finding:
    """State of one subject. `key` names it for programs."""

    key: str
    subject: str
    in_order: bool
    words: str

    @property
    def line(self) -> str:
        return f"[{'ok' if self.in_order else 'À VOIR'}] {self.subject} : {self.words}"


def examine(settings: Settings) -> list[Finding]:
    """Return one finding for each subject; the database's absence does not hide the others."""
    missing = ", ".join(settings.legal.missing)
    legal = f"à compléter : {missing}" if missing else "complètes"
    return [
        _database(),
        _migrations(),
        _pages(settings),
        _mail(settings),
        _worker(settings),
        _disk(settings),
        _files(settings),
        _backup(settings),
        _secrets(settings),
        _clock(),
        *_providers(settings),
        Finding("legal", "Mentions légales", not missing, legal),
        _variables(settings),
    ]


def report_of(findings: list[Finding]) -> dict[str, object]:
    """Return the findings as JSON values."""
    return {
        "in_order": all(finding.in_order for finding in findings),
        "findings": [asdict(finding) for finding in findings],
    }


def _absence(error: SQLAlchemyError) -> str:
    """Return the reason why the database did not answer: no table yet, or no database."""
    current_session().rollback()
    if isinstance(error, DBAPIError) and lacks_tables(error):
        return "la base répond mais n’est pas migrée : salon migrate"
    return f"la base est injoignable ({type(error).__name__}) : voyez DATABASE_URL"


def _database() -> Finding:
    try:
        note(SYSTEM, DashboardAction.DOCTOR_WROTE)
        if is_on_sqlite():
            mode = current_session().scalar(text("PRAGMA journal_mode"))
            sync = current_session().scalar(text("PRAGMA synchronous"))
            check = current_session().scalar(text("PRAGMA quick_check"))
            in_order = (mode, sync, check) == ("wal", 2, "ok")
            words = f"SQLite, journal {mode}, synchronous {sync}, {check}"
            return Finding("database", "Base", in_order, words)
        version = current_session().scalar(text("SHOW server_version"))
        return Finding("database", "Base", True, f"PostgreSQL {version}, écriture faite")
    except SQLAlchemyError as error:
        return Finding("database", "Base", False, _absence(error))


def _migrations() -> Finding:
    head = head_revision()
    try:
        current = current_revision(current_session().connection())
    except SQLAlchemyError as error:
        return Finding("migrations", "Migrations", False, _absence(error))
    if current == head:
        return Finding("migrations", "Migrations", True, f"à jour ({head})")
    words = f"base {current or 'vide'}, code {head} : salon migrate"
    return Finding("migrations", "Migrations", False, words)


def _pages(settings: Settings) -> Finding:
    """Compare the release that answers on the port with this one; none is a fault in production."""
    connection = HTTPConnection(settings.host, settings.port, timeout=PROBE_S)
    with closing(connection):
        try:
            connection.request("GET", "/readyz")
            release = connection.getresponse().getheader(RELEASE_HEADER, "")
        except (OSError, HTTPException):
            words = f"rien ne répond sur {settings.host}, port {settings.port} : salon serve"
            return Finding("pages", "Pages", not settings.production, words)
    if release == VERSION:
        return Finding("pages", "Pages", True, f"servies par la version {VERSION}")
    in_order = not (release or settings.production)  # in development, another program's port
    return Finding("pages", "Pages", in_order, _stale(release, "systemctl reload salon-web"))


def _stale(release: str, command: str) -> str:
    """Return the words for a process of another release than the one that is installed."""
    running = f"la version {release}" if release else "une version antérieure"
    return f"{running} tourne encore, la {VERSION} est installée : {command}"


def _mail(settings: Settings) -> Finding:
    in_order, words = _mail_state(settings)
    return Finding("mail", "Courriels", in_order, words)


def _mail_state(settings: Settings) -> tuple[bool, str]:
    try:
        counts = outbox.counts_by_status()
        oldest = outbox.oldest_waiting()
        held_since = mail_held_since()
    except SQLAlchemyError as error:
        return False, _absence(error)
    words = f"{counts['waiting']} en attente, {counts['refused']} refusés"
    if held_since:
        return (
            False,
            f"{words}, retenus depuis la restauration : la page Messages les laisse partir",
        )
    if oldest and real_now() - oldest > LATE_MAIL:
        since = f"{oldest:%d/%m %H:%M} UTC"
        return False, f"{words}, le plus ancien depuis {since} : salon worker"
    if not settings.smtp_host:
        is_demonstration = lives_as_demonstration()
        place = "boîte de démonstration" if is_demonstration else "SMTP_HOST manque"
        return is_demonstration, f"{words}, {place}"
    try:
        with MailServer(settings) as server:
            server.greet()
    except (OSError, SMTPException) as error:
        return False, f"{words}, {settings.smtp_host} : {reason_of(error)}"
    return True, f"{words}, {settings.smtp_host} répond"


def _worker(settings: Settings) -> Finding:
    """Check the worker: a silent one is a fault; none started is a fault in production."""
    last = last_beat(settings.data)
    if last is None:
        words = "ne tourne pas : salon serve, ou salon worker"
        return Finding("worker", "Travail de fond", not settings.production, words)
    since = f"dernier signe à {last:%Y-%m-%d %H:%M:%S} UTC"
    if real_now() - last > SILENT_AFTER:
        words = f"ne répond plus, {since} : relancez salon serve"
        return Finding("worker", "Travail de fond", False, words)
    if (release := working_release(settings.data)) != VERSION:
        words = _stale(release, "systemctl restart salon-worker")
        return Finding("worker", "Travail de fond", False, words)
    return Finding("worker", "Travail de fond", True, f"tourne, {since}")


def _disk(settings: Settings) -> Finding:
    free_mb = shutil.disk_usage(settings.data).free // 1_000_000
    return Finding(
        "disk", "Disque", free_mb >= LEAST_FREE_MB, f"{free_mb} Mo libres dans {settings.data}"
    )


def _files(settings: Settings) -> Finding:
    """Check that a file is written, read and deleted, and that those of rows are stored."""
    store = settings.file_store
    try:
        names = named_files()
    except SQLAlchemyError as error:
        return Finding("files", "Fichiers", False, _absence(error))
    try:
        store.check()
        stored_names = {
            facts.name.partition("/")[2] for folder in FOLDERS for facts in store.files_in(folder)
        }
    except OSError as error:
        words = f"aucun ne s’écrit ni ne se lit dans {store.place} ({error})"
        return Finding("files", "Fichiers", False, words)
    lost = sorted(names - stored_names)
    if not lost:
        words = f"{plural(len(names), 'fichier')}, tous là, dans {store.place}"
        return Finding("files", "Fichiers", True, words)
    words = f"{plural(len(lost), 'fichier')} sur {len(names)} hors de {store.place}"
    return Finding("files", "Fichiers", False, f"{words} ({lost[0]}…) : restaurez une sauvegarde")


def _backup(settings: Settings) -> Finding:
    """Check when the last backup and the last drill were; late ones are faults in production.

    The server that encrypts its backups cannot read them: their drills are made elsewhere.
    """
    try:
        backup, drill = find_mark(BACKUP), find_mark(DRILL)
        remains = leftovers(*places_of_backups(settings))
    except SQLAlchemyError as error:
        return Finding("backup", "Sauvegarde", False, _absence(error))
    is_late = backup is None or real_now() - backup.written_at > LATE_BACKUP
    words = f"la dernière le {_since(backup)}" if backup else "aucune : salon backup"
    if drill:
        words += f", restauration essayée le {_since(drill)}"
    elif settings.backup_recipients:
        words += ", restauration à essayer là où est la clé"
    else:
        words += ", restauration jamais essayée : salon restore --drill"
    if not settings.backup_recipients:
        is_late |= drill is None or real_now() - drill.written_at > LATE_DRILL
    if remains:
        words += f", reste d’une commande interrompue : {remains[0]} (le prochain backup l’efface)"
    in_order = not remains and not (is_late and settings.production)
    return Finding("backup", "Sauvegarde", in_order, words)


def _since(mark: Mark) -> str:
    return f"{mark.written_at:%Y-%m-%d %H:%M} UTC"


def _secrets(settings: Settings) -> Finding:
    """Check that files in SALON_DATA with secrets or names are closed to others."""
    names = ("secret_key", "salon.sqlite", *FOLDERS)
    paths = [settings.data / name for name in names if (settings.data / name).exists()]
    open_paths = [path for path in paths if not _is_closed(path)]
    if open_paths:
        words = f"{open_paths[0]} est ouvert à d’autres : chmod -R go= {settings.data}"
        return Finding("secrets", "Secrets", False, words)
    words = "fermés aux autres"
    if not (settings.data / "secret_key").exists():
        words += ", SECRET_KEY vient d’ailleurs"
    return Finding("secrets", "Secrets", True, words)


def _is_closed(path: Path) -> bool:
    file_stat = path.stat()
    return is_private(stat.S_IMODE(file_stat.st_mode), file_stat.st_uid)


def _providers(settings: Settings) -> list[Finding]:
    """Check that the provider people sign in by, where there is one, is what OIDC_ISSUER says."""
    provider = settings.identity_provider
    if provider is None:
        return []
    key, subject = "identity_provider", "Service d’identité"
    try:
        check_provider(provider)
    except RuleBroken:
        words = f"{provider.issuer} ne répond pas, ou n’est pas celui qu’il dit"
        return [Finding(key, subject, False, words)]
    return [Finding(key, subject, True, f"{provider.issuer} répond")]


def _variables(settings: Settings) -> Finding:
    """Check that no variable of the environment is misspelt, and so without effect."""
    words = " ".join(settings.unread_variables) or "tous lus"
    return Finding("variables", "Réglages", not settings.unread_variables, words)


def _clock() -> Finding:
    year = real_now().year
    words = f"{real_now():%Y-%m-%d %H:%M:%S} UTC"
    if lives_as_demonstration():
        words += f", démonstration décalée de {clock.offset.days} jours"
    try:
        doubt = clock_doubt(real_now())
    except SQLAlchemyError as error:
        return Finding("clock", "Horloge", False, _absence(error))
    words += f". {doubt}" if doubt else ""
    return Finding("clock", "Horloge", not doubt and 2026 <= year < 2100, words)
