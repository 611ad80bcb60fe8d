"""Drills: an archive is restored aside, compared, and nothing of it stays."""

import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from salon.doctor import Finding, examine
from salon.platform.database.db import transaction
from salon.platform.database.marks import BACKUP, DRILL, Mark
from salon.platform.files.backup.archive import backup
from salon.platform.files.backup.drill import drill
from salon.platform.files.backup.seal import BackupRefused
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings
from tests.conftest import settings_for
from tests.platform.files.backup.places import Place, close, dump, filled, on_each_engine, opened
from tests.platform.files.backup.test_refusals import Change, changed, resealed, state_of


@on_each_engine
def test_a_drill_compares_everything_and_leaves_nothing(new_place: Place, tmp_path: Path) -> None:
    source, elsewhere = new_place(migrated=True), new_place()
    app = filled(source)
    with app.app_context():
        backup(source, tmp_path / "salon.zip")
        rows, before = dump(), state_of(source)
        steps = list(drill(source, tmp_path / "salon.zip"))
        assert (state_of(source), dump()) == (before, rows)
    assert f"{len(rows)} tables" in steps[2]
    assert "chaque ligne" in steps[3]
    assert "2, dont tous" in steps[-1]
    empty_app = opened(elsewhere, migrated=False)
    with empty_app.app_context():
        before = state_of(elsewhere)
        assert len(list(drill(elsewhere, tmp_path / "salon.zip"))) == len(steps)
        assert state_of(elsewhere) == before
    close(app)
    close(empty_app)


LOST_ROWS = (
    ("stands", "x", 0.0, "contredit .stands_on_one_place"),
    ("editions", "logo_name", f"{35:032x}.webp", "nomme n’y est pas .uploads/0000"),
    ("editions", "latitude", 10**16 + 1, "editions ne se lit pas"),
    ("edition_days", "opens", "09:00", "edition_days n’est plus la même"),
)
"""Table, column, value, and what the drill says of it."""


def test_a_drill_fails_on_rows_that_a_restore_would_not_bring_back(
    place: Settings, tmp_path: Path
) -> None:
    good = tmp_path / "salon.zip"
    with zipfile.ZipFile(good) as archive:
        tables = json.loads(archive.read("manifest.json"))["tables"]

    def put(table: str, column: str, value: object) -> Change:
        number = list(tables[table]["columns"]).index(column)
        return lambda rows: rows[-1].__setitem__(number, value)

    app = opened(place, migrated=False)
    with app.app_context():
        for table, column, value, words in LOST_ROWS:
            rows = {table: changed(put(table, column, value))}
            wrong = resealed(good, tmp_path / "wrong", place.secret_key, rows)
            with pytest.raises(BackupRefused, match=words):
                list(drill(place, wrong))
    close(app)


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """Return a place without database, beside a backup."""
    source = settings_for(tmp_path / "here")
    app = filled(source)
    with app.app_context():
        backup(source, tmp_path / "salon.zip")
    close(app)
    (source.data / "salon.sqlite").unlink()
    return source


def test_the_commands_keep_the_latest_backups_and_try_them(tmp_path: Path) -> None:
    source, folder = settings_for(tmp_path / "here"), tmp_path / "backups"
    folder.mkdir()
    former = [folder / f"salon-2021100{day}-030000.zip" for day in (1, 2, 3)]
    others = [folder / "salon.zip", folder / "salon-20211001-030000.zip.part"]
    for path in (*former, *others):
        path.write_text("former")
    app = filled(source)
    with app.app_context():
        run = app.test_cli_runner().invoke
        for words in (["--keep", "2", str(folder / "salon.zip")], ["--keep", "0", str(folder)]):
            result = run(args=["backup", *words])
            assert (result.exit_code, "--keep demande un dossier" in result.output) == (1, True)
        assert "aucune" in backup_line(run(args=["doctor"]).output)
        result = run(args=["backup", "--keep", "2", str(folder)])
        assert result.exit_code == 0, result.output
        [latest] = set(folder.iterdir()) - {*former, *others}
        assert {*folder.iterdir()} == {latest, former[-1], *others}
        assert f"supprimée : {former[0]}" in result.output
        assert "jamais essayée" in backup_line(run(args=["doctor"]).output)
        for path in (latest, folder):
            result = run(args=["restore", "--drill", str(path)])
            assert (result.exit_code, "Essai de restauration réussi" in result.output) == (0, True)
        for words, sentence in (
            (["restore", str(folder)], "donnez la sauvegarde"),
            (["restore", "--drill", str(source.data)], "n’a aucune sauvegarde"),
        ):
            result = run(args=words)
            assert (result.exit_code, sentence in result.output) == (1, True), result.output
        assert "restauration essayée le" in backup_line(run(args=["doctor"]).output)
        latest.write_bytes(latest.read_bytes()[:-1])
        result = run(args=["restore", "--drill", str(latest)])
        assert result.exit_code == 1
        assert "[À VOIR] Essai de restauration échoué : " in result.output
        assert "tronqué ou abîmé" in result.output
    close(app)


def test_the_doctor_of_production_misses_backups_and_drills(tmp_path: Path) -> None:
    source = replace(settings_for(tmp_path / "here"), production=True, demonstration_refused=True)
    app = filled(source)
    with app.app_context():
        assert not finding(source).in_order
        note_at(BACKUP, timedelta(days=1))
        assert not finding(source).in_order
        note_at(DRILL, timedelta(days=39))
        assert finding(source).in_order
        note_at(DRILL, timedelta(days=41))
        assert not finding(source).in_order
        encrypted = replace(source, backup_recipients=tmp_path / "recipients")
        assert finding(encrypted).in_order, "it is tried where the key is"
        note_at(BACKUP, timedelta(days=3))
        assert not finding(encrypted).in_order
    close(app)


def finding(settings: Settings) -> Finding:
    [finding] = [finding for finding in examine(settings) if finding.key == "backup"]
    return finding


def note_at(name: str, age: timedelta) -> None:
    with transaction() as session:
        session.merge(Mark(name=name, value="salon.zip", written_at=real_now() - age))


def backup_line(report: str) -> str:
    [line] = [line for line in report.splitlines() if "] Sauvegarde :" in line]
    return line
