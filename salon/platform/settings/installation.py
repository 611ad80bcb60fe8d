"""Settings from the environment, read once; the application refuses to start when they are unsafe.

Every limit and delay that an operator may want to know is in `Settings`, with its unit.
"""

import math
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from socket import gethostname

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from salon.platform.settings.environment import (
    Environment,
    UnsafeSettings,
    read_secret,
    reason_of,
    unread_variables,
    write_secret,
)
from salon.platform.settings.identity_provider import IdentityProvider, read_identity_provider
from salon.platform.settings.logs import LogFormat
from salon.platform.settings.remote_services import (
    Mailbox,
    SmtpSecurity,
    read_bounce_mailbox,
    read_files_bucket,
    read_sentry_dsn,
    read_smtp,
    read_vies,
    read_web_address,
)
from salon.platform.storage.bucket import Bucket, BucketStore
from salon.platform.storage.folder import FolderStore
from salon.platform.storage.store import FileStore

__all__ = ["ROOT", "LegalNotice", "Settings", "UnsafeSettings", "read_settings"]

CHECKOUT = Path(__file__).resolve().parents[3]
INSTALLED = Path(__file__).resolve().parents[2] / "installed"
ROOT = INSTALLED if INSTALLED.is_dir() else CHECKOUT
"""Folder of templates/, static/, migrations/, seed_data/ and docs/guides/."""
STATEMENT_TIMEOUT_MS = 10_000
OPENING_S = 3
"""Longest time to open a connection to PostgreSQL."""
POOL_S = 5
"""Longest wait for a connection that other threads of the process hold."""
MINIMUM_SECRET = 32
MINIMUM_ENTROPY_BITS = 80
REFUSED_SECRETS = ("dev", "secret", "change", "test", "azerty", "password")


@dataclass(frozen=True)
class LegalNotice:
    """Mentions of LCEN art. 1-1 (publisher, director, host) and RGPD art. 13 (controller, DPO)."""

    publisher: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    director: str = ""
    host: str = ""
    controller: str = ""
    dpo: str = ""

    @property
    def public(self) -> "LegalNotice":
        """Return what the public reads: without what is still to be completed."""
        return LegalNotice(
            **{name: "" if TO_COMPLETE in text else text for name, text in vars(self).items()}
        )

    @property
    def missing(self) -> list[str]:
        return [name for name, value in vars(self).items() if not value]


TO_COMPLETE = "à compléter"
NOTICE_TO_COMPLETE = LegalNotice(
    publisher="éditeur à compléter",
    address="adresse à compléter",
    phone="numéro à compléter",
    email="contact@salon.example",
    director="direction à compléter",
    host="hébergeur à compléter, adresse et téléphone",
    controller="l’organisateur du salon (à compléter)",
    dpo="dpo@salon.example",
)


