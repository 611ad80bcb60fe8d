"""Settings of the services that the fair asks: mail server, bucket of files, Sentry."""

import re
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from typing import Any
from urllib.parse import SplitResult, urlsplit

from salon.platform.settings.environment import Environment, UnsafeSettings
from salon.platform.storage.bucket import Bucket

BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SmtpSecurity(StrEnum):
    """Encryption of the conversation with the mail server; each value is one of SMTP_TLS."""

    NONE = "0"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


SMTP_SECURITY_WORDS = {"1": SmtpSecurity.STARTTLS, **{value.value: value for value in SmtpSecurity}}
IMPLICIT_TLS_PORT = 465


def read_web_address(environ: Environment, name: str, default: str = "") -> SplitResult:
    value = environ.text(name, default).rstrip("/")
    try:
        address = urlsplit(value)
        usable = address.scheme in ("http", "https") and address.hostname and address.port != 0
    except ValueError:
        usable = None
    if not usable or not value.isprintable() or " " in value:
        raise UnsafeSettings(f"{name}={value} n’est pas une adresse http:// ou https://.")
    return address


def read_vies(environ: Environment) -> str:
    """Return the address of VIES, "" where it is not asked."""
    return read_web_address(environ, "VIES_URL").geturl() if environ.text("VIES_URL") else ""


def read_smtp(environ: Environment) -> dict[str, Any]:
    """Return the mail server's settings. Raises UnsafeSettings where a password would leak."""
    port = environ.number("SMTP_PORT", 1, 65535)
    default = SmtpSecurity.IMPLICIT if port == IMPLICIT_TLS_PORT else SmtpSecurity.NONE
    word = environ.text("SMTP_TLS", default.value)
    if word not in SMTP_SECURITY_WORDS:
        raise UnsafeSettings(f"SMTP_TLS={word} : écrivez starttls, implicit (port 465) ou 0.")
    security = SMTP_SECURITY_WORDS[word]
    user = environ.text("SMTP_USER")
    if user and security == SmtpSecurity.NONE:
        raise UnsafeSettings(
            "SMTP_USER enverrait le mot de passe en clair : "
            "ajoutez SMTP_TLS=starttls, ou SMTP_TLS=implicit pour le port 465."
        )
    ca_file = environ.text("SMTP_CA_FILE")
    if ca_file:
        _check_certificates("SMTP_CA_FILE", ca_file)
    return {
        "smtp_host": environ.text("SMTP_HOST"),
        "smtp_port": port,
        "smtp_user": user,
        "smtp_password": environ.secret("SMTP_PASSWORD"),
        "smtp_security": security,
        "smtp_ca_file": ca_file,
    }


@dataclass(frozen=True)
class Mailbox:
    """The mailbox that messages come back to, read over IMAP."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    ca_file: str = ""


def read_bounce_mailbox(environ: Environment) -> Mailbox | None:
    """Return the mailbox of the messages that come back; None where none is read."""
    host = environ.text("IMAP_HOST")
    if not host:
        return None
    user, password = environ.text("IMAP_USER"), environ.secret("IMAP_PASSWORD")
    if not user or not password:
        raise UnsafeSettings("IMAP_HOST demande IMAP_USER et IMAP_PASSWORD.")
    port, folder = environ.number("IMAP_PORT", 1, 65535), environ.text("IMAP_FOLDER")
    return Mailbox(host, port, user, password, folder, environ.text("SMTP_CA_FILE"))


def read_sentry_dsn(environ: Environment) -> str:
    """Return the address of Sentry. Raises UnsafeSettings without the library that sends."""
    dsn = environ.secret("SENTRY_DSN")
    if not dsn:
        return ""
    if find_spec("sentry_sdk") is None:
        raise UnsafeSettings("SENTRY_DSN demande un paquet de plus : pip install sentry-sdk")
    address = urlsplit(dsn)
    if address.scheme not in ("http", "https") or not (address.username and address.hostname):
        raise UnsafeSettings("SENTRY_DSN n’est pas de la forme https://clé@serveur/projet.")
    return dsn


def read_files_bucket(environ: Environment, production: bool) -> Bucket | None:
    """Return the bucket of the stored files. Raises UnsafeSettings where a key would leak."""
    if not environ.text("SALON_FILES_URL"):
        return None
    address = read_web_address(environ, "SALON_FILES_URL")
    name, _, prefix = address.path.strip("/").partition("/")
    if not BUCKET_NAME.fullmatch(name) or address.query or address.username:
        raise UnsafeSettings(
            f"SALON_FILES_URL={address.geturl()} n’est pas de la forme https://serveur/bucket."
        )
    if production and not is_protected(address.geturl()):
        raise UnsafeSettings(
            "SALON_FILES_URL enverrait les fichiers en clair : donnez une adresse https://."
        )
    ca_file = environ.path("SALON_FILES_CA_FILE")
    if ca_file:
        _check_certificates("SALON_FILES_CA_FILE", str(ca_file))
    keys = environ.text("SALON_FILES_ACCESS_KEY"), environ.secret("SALON_FILES_SECRET_KEY")
    if not all(keys):
        raise UnsafeSettings(
            "SALON_FILES_URL demande SALON_FILES_ACCESS_KEY et SALON_FILES_SECRET_KEY."
        )
    endpoint, region = f"{address.scheme}://{address.netloc}", environ.text("SALON_FILES_REGION")
    return Bucket(endpoint, name, prefix, region, *keys, ca_file)


def _check_certificates(name: str, ca_file: str) -> None:
    try:
        ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise UnsafeSettings(
            f"{name}={ca_file} n’est pas un certificat PEM lisible ({error})."
        ) from None


def is_protected(address: str) -> bool:
    """Return whether what is sent to an address cannot be read on the way: https, or this
    machine."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    is_local = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or is_local)
