"""Refusals when an archive is made or restored, with their messages."""

import hashlib
import hmac
import json
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from salon.platform.database import schema
from salon.platform.database.db import current_session, db
from salon.platform.files.backup.archive import backup
from salon.platform.files.backup.restoration import restore
from salon.platform.files.backup.seal import SEAL_LENGTH, BackupRefused, UnknownSeal, write_seal
from salon.platform.settings.installation import Settings
from tests.platform.files.backup.places import (
    PRINTED,
    UPLOAD,
    Place,
    close,
    dump,
    filled,
    on_each_engine,
    opened,
)


def state_of(settings: Settings) -> tuple[list[str], list[str]]:
    """Return the files of the place, and the tables of its database."""
    files = sorted(str(path.relative_to(settings.data)) for path in settings.data.rglob("*"))
    with db.engine.connect() as connection:
        tables = db.inspect(connection).get_table_names()
    db.engine.dispose()
    return [file for file in files if not file.startswith("salon.sqlite")], sorted(tables)


def test_damaged_archives_are_refused_and_nothing_is_written(
    new_place: Place, tmp_path: Path
) -> None:
    source, target = new_place(migrated=True), new_place(migrated=True)
    app = filled(source)
    good = tmp_path / "salon.backup"
    with app.app_context():
        backup(source, good)
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
    other_app = opened(target)
    with other_app.app_context():
        before = state_of(target)
        for name, bad in damaged.items():
            (tmp_path / "bad").write_bytes(bad)
            with pytest.raises(BackupRefused):
                restore(target, tmp_path / "bad")
            assert state_of(target) == before, name
        restore(target, good)
    close(app)
    close(other_app)


def resealed(
    source: Path,
    target: Path,
    secret: str,
    rows: dict[str, Callable[[bytes], bytes]] | None = None,
    **changes: Any,
) -> Path:
    """Return an archive with other rows in some tables or another manifest, sealed anew."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        manifest = {**json.loads(old.read("manifest.json")), **changes}
        for name in old.namelist():
            if name == "manifest.json":
                continue
            content = old.read(name)
            table = name.removeprefix("tables/").removesuffix(".jsonl")
            if change := (rows or {}).get(table):
                content = change(content)
                manifest["members"][name] = hashlib.sha256(content).hexdigest()
                manifest["tables"][table]["rows"] = content.count(b"\n")
            new.writestr(name, content)
        for name in set(manifest["members"]) - set(old.namelist()):
            new.writestr(name, b"extra")
        new.writestr("manifest.json", json.dumps(manifest))
        new.comment = b"0" * SEAL_LENGTH
    seal_file(target, secret)
    return target


def seal_file(file: Path, secret: str) -> None:
    with file.open("r+b") as stream:
        write_seal(stream, secret)


def test_an_upload_that_is_not_what_the_manifest_says_is_refused(
    new_place: Place, tmp_path: Path
) -> None:
    """The seal is right, the zip is sound: the document alone was put in the place of another."""
    source, target = new_place(migrated=True), new_place(migrated=True)
    app = filled(source)
    good, wrong = tmp_path / "salon.backup", tmp_path / "wrong"
    with app.app_context():
        backup(source, good)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(wrong, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[::-1] if name == UPLOAD.as_posix() else content)
        new.comment = b"0" * SEAL_LENGTH
    seal_file(wrong, source.secret_key)
    other_app = opened(target)
    with other_app.app_context():
        before = state_of(target)
        with pytest.raises(BackupRefused, match="abîmée"):
            restore(target, wrong)
        assert state_of(target) == before
        restore(target, good)
    assert (target.data / UPLOAD).is_file()
    close(app)
    close(other_app)


def test_archives_that_do_not_fit_are_refused(new_place: Place, tmp_path: Path) -> None:
    source, target = new_place(migrated=True), new_place(migrated=True)
    app = filled(source)
    good = tmp_path / "salon.backup"
    with app.app_context():
        backup(source, good)
    with zipfile.ZipFile(good) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    tables = manifest["tables"]
    extra = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("révision", {"revision": "0000"}),
        ("révision", {"revision": "9999"}),
        ("Format", {"format": 99}),
        ("Format 2", {"format": 2}),
        ("chemin refusé", {"members": {**manifest["members"], "../../evil": extra}}),
        ("chemin refusé", {"members": {**manifest["members"], "secret_key": extra}}),
        ("chemin refusé", {"members": {**manifest["members"], "/etc/evil": extra}}),
        ("abîmée", {"members": {**manifest["members"], "uploads/a": extra}}),
        ("abîmée", {"members": {**manifest["members"], "tables/marks.jsonl": extra}}),
        ("ne contient pas", {"members": {**manifest["members"], "tables/evil.jsonl": extra}}),
        ("ne contient pas", {"tables": {**manifest["tables"], "evil": tables["marks"]}}),
        (
            f"révision {schema.head_revision()}",
            {"tables": {**tables, "marks": {**tables["marks"], "columns": {}}}},
        ),
        ("nombre de lignes", {"tables": {**tables, "marks": {**tables["marks"], "rows": 9}}}),
        ("nature inconnue", {"tables": {**tables, "marks": {"columns": {"a": "b"}, "rows": 0}}}),
        ("manifeste", {"tables": []}),
        ("manifeste", {"unknown": 1}),
    ]
    other_app = opened(target)
    with other_app.app_context():
        before = state_of(target)
        for words, changes in wrong:
            with pytest.raises(BackupRefused, match=words):
                restore(target, resealed(good, tmp_path / "wrong", source.secret_key, **changes))
            assert state_of(target) == before, changes
    close(app)
    close(other_app)


compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Writes a row as an archive does."""
Change = Callable[[list[list[object]]], object]
"""Changes the rows of one table in place."""


