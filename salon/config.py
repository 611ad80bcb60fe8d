"""The environment, read once; the application refuses to start when it is unsafe.

Every limit and delay that an operator may want to know is in `Settings`, with its unit.
"""

import os
import secrets
import ssl
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MINIMUM_SECRET = 32
REFUSED_SECRETS = ("dev", "secret", "change", "test", "azerty", "password")


class SmtpSecurity(StrEnum):
    """How the conversation with the mail server is encrypted; each value is one of SMTP_TLS."""

    NONE = "0"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


SMTP_SECURITY_WORDS = {"1": SmtpSecurity.STARTTLS, **{value.value: value for value in SmtpSecurity}}
IMPLICIT_TLS_PORT = 465


class UnsafeSettings(RuntimeError):
    """The environment does not allow a safe start; the message says what to do."""


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
    def missing(self) -> list[str]:
        return [name for name, value in vars(self).items() if not value]


DEMONSTRATION_NOTICE = LegalNotice(
    publisher="AMF34, Association des maires de France, Hérault (démonstration)",
    address="adresse à compléter, 34000 Montpellier",
    phone="numéro à compléter",
    email="contact@amf34.example",
    director="la présidence de l’AMF34 (à compléter)",
    host="hébergeur à compléter, adresse et téléphone",
    controller="AMF34 (démonstration)",
    dpo="dpo@amf34.example",
)