@dataclass(frozen=True)
class Settings:
    """Settings of the installation. Durations in seconds, sizes in bytes."""

    production: bool
    demonstration: bool
    """Its pages are enabled; they open on a database that is marked as a demonstration."""
    data: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(repr=False)
    public_url: str
    trusted_hosts: tuple[str, ...]
    demonstration_refused: bool = False
    """Neither `seed` nor the time and the mailbox of a demonstration: disabled, or production."""
    host: str = "127.0.0.1"
    port: int = 5000
    web_workers: int = 2
    """Processes that answer."""
    trusted_proxies: int = 0
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_security: SmtpSecurity = SmtpSecurity.NONE
    smtp_ca_file: str = ""
    mail_from: str = "salon@salon.example"
    """An address, or « Nom <adresse> »."""
    mail_hold: int = 10 * 60
    mail_per_minute: int = 120
    """Messages that are not urgent."""
    bounce_mailbox: Mailbox | None = None
    legal: LegalNotice = NOTICE_TO_COMPLETE
    max_content_length: int = 2_000_000
    organiser_idle: int = 30 * 60
    other_idle: int = 2 * 3600
    session_absolute: int = 12 * 3600
    code_lifetime: int = 10 * 60
    sign_in_tries_per_minute: int = 5
    codes_per_hour: int = 5
    registrations_per_hour: int = 20
    bookings_per_minute: int = 120
    holds_per_network: int = 30
    badge_downloads_per_minute: int = 60
    searches_per_minute: int = 60
    company_search_url: str = "https://recherche-entreprises.api.gouv.fr"
    company_search_timeout: float = 2.0
    vies_url: str = ""
    vies_timeout: float = 5.0
    logo_max_bytes: int = 2_000_000
    document_max_bytes: int = 8_000_000
    scans_file_max_bytes: int = 20_000_000
    documents_per_exhibitor: int = 40
    documents_quota_bytes: int = 60_000_000
    backup_recipients: Path | None = None
    """Public keys of age that every backup is encrypted for."""
    metrics_token: str = field(default="", repr=False)
    """Bearer token that opens `/metrics`; without it nothing is counted."""
    machine: str = ""
    """Name of this machine among those of one database."""
    log_format: LogFormat = LogFormat.TEXT
    sentry_dsn: str = field(default="", repr=False)
    """Address of the Sentry that failures are sent to."""
    identity_provider: IdentityProvider | None = None
    files_bucket: Bucket | None = None
    """Bucket of stored files; None: they lie in `data`."""
    unread_variables: tuple[str, ...] = ()
    """Sentences about variables that are misspelt."""

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def qr_prefix(self) -> str:
        """Upper-case address before the badge code (≤ 35 characters keep the QR at version 3)."""
        return f"{self.public_url}/B/".upper()

    @property
    def sender(self) -> Address:
        """Return the name and the address that messages come from. Raises ValueError."""
        name, mail = parseaddr(self.mail_from)
        user, _, domain = mail.rpartition("@")
        if not (user and domain and mail.isascii() and self.mail_from.isprintable()):
            raise ValueError(self.mail_from)
        return Address(name, user, domain)

    @cached_property
    def file_store(self) -> FileStore:
        """Place of the files that every machine of the service must see."""
        return BucketStore(self.files_bucket) if self.files_bucket else FolderStore(self.data)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def flask_config(self) -> dict[str, object]:
        prefix = "__Host-" if self.secure_cookies else ""
        # The values of a statement (private links, addresses) stay out of errors and logs.
        engine: dict[str, object] = {"hide_parameters": True, "pool_timeout": POOL_S}
        if not self.is_sqlite:
            engine["connect_args"] = {
                "connect_timeout": OPENING_S,
                "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=5000",
                # A server whose machine or network has gone, while nothing says so.
                **{"keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3},
                "tcp_user_timeout": STATEMENT_TIMEOUT_MS,
            }
        return {
            "SALON": self,
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SESSION_COOKIE_NAME": f"{prefix}salon",
            "BROWSER_COOKIE_NAME": f"{prefix}salon-browser",
            "SESSION_COOKIE_SECURE": self.secure_cookies,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_PATH": "/",
            "TRUSTED_HOSTS": list(self.trusted_hosts),
            "MAX_CONTENT_LENGTH": self.max_content_length,
            "MAX_FORM_MEMORY_SIZE": 500_000,
            "MAX_FORM_PARTS": 1_000,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": engine,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,
            "JSON_AS_ASCII": False,
        }


def read_settings(variables: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment. Raises UnsafeSettings rather than start unsafely."""
    environ = Environment(variables)
    production = environ.is_production
    data = _data_folder(environ)
    port = environ.number("PORT", 1, 65535)
    host = environ.text("HOST")
    public_url = read_web_address(environ, "PUBLIC_URL", f"http://127.0.0.1:{port}")
    is_public = public_url.scheme == "https"
    if production and not is_public:
        raise UnsafeSettings("PUBLIC_URL doit être l’adresse https:// du salon en production.")
    demonstration = environ.flag("SALON_DEMONSTRATION")
    _check_demonstration(environ, demonstration, production, is_public)
    trusted = {public_url.hostname or "", *environ.words("TRUSTED_HOSTS")}
    if not production:
        trusted |= {"127.0.0.1", "localhost", "[::1]"}
        if host not in ("0.0.0.0", "::"):
            trusted.add(host)
    key, fallbacks = _secret_keys(environ, data, production, is_public)
    settings = Settings(
        production=production,
        demonstration=demonstration is True,
        demonstration_refused=production or demonstration is False,
        data=data,
        database_url=_database_url(environ, data),
        secret_key=key,
        secret_key_fallbacks=fallbacks,
        public_url=public_url.geturl(),
        trusted_hosts=tuple(sorted(trusted)),
        host=host,
        port=port,
        web_workers=environ.number("WEB_WORKERS", 1, 256),
        trusted_proxies=environ.number("TRUSTED_PROXIES", 0, 10),
        **read_smtp(environ),
        mail_from=environ.text("MAIL_FROM"),
        mail_hold=60 * environ.number("MAIL_HOLD_MINUTES", 0, 24 * 60),
        mail_per_minute=environ.number("MAIL_PER_MINUTE", 1, 60_000),
        bounce_mailbox=read_bounce_mailbox(environ),
        legal=_legal(environ, production),
        company_search_url=read_web_address(environ, "COMPANY_SEARCH_URL").geturl(),
        vies_url=read_vies(environ),
        backup_recipients=environ.path("BACKUP_RECIPIENTS_FILE"),
        metrics_token=_metrics_token(environ),
        machine=environ.text("SALON_MACHINE", gethostname())[:60],
        log_format=LogFormat(environ.choice("SALON_LOG_FORMAT", list(LogFormat))),
        sentry_dsn=read_sentry_dsn(environ),
        identity_provider=read_identity_provider(environ),
        files_bucket=read_files_bucket(environ, production),
        registrations_per_hour=environ.number("REGISTRATIONS_PER_HOUR", 1),
        bookings_per_minute=environ.number("BOOKINGS_PER_MINUTE", 1),
        holds_per_network=environ.number("HOLDS_PER_NETWORK", 1),
        unread_variables=unread_variables(variables),
    )
    try:
        _ = settings.sender
    except ValueError:
        raise UnsafeSettings(
            f"MAIL_FROM={settings.mail_from} n’est pas une adresse, ni « Nom <adresse> »."
        ) from None
    return settings


def _check_demonstration(
    environ: Environment, demonstration: bool | None, production: bool, is_public: bool
) -> None:
    if not demonstration:
        return
    if production:
        raise UnsafeSettings(
            "SALON_ENV=production refuse SALON_DEMONSTRATION=1 : "
            "la démonstration laisse entrer tout le monde. Retirez l’un des deux."
        )
    if is_public and not environ.flag("SALON_DEMONSTRATION_PUBLIC"):
        raise UnsafeSettings(
            "PUBLIC_URL est une adresse https : la démonstration y laisserait entrer n’importe "
            "qui. Pour un vrai salon : SALON_ENV=production. Pour la montrer quand même : "
            "SALON_DEMONSTRATION_PUBLIC=1."
        )


def _data_folder(environ: Environment) -> Path:
    """Return SALON_DATA, made when it does not exist. An installed code folder is not written."""
    default = "" if ROOT == INSTALLED else str(ROOT / "var")
    value = environ.text("SALON_DATA", default)
    if not value:
        raise UnsafeSettings("SALON_DATA manque : donnez le dossier où le service écrit.")
    data = Path(value).resolve()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnsafeSettings(f"SALON_DATA={data} est inutilisable : {reason_of(error)}.") from None
    return data


def _database_url(environ: Environment, data: Path) -> str:
    value = environ.secret("DATABASE_URL", f"sqlite:///{data / 'salon.sqlite'}")
    for scheme in ("postgres://", "postgresql://"):
        if value.startswith(scheme):
            value = "postgresql+psycopg://" + value.removeprefix(scheme)
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise UnsafeSettings(
            "DATABASE_URL n’est pas l’adresse d’une base : postgresql://… ou sqlite:///…"
        )
    if url.drivername == "sqlite" and not Path(url.database or "").resolve().parent.is_dir():
        raise UnsafeSettings(f"DATABASE_URL : le dossier de {url.database} n’existe pas.")
    return value


def _legal(environ: Environment, production: bool) -> LegalNotice:
    default = LegalNotice() if production else NOTICE_TO_COMPLETE
    return LegalNotice(
        **{k: environ.text(f"LEGAL_{k.upper()}", v) for k, v in vars(default).items()}
    )


def _secret_keys(
    environ: Environment, data: Path, production: bool, is_public: bool
) -> tuple[str, tuple[str, ...]]:
    """Return the secret key and the former ones. In development a key is made and kept."""
    key = environ.secret("SECRET_KEY")
    if not key:
        path = data / "secret_key"
        if not path.exists():
            if production:
                raise UnsafeSettings(
                    "SECRET_KEY manque : donnez-la, ou un fichier de mode 0600 dans "
                    f"SECRET_KEY_FILE ou à {path}."
                )
            write_secret(path)
        key = read_secret(path)
    fallbacks = environ.secret("SECRET_KEY_FALLBACKS").replace("\n", ",").split(",")
    former = tuple(word.strip() for word in fallbacks if word.strip())
    if any(len(secret) < MINIMUM_SECRET for secret in (key, *former)):
        raise UnsafeSettings(f"SECRET_KEY a moins de {MINIMUM_SECRET} caractères.")
    if (production or is_public) and _looks_guessable(key):
        raise UnsafeSettings("SECRET_KEY se devine : faites-en une par openssl rand -hex 32")
    return key, former


def _metrics_token(environ: Environment) -> str:
    token = environ.secret("METRICS_TOKEN")
    if token and (len(token) < MINIMUM_SECRET or _looks_guessable(token)):
        raise UnsafeSettings(
            "METRICS_TOKEN est trop court ou se devine : faites-en un par openssl rand -hex 32"
        )
    return token


def _looks_guessable(secret: str) -> bool:
    """Return whether a secret starts as an example, repeats itself or uses few different signs."""
    repeats = secret in (secret + secret)[1:-1]
    counts = Counter(secret).values()
    entropy = -sum(count * math.log2(count / len(secret)) for count in counts)
    is_example = secret.lower().startswith(REFUSED_SECRETS)
    return is_example or repeats or entropy < MINIMUM_ENTROPY_BITS