def changed(change: Change) -> Callable[[bytes], bytes]:
    def change_lines(content: bytes) -> bytes:
        rows = [json.loads(line) for line in content.splitlines()]
        change(rows)
        return "".join(f"{compact(row)}\n" for row in rows).encode()

    return change_lines


@on_each_engine
def test_rows_that_break_a_rule_of_the_tables_are_refused(new_place: Place, tmp_path: Path) -> None:
    """The seal and the digests are right: the tables themselves refuse the rows. Of a place that
    was not even migrated, not one table stays."""
    source, target, bare = new_place(migrated=True), new_place(migrated=True), new_place()
    app = filled(source)
    good = tmp_path / "salon.backup"
    with app.app_context():
        backup(source, good)
    with zipfile.ZipFile(good) as archive:
        tables = json.loads(archive.read("manifest.json"))["tables"]

    def put(table: str, column: str, value: object) -> Change:
        place = list(tables[table]["columns"]).index(column)
        return lambda rows: rows[-1].__setitem__(place, value)

    rules: list[tuple[str, Change]] = [
        ("journal_entries", lambda rows: rows.append(rows[0])),
        ("journal_entries", lambda rows: rows[0].pop()),
        ("edition_days", put("edition_days", "edition_id", 77)),
        ("editions", put("editions", "state", "ajar")),
        ("messages", put("messages", "created_at", "yesterday")),
        ("messages", put("messages", "kind", None)),
        ("messages", put("messages", "attempts", "many")),
        ("stands", put("stands", "x", 5000.0)),  # outside of its hall, says a trigger
        ("stands", put("stands", "x", 0.0)),  # on the other stand, found at the end
    ]

    def check_refused(place: Settings, table: str, change: Change) -> None:
        before = state_of(place)
        rows = {table: changed(change)}
        wrong = resealed(good, tmp_path / "wrong", source.secret_key, rows)
        with pytest.raises(BackupRefused, match=f"{table}.*Rien n’a été écrit") as refusal:
            restore(place, wrong)
        assert state_of(place) == before, str(refusal.value)

    other_app, third = opened(target), opened(bare, migrated=False)
    with other_app.app_context():
        before = dump()
        for table, change in rules:
            check_refused(target, table, change)
            assert dump() == before, table
    with third.app_context():
        check_refused(bare, *rules[-1])
    for single_app in (app, other_app, third):
        close(single_app)


@on_each_engine
def test_nothing_is_restored_over_something(new_place: Place, tmp_path: Path) -> None:
    source, target, beside = (new_place(migrated=True) for _ in range(3))
    app, other_app, third = filled(source), filled(target), opened(beside)
    with app.app_context():
        backup(source, tmp_path / "salon.backup")
    with other_app.app_context():
        for file in (PRINTED, UPLOAD):
            (target.data / file).unlink()
        before = dump()
        with pytest.raises(BackupRefused, match="n’est pas vide"):
            restore(target, tmp_path / "salon.backup")
        assert dump() == before
        assert not (target.data / PRINTED).exists()
    with third.app_context():
        (beside.data / "print_runs").mkdir()
        (beside.data / PRINTED).write_text("another")
        with pytest.raises(BackupRefused, match="déjà là"):
            restore(beside, tmp_path / "salon.backup")
        (beside.data / PRINTED).unlink()
        assert sum(restore(beside, tmp_path / "salon.backup").values()) > 100
    for single_app in (app, other_app, third):
        close(single_app)


def test_a_database_that_is_not_migrated_is_not_backed_up(new_place: Place, tmp_path: Path) -> None:
    source = new_place()
    app = opened(source, migrated=False)
    with app.app_context():
        current_session().execute(text("SELECT 1"))
        current_session().rollback()
        with pytest.raises(BackupRefused, match="migrée"):
            backup(source, tmp_path / "salon.backup")
        with pytest.raises(BackupRefused, match="n’existe pas"):
            backup(source, tmp_path / "nowhere" / "salon.backup")
    assert not [path for path in os.listdir(tmp_path) if "backup" in path]
    close(app)


def test_a_backup_that_was_changed_and_sealed_again_is_refused(
    new_place: Place, tmp_path: Path
) -> None:
    """Somebody without the key changes a document, its digest and every seal they can compute."""
    source, target = new_place(migrated=True), new_place(migrated=True)
    good, wrong = tmp_path / "salon.backup", tmp_path / "wrong"
    app = filled(source)
    with app.app_context():
        backup(source, good)
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
    other_app = opened(target)
    with other_app.app_context():
        before = state_of(target)
        for seal in (claim + former[80:], claim + bare):
            wrong.write_bytes(wrong.read_bytes()[:-SEAL_LENGTH] + seal)
            with pytest.raises(BackupRefused, match="modifiée"):
                restore(target, wrong, accept_unknown_seal=True)
        seal_file(wrong, "a key of their own, long enough")
        with pytest.raises(UnknownSeal, match="entière"):
            restore(target, wrong)
        assert state_of(target) == before
        restore(target, good)
    close(app)
    close(other_app)
