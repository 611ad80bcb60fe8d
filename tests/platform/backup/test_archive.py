"""Backups on SQLite and PostgreSQL: written under load, restored equal, refused when damaged."""

import hashlib
import hmac
import json
import os
import random
import threading
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import flask_migrate
import pyrage
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from salon import create_app
from salon.fair.models import Edition
from salon.platform.backup import archive as vault
from salon.platform.backup.seal import SEAL_LENGTH, BackupRefused, UnknownSeal, write_seal
from salon.platform.db import current_session, db, transaction
from salon.platform.identity import SYSTEM
from salon.platform.journal import JournalEntry, write_entry
from salon.platform.mail.outbox import Message, post
from salon.platform.settings import ROOT, Settings
from tests.conftest import settings_for
from tests.factories import make_edition, make_places
from tests.postgres import Server

Place = Callable[[], Settings]
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
KEY = "8f1c0e5b7a2d94436be0a17c5d9f2e8b"
PRINTED = Path("print_runs") / "one.pdf"
UPLOAD = Path("uploads") / f"{34:032x}.pdf"


@pytest.fixture(params=BOTH)
def new_place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    """Makes empty places: a data folder and an empty database, not even migrated."""
    made: list[str] = []
    server: Server | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        monkeypatch.setenv("PG_BIN", str(server.bin))

    def make() -> Settings:
        name = f"v{uuid.uuid4().hex[:12]}"
        if server is None:
            return replace(settings_for(tmp_path / name), secret_key=KEY)
        server.create_database(name)
        made.append(name)
        return replace(settings_for(tmp_path / name, server.url(name)), secret_key=KEY)

    yield make
    for name in made:
        assert server is not None
        server.drop_database(name)


def opened(settings: Settings, migrated: bool = True) -> Flask:
    app = create_app(settings)
    if migrated:
        with app.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    return app


def filled(settings: Settings) -> Flask:
    """A migrated place with an edition, messages, journal entries, a print run, an upload."""
    app = opened(settings)
    with app.app_context():
        make_places()
        make_edition()
        for number in range(50):
            with transaction() as session:
                post(session, "sign_in_code", f"é{number}@mairie.example", code=str(number))
                write_entry(session, SYSTEM, "test.wrote", f"test:{number}", words="l’été à Sète")
    (settings.data / "print_runs").mkdir()
    (settings.data / "print_runs" / "one.pdf").write_bytes(b"%PDF-" + random.randbytes(50_000))
    (settings.data / UPLOAD.parent).mkdir()
    (settings.data / UPLOAD).write_bytes(b"%PDF-" + random.randbytes(20_000))
    return app


