"""Backups on SQLite and PostgreSQL: written under load, restored equal, refused when damaged."""

import os
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from flask import Flask
from sqlalchemy import event, func, select

from salon.fair.models import Edition
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry, write_entry
from salon.platform.database.marks import BACKUP, find_mark
from salon.platform.files.backup.archive import backup
from salon.platform.files.backup.restoration import restore
from salon.platform.files.backup.seal import BackupRefused, UnknownSeal
from salon.platform.mail.outbox import Message, post
from salon.platform.mail.restored import mail_held_since
from tests.conftest import settings_for
from tests.factories import make_edition
from tests.journal import SampleAction
from tests.platform.files.backup.places import (
    KEY,
    PRINTED,
    UPLOAD,
    Place,
    close,
    dump,
    filled,
    on_each_engine,
    opened,
)


@on_each_engine
def test_what_is_restored_equals_what_was_backed_up(new_place: Place, tmp_path: Path) -> None:
    source, target = new_place(migrated=True), new_place()
    app = filled(source)
    with app.app_context():
        before = dump()
        backup(source, tmp_path / "salon.backup")
    assert (tmp_path / "salon.backup").stat().st_mode & 0o777 == 0o600
    other_app = opened(target, migrated=False)
    with other_app.app_context():
        tables = restore(target, tmp_path / "salon.backup")
        assert dump() == before
        assert tables == {name: len(rows) for name, rows in before.items()}
        make_edition(is_current=False)  # the next key is free
        assert current_session().scalar(select(func.count()).select_from(Edition)) == 2
    for file in (PRINTED, UPLOAD):
        assert (target.data / file).read_bytes() == (source.data / file).read_bytes()
    close(app)
    close(other_app)


def test_an_archive_never_holds_the_secret_key(new_place: Place, tmp_path: Path) -> None:
    source = new_place()
    app = filled(source)
    with app.app_context():
        backup(source, tmp_path / "salon.backup")
    with zipfile.ZipFile(tmp_path / "salon.backup") as archive:
        tables = {f"tables/{name}.jsonl" for name in db.metadata.tables}
        files = {PRINTED.as_posix(), UPLOAD.as_posix(), "manifest.json"}
        assert set(archive.namelist()) == tables | files
        key = KEY.encode()
        assert all(key not in archive.read(name) for name in archive.namelist())
    close(app)


@on_each_engine
def test_a_backup_under_concurrent_writes_is_one_moment(new_place: Place, tmp_path: Path) -> None:
    source, target = new_place(migrated=True), new_place(migrated=True)
    app = filled(source)
    stop, written = threading.Event(), threading.Semaphore(0)

    def write() -> None:
        """Each transaction writes a message and its entry: a consistent moment has as many."""
        with app.app_context():
            while not stop.is_set():
                with transaction() as session:
                    post(session, "sign_in_code", "charge@mairie.example", code="1")
                    write_entry(session, SYSTEM, SampleAction.WROTE, "test:load")
                written.release()
            db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        written.acquire()
    with app.app_context():
        backup(source, tmp_path / "salon.backup")
        for _ in range(5):
            written.acquire()  # writers went on
        stop.set()
        for thread in threads:
            thread.join()
        total = current_session().scalar(select(func.count()).select_from(Message))
    other_app = opened(target)
    with other_app.app_context():
        restore(target, tmp_path / "salon.backup")
        messages = current_session().scalar(select(func.count()).select_from(Message))
        written_entries = select(func.count()).where(JournalEntry.action == "test.wrote")
        assert current_session().scalar(written_entries) == messages
        assert messages is not None
        assert total is not None
        assert 70 <= messages < total
    close(app)
    close(other_app)


def test_a_backup_of_another_key_is_restored_when_told_so(new_place: Place, tmp_path: Path) -> None:
    source, target = (
        new_place(),
        replace(new_place(), secret_key="une autre clé, bien assez longue"),
    )
    app = filled(source)
    with app.app_context():
        backup(source, tmp_path / "salon.backup")
    other_app = opened(target)
    with other_app.app_context():
        with pytest.raises(UnknownSeal):
            restore(target, tmp_path / "salon.backup")
        assert restore(target, tmp_path / "salon.backup", accept_unknown_seal=True)
    former = opened(replace(new_place(), secret_key=target.secret_key))
    with former.app_context():
        settings = replace(former.config["SALON"], secret_key_fallbacks=(KEY,))
        assert restore(settings, tmp_path / "salon.backup")
    for single_app in (app, other_app, former):
        close(single_app)


