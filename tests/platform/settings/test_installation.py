"""The environment: what is refused, in which words, and where secrets may lie."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from salon.platform.settings.environment import is_private
from salon.platform.settings.identity_provider import is_protected
from salon.platform.settings.installation import ROOT, Settings, UnsafeSettings, read_settings
from tests.tables import each

GOOD_KEY = "8f1c0e5b7a2d94436be0a17c5d9f2e8b"
PRODUCTION = {"SALON_ENV": "production", "PUBLIC_URL": "https://salon34.fr"}
REAL = {**PRODUCTION, "SECRET_KEY": GOOD_KEY}


def read(folder: Path, **environ: str) -> Settings:
    return read_settings({"SALON_DATA": str(folder), **environ})


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "SECRET_KEY manque"),
        ({"SECRET_KEY": "short"}, "moins de 32"),
        ({"SECRET_KEY": f"dev{GOOD_KEY}"}, "se devine"),
        ({"SECRET_KEY": "a" * 64}, "se devine"),
        ({"SECRET_KEY": "azer" * 16}, "se devine"),
        ({"SECRET_KEY": "aab" * 12 + "b"}, "se devine"),
        ({"SECRET_KEY": GOOD_KEY, "PUBLIC_URL": "http://salon34.fr"}, "https"),
        ({"SECRET_KEY": GOOD_KEY, "SALON_DEMONSTRATION": "1"}, "démonstration"),
        ({"SECRET_KEY": GOOD_KEY, "SECRET_KEY_FALLBACKS": "court"}, "moins de 32"),
    ],
)
def test_production_refuses_an_unsafe_start(
    tmp_path: Path, environ: dict[str, str], words: str
) -> None:
    with pytest.raises(UnsafeSettings, match=words):
        read(tmp_path, **{**PRODUCTION, **environ})


PROVIDER = {
    "OIDC_ISSUER": "https://id.exemple.fr/",
    "OIDC_CLIENT_ID": "salon",
    "OIDC_CLIENT_SECRET": "secret",
}
BAD = [
    ({"SALON_ENV": "prod"}, "SALON_ENV=prod est inconnu"),
    ({"SALON_ENV": "Production"}, "SALON_ENV=Production est inconnu"),
    ({"SALON_DEMONSTRATION": "oui"}, "SALON_DEMONSTRATION=oui est inconnu"),
    ({"SALON_DEMONSTRATION": "1", "PUBLIC_URL": "https://salon34.fr"}, "DEMONSTRATION_PUBLIC"),
    ({"SALON_DATA": "/dev/null/salon"}, "inutilisable"),
    ({"PORT": "http"}, "PORT=http"),
    ({"PORT": "70000"}, "PORT=70000"),
    ({"WEB_WORKERS": "0"}, "WEB_WORKERS=0"),
    ({"SMTP_PORT": "vingt-cinq"}, "SMTP_PORT"),
    ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES=-1"),
    ({"REGISTRATIONS_PER_HOUR": "-20"}, "REGISTRATIONS_PER_HOUR=-20"),
    ({"BOOKINGS_PER_MINUTE": "0"}, "BOOKINGS_PER_MINUTE=0"),
    ({"PUBLIC_URL": "salon34.fr"}, "PUBLIC_URL=salon34.fr"),
    ({"PUBLIC_URL": "http://salon34.fr:port"}, "PUBLIC_URL"),
    ({"COMPANY_SEARCH_URL": "file:///etc/passwd"}, "COMPANY_SEARCH_URL"),
    ({"VIES_URL": "ec.europa.eu"}, "VIES_URL"),
    ({"OIDC_ISSUER": "https://id.exemple.fr"}, "vont ensemble"),
    ({"OIDC_CLIENT_SECRET": "x"}, "vont ensemble"),
    ({**PROVIDER, "OIDC_ISSUER": "http://id.exemple.fr"}, "n’est pas une adresse https"),
    ({**PROVIDER, "OIDC_ISSUER": "id.exemple.fr"}, "n’est pas une adresse https"),
    ({**PROVIDER, "OIDC_EMAIL_VERIFIED": "oui"}, "OIDC_EMAIL_VERIFIED=oui"),
    ({"DATABASE_URL": "mysql://a:motdepasse@b/c"}, "DATABASE_URL"),
    ({"DATABASE_URL": "salon.sqlite"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:////nulle/part/salon.sqlite"}, "n’existe pas"),
    ({"MAIL_FROM": "salon"}, "MAIL_FROM=salon"),
    ({"MAIL_FROM": "Salon <salon@>"}, "MAIL_FROM"),
    ({"MAIL_FROM": "a@b.fr\nBcc: c@d.fr"}, "MAIL_FROM"),
    ({"SECRET_KEY_FILE": "/nulle/part"}, "/nulle/part ne se lit pas : il n’existe pas"),
    ({"SECRET_KEY_FILE": "/tmp"}, "n’est pas un fichier"),
    ({"SMTP_PASSWORD": "a", "SMTP_PASSWORD_FILE": "/tmp/b"}, "tous les deux"),
]


@each(("environ", "words"), BAD)
def test_a_bad_environment_is_refused_in_one_line(
    tmp_path: Path, environ: dict[str, str], words: str
) -> None:
    with pytest.raises(UnsafeSettings) as refusal:
        read_settings({"SALON_DATA": str(tmp_path), **environ})
    assert words in str(refusal.value)
    assert "motdepasse" not in str(refusal.value)


def test_the_program_says_a_refusal_in_one_line(tmp_path: Path) -> None:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    completed = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "doctor"],
        cwd=ROOT,
        env={**environment, "SALON_DATA": str(tmp_path), "SALON_ENV": "prod"},
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 1
    assert completed.stderr.splitlines() == [
        "Réglages refusés : SALON_ENV=prod est inconnu : écrivez production ou development."
    ]


def test_production_starts_with_all_it_needs_and_without_demonstration(tmp_path: Path) -> None:
    settings = read(tmp_path, **REAL)
    assert settings.production
    assert not settings.demonstration
    assert settings.demonstration_refused
    assert settings.trusted_hosts == ("salon34.fr",)
    assert settings.flask_config()["SESSION_COOKIE_NAME"] == "__Host-salon"
    assert settings.flask_config()["SESSION_COOKIE_SECURE"] is True
    assert len(settings.qr_prefix) <= 35
    assert settings.registrations_per_hour == 20


def test_a_demonstration_is_never_shown_unless_asked_for(tmp_path: Path) -> None:
    assert not read(tmp_path).demonstration
    assert not read(tmp_path, SALON_ENV="development").demonstration
    assert read(tmp_path, SALON_DEMONSTRATION="1").demonstration
    public = {"PUBLIC_URL": "https://essai.fr", "SECRET_KEY": GOOD_KEY}
    assert read(
        tmp_path, SALON_DEMONSTRATION="1", SALON_DEMONSTRATION_PUBLIC="1", **public
    ).demonstration


@pytest.mark.parametrize("mode", [0o400, 0o600])
def test_a_secret_may_lie_in_any_file_that_its_owner_alone_reads(tmp_path: Path, mode: int) -> None:
    secrets = {"SECRET_KEY": GOOD_KEY, "SMTP_PASSWORD": "p", "DATABASE_URL": "postgresql://h/d"}
    for name, value in secrets.items():
        (tmp_path / name).write_text(f"{value}\n")
        (tmp_path / name).chmod(mode)
    files = {f"{name}_FILE": str(tmp_path / name) for name in secrets}
    settings = read(tmp_path, **PRODUCTION, **files)
    assert (settings.secret_key, settings.smtp_password) == (GOOD_KEY, "p")
    assert settings.database_url == "postgresql+psycopg://h/d"
    assert GOOD_KEY not in repr(settings)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o604, 0o660])
def test_a_secret_that_others_read_is_refused(tmp_path: Path, mode: int) -> None:
    assert not is_private(mode, 1000)
    (tmp_path / "key").write_text(GOOD_KEY)
    if os.getuid() == 0:
        os.chown(tmp_path / "key", 1000, -1)
    (tmp_path / "key").chmod(mode)
    with pytest.raises(UnsafeSettings, match="chmod 600"):
        read(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key"))


def test_a_credential_of_systemd_is_accepted() -> None:
    assert is_private(0o400, 1000)
    assert is_private(0o440, 0)
    assert not is_private(0o444, 0)


def test_an_empty_variable_is_one_that_is_not_set(tmp_path: Path) -> None:
    empty = {"SECRET_KEY_FILE": "", "DATABASE_URL": "", "SALON_ENV": "", "PORT": ""}
    assert read(tmp_path, **empty) == read(tmp_path)


def test_the_secret_is_kept_between_starts(tmp_path: Path) -> None:
    first = read(tmp_path)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert first.secret_key == read(tmp_path).secret_key
    assert len(first.secret_key) == 64


def test_starts_at_once_share_the_secret_that_the_first_makes(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(50)]
    at_once = Barrier(2)

    def start(folder: Path) -> str:
        at_once.wait()
        return read(folder).secret_key

    with ThreadPoolExecutor(2) as starts:
        for folder in folders:
            folder.mkdir()
            keys = list(starts.map(start, (folder, folder)))
            assert (len(keys[0]), keys[0]) == (64, keys[1])
            assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_a_secret_is_read_from_the_credentials_of_systemd_last(tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    contents = {"secret_key": GOOD_KEY, "database_url": "postgresql://h/d", "smtp_password": "p"}
    for name, value in contents.items():
        (folder / name).write_text(f"{value}\n")
        (folder / name).chmod(0o400)
    environ = {**PRODUCTION, "CREDENTIALS_DIRECTORY": str(folder)}
    settings = read(tmp_path, **environ)
    assert (settings.secret_key, settings.smtp_password) == (GOOD_KEY, "p")
    assert settings.database_url == "postgresql+psycopg://h/d"
    other_key = GOOD_KEY[::-1]
    assert read(tmp_path, **environ, SECRET_KEY=other_key).secret_key == other_key
    (folder / "secret_key").unlink()
    with pytest.raises(UnsafeSettings, match="SECRET_KEY manque"):
        read(tmp_path, **environ)


def test_an_identity_provider_is_read_with_its_levels(tmp_path: Path) -> None:
    assert read(tmp_path).identity_provider is None
    provider = read(tmp_path, **PROVIDER, OIDC_ORGANISER_ACR="eidas2, eidas3").identity_provider
    assert provider is not None
    assert (provider.issuer, provider.label) == ("https://id.exemple.fr/", "ProConnect")
    assert provider.organiser_levels == ("eidas2", "eidas3")
    assert not provider.vouches_for_addresses
    assert "secret" not in repr(provider)


@pytest.mark.parametrize(
    ("address", "protected"),
    [
        ("https://id.exemple.fr", True),
        ("http://127.0.0.1:8080/realms/salon", True),
        ("http://localhost:8080", True),
        ("http://[::1]:8080", True),
        ("http://127.0.0.1.exemple.fr", False),
        ("https://", False),
        ("https://id.exemple.fr:port", False),
        ("ftp://127.0.0.1", False),
    ],
)
def test_an_identity_provider_is_asked_by_https_but_on_this_machine(
    address: str, protected: bool
) -> None:
    assert is_protected(address) == protected