def dump() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in the order of its key."""
    with db.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(table.select().order_by(*table.primary_key))
            ]
            for table in db.metadata.sorted_tables
        }


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_what_is_restored_equals_what_was_backed_up(new_place: Place, tmp_path: Path) -> None:
    here, there = new_place(), new_place()
    app = filled(here)
    with app.app_context():
        before = dump()
        vault.backup(here, tmp_path / "salon.backup")
    assert (tmp_path / "salon.backup").stat().st_mode & 0o777 == 0o600
    other_app = opened(there, migrated=False)
    with other_app.app_context():
        tables = vault.restore(there, tmp_path / "salon.backup")
        assert dump() == before
        assert tables == {name: len(rows) for name, rows in before.items()}
        make_edition(is_current=False)  # the next key is free
        assert current_session().scalar(select(func.count()).select_from(Edition)) == 2
    for file in (PRINTED, UPLOAD):
        assert (there.data / file).read_bytes() == (here.data / file).read_bytes()
    close(app)
    close(other_app)


def test_an_archive_never_holds_the_secret_key(new_place: Place, tmp_path: Path) -> None:
    here = new_place()
    app = filled(here)
    with app.app_context():
        vault.backup(here, tmp_path / "salon.backup")
    with zipfile.ZipFile(tmp_path / "salon.backup") as archive:
        values = {"database", PRINTED.as_posix(), UPLOAD.as_posix(), "manifest.json"}
        assert set(archive.namelist()) == values
        key = KEY.encode()
        assert all(key not in archive.read(name) for name in archive.namelist())
    close(app)


def test_a_backup_under_concurrent_writes_is_one_moment(new_place: Place, tmp_path: Path) -> None:
    here, there = new_place(), new_place()
    app = filled(here)
    stop, written = threading.Event(), threading.Semaphore(0)

    def write() -> None:
        """Each transaction writes a message and its entry: a consistent moment has as many."""
        with app.app_context():
            while not stop.is_set():
                with transaction() as session:
                    post(session, "sign_in_code", "charge@mairie.example", code="1")
                    write_entry(session, SYSTEM, "test.wrote", "test:load")
                written.release()
            db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        written.acquire()
    with app.app_context():
        vault.backup(here, tmp_path / "salon.backup")
        for _ in range(5):
            written.acquire()  # writers went on
        stop.set()
        for thread in threads:
            thread.join()
        total = current_session().scalar(select(func.count()).select_from(Message))
    other_app = opened(there, migrated=False)
    with other_app.app_context():
        vault.restore(there, tmp_path / "salon.backup")
        messages = current_session().scalar(select(func.count()).select_from(Message))
        written_entries = select(func.count()).where(JournalEntry.action == "test.wrote")
        assert current_session().scalar(written_entries) == messages
        assert messages is not None
        assert total is not None
        assert 70 <= messages < total
    close(app)
    close(other_app)


def state_of(settings: Settings) -> tuple[list[str], list[str]]:
    """The files of the place, and the tables of its database."""
    files = sorted(str(path.relative_to(settings.data)) for path in settings.data.rglob("*"))
    with db.engine.connect() as connection:
        tables = db.inspect(connection).get_table_names()
    db.engine.dispose()
    return [file for file in files if not file.startswith("salon.sqlite")], sorted(tables)


def test_damaged_archives_are_refused_and_nothing_is_written(
    new_place: Place, tmp_path: Path
) -> None:
    here, there = new_place(), new_place()
    app = filled(here)
    good = tmp_path / "salon.backup"
    with app.app_context():
        vault.backup(here, good)
    content = good.read_bytes()
    damaged = {
        "empty": b"",
        "one byte short": content[:-1],
        "half": content[: len(content) // 2],
        "one byte more": content + b"\n",
        "foreign": b"PK\x03\x04" + random.randbytes(5_000),
        "text": "Ceci n’est pas une sauvegarde".encode() * 10,
    }
    chance = random.Random(34)
    for _ in range(40):
        place, bit = chance.randrange(len(content)), chance.randrange(8)
        flipped = bytearray(content)
        flipped[place] ^= 1 << bit
        damaged[f"bit {bit} of byte {place}"] = bytes(flipped)
    other_app = opened(there, migrated=False)
    with other_app.app_context():
        before = state_of(there)
        for name, bad in damaged.items():
            (tmp_path / "bad").write_bytes(bad)
            with pytest.raises(BackupRefused):
                vault.restore(there, tmp_path / "bad")
            assert state_of(there) == before, name
        vault.restore(there, good)
    close(app)
    close(other_app)


def resealed(source: Path, target: Path, secret: str, **changes: object) -> Path:
    """The same archive with another manifest, sealed anew."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        manifest = {**json.loads(old.read("manifest.json")), **changes}
        for name in old.namelist():
            if name != "manifest.json":
                new.writestr(name, old.read(name))
        for name in set(manifest["members"]) - set(old.namelist()):
            new.writestr(name, b"extra")
        new.writestr("manifest.json", json.dumps(manifest))
        new.comment = b"0" * SEAL_LENGTH
    write_seal(target, secret)
    return target


def test_an_upload_that_is_not_what_the_manifest_says_is_refused(
    new_place: Place, tmp_path: Path
) -> None:
    """The seal is right, the zip is sound: the document alone was put in the place of another."""
    here, there = new_place(), new_place()
    app = filled(here)
    good, wrong = tmp_path / "salon.backup", tmp_path / "wrong"
    with app.app_context():
        vault.backup(here, good)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(wrong, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[::-1] if name == UPLOAD.as_posix() else content)
        new.comment = b"0" * SEAL_LENGTH
    write_seal(wrong, here.secret_key)
    other_app = opened(there, migrated=False)
    with other_app.app_context():
        before = state_of(there)
        with pytest.raises(BackupRefused, match="abîmée"):
            vault.restore(there, wrong)
        assert state_of(there) == before
        vault.restore(there, good)
    assert (there.data / UPLOAD).is_file()
    close(app)
    close(other_app)


