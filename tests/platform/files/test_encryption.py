"""Encryption at rest: what the database holds, changes of key, purposes, age, file modes."""

from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import text

from salon import create_app
from salon.accounts.models import Account
from salon.accounts.queries import get_account
from salon.accounts.services import passwords
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.files.encryption import Undecipherable, decrypt, encrypt
from salon.platform.settings.installation import Settings
from tests.commands import flask, start
from tests.conftest import copy_data
from tests.factories import make_account


def raw_totp(account: Account) -> str:
    query = text("SELECT totp_secret FROM accounts WHERE id = :id")
    return str(current_session().scalar(query, {"id": account.id}))


def test_a_totp_secret_is_not_in_the_database(app: Flask, settings: Settings) -> None:
    account = make_account(role=Role.ORGANISER)
    secret = account.totp_secret
    assert len(secret) == 32
    assert secret not in raw_totp(account)
    stored = b"".join(path.read_bytes() for path in settings.data.glob("salon.sqlite*"))
    assert secret.encode() not in stored


def with_keys(settings: Settings, key: str, *fallbacks: str) -> Flask:
    return create_app(replace(settings, secret_key=key, secret_key_fallbacks=fallbacks))


def test_a_change_of_key_keeps_totp_secrets_and_a_sign_in_renews_them(
    settings: Settings,
) -> None:
    old, new = "ancienne" * 8, "nouvelle" * 8
    with with_keys(settings, old).app_context():
        account = make_account(role=Role.ORGANISER)
        secret, first = account.totp_secret, raw_totp(account)
    with with_keys(settings, new, old).app_context():
        step = passwords.password_step_of(account)
        passwords.check_totp(Act(SYSTEM), account.id, step, pyotp.TOTP(secret).now())
        assert raw_totp(account) != first
    with with_keys(settings, new).app_context():
        assert get_account(account.id).totp_secret == secret
    with with_keys(settings, old).app_context():
        lost = get_account(account.id)
        assert lost.totp_secret == ""
        assert not lost.is_ready


def test_a_text_is_read_for_its_purpose_only_unchanged_and_in_time(app: Flask) -> None:
    saved_text = encrypt("l’été à Sète", "drafts")
    assert decrypt(saved_text, "drafts", lifetime=60) == "l’été à Sète"
    for ciphertext, purpose, lifetime in (
        (saved_text, "totp", 60),
        (saved_text[:-5] + "AAAA=", "drafts", 60),
        (saved_text, "drafts", -1),
        ("été", "drafts", 60),
    ):
        with pytest.raises(Undecipherable):
            decrypt(ciphertext, purpose, lifetime)


def open_to_others(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def test_what_the_commands_write_is_for_their_user_alone(migrated: Path, tmp_path: Path) -> None:
    source, target = copy_data(migrated, tmp_path / "here"), tmp_path / "there"
    for folder in ("uploads", "print_runs"):
        (source / folder).mkdir(mode=0o755)
        (source / folder / "a.pdf").write_bytes(b"%PDF-")
    flask(source, "backup", str(tmp_path / "salon.backup"))
    start(target, "restore", str(tmp_path / "salon.backup"))
    assert (target / "uploads" / "a.pdf").is_file()
    assert open_to_others(target) == []