def test_an_encrypted_backup_opens_with_its_key_alone(tmp_path: Path) -> None:
    source_settings = replace(settings_for(tmp_path / "here"), secret_key=KEY)
    target = replace(settings_for(tmp_path / "there"), secret_key=KEY)
    keys, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for name, content in (
        ("recipients", f"# coffre\n{keys.to_public()}\n"),
        ("identity", f"# créée aujourd’hui\n{keys}\n"),
        ("stranger", str(stranger)),
        ("bad", "age1coucou"),
    ):
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o600)
    file = tmp_path / "salon.age"
    app = filled(source_settings)
    with app.app_context():
        before = dump()
        backup(source_settings, file, tmp_path / "recipients")
        with pytest.raises(BackupRefused, match="clé publique"):
            backup(source_settings, tmp_path / "no", tmp_path / "bad")
    sealed = file.read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1")
    assert b"manifest.json" not in sealed
    assert "é1@mairie.example".encode() not in sealed
    assert not list(source_settings.data.glob(".backup-*"))
    damaged = tmp_path / "damaged"
    damaged.write_bytes(sealed[:-100] + bytes(100))
    other_app = opened(target)
    with other_app.app_context():
        for source, identity, words in (
            (file, None, "--identity"),
            (file, tmp_path / "stranger", "ne s’ouvre pas"),
            (file, tmp_path / "recipients", "clé privée"),
            (damaged, tmp_path / "identity", "ne s’ouvre pas"),
        ):
            with pytest.raises(BackupRefused, match=words):
                restore(target, source, identity)
        (tmp_path / "identity").chmod(0o644)
        if os.getuid() == 0:
            os.chown(tmp_path / "identity", 1000, -1)
        with pytest.raises(BackupRefused, match="ouvert à d’autres"):
            restore(target, file, tmp_path / "identity")
        (tmp_path / "identity").chmod(0o600)
        restore(target, file, tmp_path / "identity")
        assert dump() == before
    close(app)
    close(other_app)


def test_the_commands_back_up_and_restore(tmp_path: Path) -> None:
    source, target = settings_for(tmp_path / "here"), settings_for(tmp_path / "there")
    file = str(tmp_path / "salon.backup")
    app, other_app = filled(source), opened(target, migrated=False)
    with app.app_context():
        nowhere = str(tmp_path / "nowhere" / "salon.backup")
        result = app.test_cli_runner().invoke(args=["backup", nowhere])
        assert (result.exit_code, "n’existe pas" in result.output) == (1, True)
        result = app.test_cli_runner().invoke(args=["backup", file])
        assert result.exit_code == 0, result.output
    with other_app.app_context():
        result = other_app.test_cli_runner().invoke(args=["restore", file])
        assert result.exit_code == 0, result.output
        assert "Attention : Cette sauvegarde est entière, mais la clé secrète" in result.output
        assert "Restauré" in result.output
        assert mail_held_since() is not None
        second_answer = other_app.test_cli_runner().invoke(args=["restore", file])
        assert second_answer.exit_code == 1
        assert "n’est pas vide" in second_answer.output
    close(app)
    close(other_app)


def test_production_restores_another_key_s_backup_only_when_told_so(tmp_path: Path) -> None:
    source, file = settings_for(tmp_path / "here"), str(tmp_path / "salon.backup")
    real = replace(settings_for(tmp_path / "there"), production=True, demonstration_refused=True)
    app, other_app = filled(source), opened(real)
    with app.app_context():
        assert app.test_cli_runner().invoke(args=["backup", file]).exit_code == 0
    with other_app.app_context():
        result = other_app.test_cli_runner().invoke(args=["restore", file])
        assert (result.exit_code, "--accept-unknown-seal" in result.output) == (1, True)
        result = other_app.test_cli_runner().invoke(args=["restore", file, "--accept-unknown-seal"])
        assert result.exit_code == 0, result.output
    close(app)
    close(other_app)


def names_upload(app: Flask) -> None:
    """Let a row name the upload of `filled`."""
    with transaction() as session:
        session.scalars(select(Edition)).one().logo_name = UPLOAD.name


def test_a_file_deleted_while_rows_are_read_is_in_the_archive(
    new_place: Place, tmp_path: Path
) -> None:
    """The rows of the archive name it still: they were read before its own was deleted."""
    source = new_place()
    app = filled(source)
    with app.app_context():
        names_upload(app)

        @event.listens_for(db.engine, "before_cursor_execute")
        def delete_upload(*_: object) -> None:
            (source.data / UPLOAD).unlink(missing_ok=True)

        assert backup(source, tmp_path / "salon.backup") == []
    with zipfile.ZipFile(tmp_path / "salon.backup") as archive:
        assert UPLOAD.as_posix() in archive.namelist()
    close(app)


def test_a_backup_that_lacks_a_named_file_is_written_and_fails(tmp_path: Path) -> None:
    source, file = settings_for(tmp_path / "here"), tmp_path / "salon.backup"
    app = filled(source)
    with app.app_context():
        names_upload(app)
        (source.data / UPLOAD).unlink()
        result = app.test_cli_runner().invoke(args=["backup", str(file)])
        assert (result.exit_code, file.is_file()) == (1, True)
        assert "incomplète : 1\u00a0fichier que la base nomme n’y est pas" in result.output
        assert UPLOAD.name in result.output
        assert find_mark(BACKUP) is None
    close(app)