def test_archives_that_do_not_fit_are_refused(new_place: Place, tmp_path: Path) -> None:
    here, there = new_place(), new_place()
    app = filled(here)
    good = tmp_path / "salon.backup"
    with app.app_context():
        vault.backup(here, good)
    with zipfile.ZipFile(good) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    extra = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    wrong: list[tuple[str, dict[str, object]]] = [
        ("révision", {"revision": "0000"}),
        ("révision", {"revision": "9999"}),
        ("Format", {"format": 99}),
        ("Sauvegarde de oracle", {"engine": "oracle"}),
        ("chemin refusé", {"members": {**manifest["members"], "../../evil": extra}}),
        ("chemin refusé", {"members": {**manifest["members"], "secret_key": extra}}),
        ("chemin refusé", {"members": {**manifest["members"], "/etc/evil": extra}}),
        ("abîmée", {"members": {**manifest["members"], "uploads/a": extra}}),
        ("manifeste", {"unknown": 1}),
    ]
    other_app = opened(there, migrated=False)
    with other_app.app_context():
        before = state_of(there)
        for words, changes in wrong:
            with pytest.raises(BackupRefused, match=words):
                vault.restore(there, resealed(good, tmp_path / "wrong", here.secret_key, **changes))
            assert state_of(there) == before, changes
    close(app)
    close(other_app)


def test_nothing_is_restored_over_something(new_place: Place, tmp_path: Path) -> None:
    here, there, beside = new_place(), new_place(), new_place()
    app, other_app, third = filled(here), filled(there), opened(beside)
    with app.app_context():
        vault.backup(here, tmp_path / "salon.backup")
    with other_app.app_context():
        for file in (PRINTED, UPLOAD):
            (there.data / file).unlink()
        before = dump()
        with pytest.raises(BackupRefused, match="n’est pas vide"):
            vault.restore(there, tmp_path / "salon.backup")
        assert dump() == before
        assert not (there.data / PRINTED).exists()
    with third.app_context():
        (beside.data / "print_runs").mkdir()
        (beside.data / PRINTED).write_text("another")
        with pytest.raises(BackupRefused, match="déjà là"):
            vault.restore(beside, tmp_path / "salon.backup")
        (beside.data / PRINTED).unlink()
        assert sum(vault.restore(beside, tmp_path / "salon.backup").values()) > 100
    for single_app in (app, other_app, third):
        close(single_app)


def test_a_database_that_is_not_migrated_is_not_backed_up(new_place: Place, tmp_path: Path) -> None:
    here = new_place()
    app = opened(here, migrated=False)
    with app.app_context():
        current_session().execute(text("SELECT 1"))
        current_session().rollback()
        with pytest.raises(BackupRefused, match="migrée"):
            vault.backup(here, tmp_path / "salon.backup")
        with pytest.raises(BackupRefused, match="n’existe pas"):
            vault.backup(here, tmp_path / "nowhere" / "salon.backup")
    assert not [path for path in os.listdir(tmp_path) if "backup" in path]
    close(app)


