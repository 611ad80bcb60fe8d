from pathlib import Path

import pytest

from salon.config import UnsafeSettings, read_settings

GOOD_KEY = "k3" * 24
PRODUCTION = {"SALON_ENV": "production", "PUBLIC_URL": "https://salon34.fr"}


def read(folder: Path, **environ: str) -> object:
    return read_settings({"SALON_DATA": str(folder), **environ})


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "shorter"),
        ({"SECRET_KEY": "dev" * 20}, "example"),
        ({"SECRET_KEY": GOOD_KEY, "PUBLIC_URL": "http://salon34.fr"}, "https"),
        ({"SECRET_KEY": GOOD_KEY, "SALON_DEMONSTRATION": "1"}, "demonstration"),
    ],
)
def test_production_refuses_an_unsafe_start(
    tmp_path: Path, environ: dict[str, str], words: str
) -> None:
    with pytest.raises(UnsafeSettings, match=words):
        read(tmp_path, **{**PRODUCTION, **environ})


def test_production_starts_with_all_it_needs_and_without_demonstration(tmp_path: Path) -> None:
    settings = read_settings({**PRODUCTION, "SALON_DATA": str(tmp_path), "SECRET_KEY": GOOD_KEY})
    assert settings.production
    assert not settings.demonstration
    assert settings.trusted_hosts == ("salon34.fr",)
    assert settings.flask_config()["SESSION_COOKIE_NAME"] == "__Host-salon"
    assert settings.flask_config()["SESSION_COOKIE_SECURE"] is True
    assert len(settings.qr_prefix) <= 35
    assert settings.registrations_per_hour == 20


def test_a_secret_readable_by_others_is_refused(tmp_path: Path) -> None:
    read(tmp_path)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "secret_key").chmod(0o644)
    with pytest.raises(UnsafeSettings, match="chmod 600"):
        read(tmp_path)


def test_the_secret_is_kept_between_starts(tmp_path: Path) -> None:
    first = read_settings({"SALON_DATA": str(tmp_path)})
    assert first.secret_key == read_settings({"SALON_DATA": str(tmp_path)}).secret_key
    assert len(first.secret_key) == 64
