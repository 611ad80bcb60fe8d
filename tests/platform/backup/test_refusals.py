"""What is refused when an archive is made or restored, and what the message says."""

import hashlib
import hmac
import json
import os
import random
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from salon.platform.backup import archive as vault
from salon.platform.backup.seal import SEAL_LENGTH, BackupRefused, UnknownSeal, write_seal
from salon.platform.db import current_session, db
from salon.platform.settings import Settings
from tests.conftest import settings_for
from tests.platform.backup.places import (
    PRINTED,
    UPLOAD,
    Place,
    close,
    dump,
    filled,
    opened,
)
from tests.postgres import Server


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