@pytest.mark.postgres
def test_without_the_tools_of_postgresql_the_message_says_what_to_do(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    postgres.create_database("no_tools")
    here = settings_for(tmp_path / "data", postgres.url("no_tools"))
    app = opened(here)
    with app.app_context(), pytest.raises(BackupRefused, match="PG_BIN"):
        vault.backup(here, tmp_path / "salon.backup")
    close(app)
    postgres.drop_database("no_tools")


def test_a_backup_that_was_changed_and_sealed_again_is_refused(
    new_place: Place, tmp_path: Path
) -> None:
    """Somebody without the key changes a document, its digest and every seal they can compute."""
    here, there = new_place(), new_place()
    good, wrong = tmp_path / "salon.backup", tmp_path / "wrong"
    app = filled(here)
    with app.app_context():
        vault.backup(here, good)
    forged = b"%PDF-forged"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(wrong, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        manifest["members"][UPLOAD.as_posix()] = hashlib.sha256(forged).hexdigest()
        for name in old.namelist():
            content = forged if name == UPLOAD.as_posix() else old.read(name)
            new.writestr(name, json.dumps(manifest) if name == "manifest.json" else content)
        new.comment = b"0" * SEAL_LENGTH
    former = good.read_bytes()[-SEAL_LENGTH:]
    digest = hashlib.sha256(wrong.read_bytes()[:-SEAL_LENGTH]).hexdigest().encode()
    claim = digest + former[64:80]
    bare = hmac.new(b"", claim, hashlib.sha256).hexdigest().encode()
    other_app = opened(there, migrated=False)
    with other_app.app_context():
        before = state_of(there)
        for seal in (claim + former[80:], claim + bare):
            wrong.write_bytes(wrong.read_bytes()[:-SEAL_LENGTH] + seal)
            with pytest.raises(BackupRefused, match="modifiée"):
                vault.restore(there, wrong, accept_unknown_seal=True)
        write_seal(wrong, "a key of their own, long enough")
        with pytest.raises(UnknownSeal, match="entière"):
            vault.restore(there, wrong)
        assert state_of(there) == before
        vault.restore(there, good)
    close(app)
    close(other_app)


def test_a_backup_of_another_key_is_restored_when_told_so(new_place: Place, tmp_path: Path) -> None:
    here, there = new_place(), replace(new_place(), secret_key="une autre clé, bien assez longue")
    app = filled(here)
    with app.app_context():
        vault.backup(here, tmp_path / "salon.backup")
    other_app = opened(there, migrated=False)
    with other_app.app_context():
        with pytest.raises(UnknownSeal):
            vault.restore(there, tmp_path / "salon.backup")
        assert vault.restore(there, tmp_path / "salon.backup", accept_unknown_seal=True)
    former = opened(replace(new_place(), secret_key=there.secret_key), migrated=False)
    with former.app_context():
        known = replace(former.config["SALON"], secret_key_fallbacks=(KEY,))
        assert vault.restore(known, tmp_path / "salon.backup")
    for single_app in (app, other_app, former):
        close(single_app)


def test_an_encrypted_backup_opens_with_its_key_alone(tmp_path: Path) -> None:
    here = replace(settings_for(tmp_path / "here"), secret_key=KEY)
    there = replace(settings_for(tmp_path / "there"), secret_key=KEY)
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
    app = filled(here)
    with app.app_context():
        before = dump()
        vault.backup(here, file, tmp_path / "recipients")
        with pytest.raises(BackupRefused, match="clé publique"):
            vault.backup(here, tmp_path / "no", tmp_path / "bad")
    sealed = file.read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1")
    assert b"manifest.json" not in sealed
    assert "é1@mairie.example".encode() not in sealed
    assert not list(here.data.glob(".backup-*"))
    damaged = tmp_path / "damaged"
    damaged.write_bytes(sealed[:-100] + bytes(100))
    other_app = opened(there, migrated=False)
    with other_app.app_context():
        for source, identity, words in (
            (file, None, "--identity"),
            (file, tmp_path / "stranger", "ne s’ouvre pas"),
            (file, tmp_path / "recipients", "clé privée"),
            (damaged, tmp_path / "identity", "ne s’ouvre pas"),
        ):
            with pytest.raises(BackupRefused, match=words):
                vault.restore(there, source, identity)
        (tmp_path / "identity").chmod(0o644)
        if os.getuid() == 0:
            os.chown(tmp_path / "identity", 1000, -1)
        with pytest.raises(BackupRefused, match="ouvert à d’autres"):
            vault.restore(there, file, tmp_path / "identity")
        (tmp_path / "identity").chmod(0o600)
        vault.restore(there, file, tmp_path / "identity")
        assert dump() == before
    close(app)
    close(other_app)


def test_the_commands_back_up_and_restore(tmp_path: Path) -> None:
    here, there = settings_for(tmp_path / "here"), settings_for(tmp_path / "there")
    file = str(tmp_path / "salon.backup")
    app, other_app = filled(here), opened(there, migrated=False)
    with app.app_context():
        nowhere = str(tmp_path / "nowhere" / "salon.backup")
        done = app.test_cli_runner().invoke(args=["backup", nowhere])
        assert (done.exit_code, "n’existe pas" in done.output) == (1, True)
        done = app.test_cli_runner().invoke(args=["backup", file])
        assert done.exit_code == 0, done.output
    with other_app.app_context():
        done = other_app.test_cli_runner().invoke(args=["restore", file])
        assert done.exit_code == 0, done.output
        assert "Attention : Cette sauvegarde est entière, mais la clé secrète" in done.output
        assert "Restauré" in done.output
        again = other_app.test_cli_runner().invoke(args=["restore", file])
        assert again.exit_code == 1
        assert "n’est pas vide" in again.output
    close(app)
    close(other_app)


def test_production_restores_another_key_s_backup_only_when_told_so(tmp_path: Path) -> None:
    here, file = settings_for(tmp_path / "here"), str(tmp_path / "salon.backup")
    real = replace(settings_for(tmp_path / "there"), production=True, demonstration_refused=True)
    app, other_app = filled(here), opened(real, migrated=False)
    with app.app_context():
        assert app.test_cli_runner().invoke(args=["backup", file]).exit_code == 0
    with other_app.app_context():
        done = other_app.test_cli_runner().invoke(args=["restore", file])
        assert (done.exit_code, "--accept-unknown-seal" in done.output) == (1, True)
        done = other_app.test_cli_runner().invoke(args=["restore", file, "--accept-unknown-seal"])
        assert done.exit_code == 0, done.output
    close(app)
    close(other_app)