@dataclass(frozen=True)
class Settings:
    """What the environment decides. Durations in seconds, sizes in bytes."""

    production: bool
    demonstration: bool
    data: Path
    database_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    public_url: str
    trusted_hosts: tuple[str, ...]
    trusted_proxies: int = 0
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_security: SmtpSecurity = SmtpSecurity.NONE
    smtp_ca_file: str = ""
    mail_from: str = "salon@amf34.example"
    mail_hold: int = 10 * 60
    legal: LegalNotice = DEMONSTRATION_NOTICE
    max_content_length: int = 2_000_000
    organiser_idle: int = 30 * 60
    other_idle: int = 2 * 3600
    session_absolute: int = 12 * 3600
    code_lifetime: int = 10 * 60
    sign_in_tries_per_minute: int = 5
    codes_per_hour: int = 5
    registrations_per_hour: int = 20
    bookings_per_minute: int = 120
    badge_downloads_per_minute: int = 60
    searches_per_minute: int = 60
    company_search_url: str = "https://recherche-entreprises.api.gouv.fr"
    company_search_timeout: float = 2.0
    logo_max_bytes: int = 2_000_000
    document_max_bytes: int = 8_000_000
    scans_file_max_bytes: int = 20_000_000
    documents_per_exhibitor: int = 40
    documents_quota_bytes: int = 60_000_000

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def qr_prefix(self) -> str:
        """Upper-case address before the badge code (≤ 35 characters keep the QR at version 3)."""
        return f"{self.public_url}/B/".upper()

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def flask_config(self) -> dict[str, Any]:
        prefix = "__Host-" if self.secure_cookies else ""
        engine: dict[str, Any] = {}
        if not self.is_sqlite:
            engine["connect_args"] = {
                "connect_timeout": 5,
                "options": "-c statement_timeout=10000 -c lock_timeout=5000",
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


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Reads the environment. Raises UnsafeSettings rather than start unsafely."""
    production = environ.get("SALON_ENV", "development") == "production"
    demonstration = environ.get("SALON_DEMONSTRATION", "0" if production else "1") == "1"
    if production and demonstration:
        raise UnsafeSettings(
            "SALON_ENV=production refuses SALON_DEMONSTRATION=1: "
            "the demonstration lets anybody in. Remove one of the two."
        )
    data = Path(environ.get("SALON_DATA", ROOT / "var")).resolve()
    data.mkdir(parents=True, exist_ok=True)
    port = environ.get("PORT", "5000")
    host = environ.get("HOST", "127.0.0.1")
    public_url = environ.get("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/")
    if production and not public_url.startswith("https://"):
        raise UnsafeSettings("PUBLIC_URL must be the https:// address of the fair in production.")
    trusted = {urlsplit(public_url).hostname or "127.0.0.1", *_words(environ, "TRUSTED_HOSTS")}
    if not production:
        trusted |= {"127.0.0.1", "localhost", "[::1]"}
        if host not in ("0.0.0.0", "::"):
            trusted.add(host)
    return Settings(
        production=production,
        demonstration=demonstration,
        data=data,
        database_url=_database_url(environ, data),
        secret_key=_secret_key(environ, data, production),
        secret_key_fallbacks=_words(environ, "SECRET_KEY_FALLBACKS"),
        public_url=public_url,
        trusted_hosts=tuple(sorted(trusted)),
        trusted_proxies=int(environ.get("TRUSTED_PROXIES", "0")),
        **_smtp(environ),
        mail_from=environ.get("MAIL_FROM", "salon@amf34.example"),
        mail_hold=60 * int(environ.get("MAIL_HOLD_MINUTES", "10")),
        legal=_legal(environ, production),
        company_search_url=environ.get(
            "COMPANY_SEARCH_URL", "https://recherche-entreprises.api.gouv.fr"
        ),
        registrations_per_hour=int(
            environ.get("REGISTRATIONS_PER_HOUR", "20" if production else "2000")
        ),
        bookings_per_minute=int(
            environ.get("BOOKINGS_PER_MINUTE", "120" if production else "6000")
        ),
    )


def _words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in environ.get(name, "").split(",") if word.strip())


def _database_url(environ: Mapping[str, str], data: Path) -> str:
    url = environ.get("DATABASE_URL") or f"sqlite:///{data / 'salon.sqlite'}"
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _smtp(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the mail server's settings. Raises UnsafeSettings where a password would leak."""
    port = int(environ.get("SMTP_PORT", "25"))
    default = SmtpSecurity.IMPLICIT if port == IMPLICIT_TLS_PORT else SmtpSecurity.NONE
    word = environ.get("SMTP_TLS") or default.value
    if word not in SMTP_SECURITY_WORDS:
        raise UnsafeSettings(f"SMTP_TLS={word} : écrivez starttls, implicit (port 465) ou 0.")
    security = SMTP_SECURITY_WORDS[word]
    user = environ.get("SMTP_USER", "")
    if user and security == SmtpSecurity.NONE:
        raise UnsafeSettings(
            "SMTP_USER enverrait le mot de passe en clair : "
            "ajoutez SMTP_TLS=starttls, ou SMTP_TLS=implicit pour le port 465."
        )
    ca_file = environ.get("SMTP_CA_FILE", "")
    if ca_file:
        try:
            ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise UnsafeSettings(
                f"SMTP_CA_FILE={ca_file} n’est pas un certificat PEM lisible ({error})."
            ) from None
    return {
        "smtp_host": environ.get("SMTP_HOST", ""),
        "smtp_port": port,
        "smtp_user": user,
        "smtp_password": environ.get("SMTP_PASSWORD", ""),
        "smtp_security": security,
        "smtp_ca_file": ca_file,
    }


def _legal(environ: Mapping[str, str], production: bool) -> LegalNotice:
    default = LegalNotice() if production else DEMONSTRATION_NOTICE
    return LegalNotice(
        **{k: environ.get(f"LEGAL_{k.upper()}", v) for k, v in vars(default).items()}
    )


def _secret_key(environ: Mapping[str, str], data: Path, production: bool) -> str:
    key = environ.get("SECRET_KEY", "")
    if not key:
        path = Path(environ.get("SECRET_KEY_FILE", data / "secret_key"))
        if not path.exists():
            if production:
                raise UnsafeSettings(
                    f"SECRET_KEY is missing: set it, or put it in {path} with mode 0600."
                )
            _write_secret(path)
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode != 0o600:
            raise UnsafeSettings(f"{path} has mode {mode:04o}: type chmod 600 {path}")
        key = path.read_text().strip()
    if len(key) < MINIMUM_SECRET:
        raise UnsafeSettings(f"SECRET_KEY is shorter than {MINIMUM_SECRET} characters.")
    if production and key.lower().startswith(REFUSED_SECRETS):
        raise UnsafeSettings("SECRET_KEY looks like an example: make a random one.")
    return key


def _write_secret(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as stream:
        stream.write(secrets.token_hex(32))
