"""The commands that the contract names, run as a person runs them, on a folder of their own."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskCliRunner

from salon.badges.engine.qr import code_in
from salon.platform.settings.installation import ROOT
from salon.platform.settings.release import VERSION
from salon.platform.work.heartbeat import beat
from tests.commands import flask, start
from tests.conftest import VISITORS, copy_data
from tests.tables import each


@pytest.fixture(scope="module")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration, which the commands change."""
    return copy_data(seeded, tmp_path_factory.mktemp("commands") / "data")


def test_the_migrations_make_what_the_models_say(seeded: Path) -> None:
    assert "No new upgrade operations detected" in flask(seeded, "db", "check")


def test_a_second_seed_is_refused_and_changes_nothing(seeded: Path) -> None:
    before = flask(seeded, "badge-codes")
    assert "rien n’a été chargé" in flask(seeded, "seed", code=1)
    assert flask(seeded, "badge-codes") == before


def test_badge_codes_are_what_the_printed_badges_say(seeded: Path, tmp_path: Path) -> None:
    codes = flask(seeded, "badge-codes").split()
    exhibitors = (ROOT / "seed_data" / "2021" / "exhibitors.csv").read_text("utf-8")
    assert len(codes) == 10 + VISITORS + exhibitors.count("|equipe")
    assert len(flask(seeded, "badge-codes", "--limit", "5").split()) == 5
    output = tmp_path / "badges.pdf"
    flask(seeded, "print-badges", "--output", str(output), "--format", "a4")
    read = set()
    document = pypdfium2.PdfDocument(output)
    for page in document:
        picture = page.render(scale=200 / 72).to_pil()
        read |= {code.text for code in zxingcpp.read_barcodes(picture)}
    document.close()
    assert read == set(codes)
    assert all(code_in(text) for text in read)


@pytest.mark.parametrize("layout", ["a6", "62mm", "102x152"])
def test_each_layout_prints(seeded: Path, tmp_path: Path, layout: str) -> None:
    output = tmp_path / "badges.pdf"
    flask(seeded, "print-badges", "--output", str(output), "--limit", "3", "--format", layout)
    document = pypdfium2.PdfDocument(output)
    assert len(document) == 3
    document.close()


def test_the_first_organiser_is_told_the_steps(seeded: Path) -> None:
    output = flask(seeded, "create-organiser", "nouvelle@amf34.example")
    assert re.search(r"/connexion/premiere/[\w-]{32}", output)


def test_a_station_token_is_printed_once(seeded: Path) -> None:
    token = flask(seeded, "station-token", "Porte B").strip()
    assert re.fullmatch(r"[\w-]{43}", token)
    assert token.encode() not in (seeded / "salon.sqlite").read_bytes()


def test_the_worker_empties_what_is_due_and_ends(seeded: Path) -> None:
    flask(seeded, "worker", "--once")
    output = flask(seeded, "doctor")
    assert "0 en attente" in output


def test_the_doctor_says_what_is_wrong(seeded: Path, tmp_path: Path) -> None:
    assert "À VOIR" not in flask(seeded, "doctor")
    output = flask(tmp_path, "doctor", code=1)
    assert "[À VOIR] Migrations" in output
    assert "[À VOIR] Base : la base répond mais n’est pas migrée" in output
    away = {"DATABASE_URL": "postgresql://salon@127.0.0.1:1/salon"}
    assert "[À VOIR] Base : la base est injoignable" in flask(tmp_path, "doctor", code=1, **away)


def test_the_doctor_speaks_to_programs_and_sees_a_silent_worker(seeded: Path) -> None:
    report = json.loads(flask(seeded, "doctor", "--json"))
    assert report["in_order"]
    assert [finding["key"] for finding in report["findings"]][:4] == [
        "database",
        "migrations",
        "pages",
        "mail",
    ]
    beat(seeded)
    assert "[ok] Travail de fond : tourne" in flask(seeded, "doctor")
    long_ago = time.time() - 600
    os.utime(seeded / "worker.alive", (long_ago, long_ago))
    report = json.loads(flask(seeded, "doctor", "--json", code=1))
    assert [finding["key"] for finding in report["findings"] if not finding["in_order"]] == [
        "worker"
    ]
    flask(seeded, "worker", "--once")
    assert "[ok] Travail de fond" in flask(seeded, "doctor")


def test_the_doctor_sees_a_worker_and_pages_of_another_release(
    seeded: Path,
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as pages, ThreadPoolExecutor(1) as pool:
        address = {"PORT": str(pages.getsockname()[1])}
        answering = pool.submit(answer_once, pages, f"Salon-Release: {VERSION}")
        assert f"[ok] Pages : servies par la version {VERSION}" in flask(
            seeded, "doctor", **address
        )
        answering.result()
        beat(seeded)
        (seeded / "worker.alive").write_text("0.9")
        answering = pool.submit(answer_once, pages, "Salon-Release: 0.9")
        output = flask(seeded, "doctor", code=1, **address)
        answering.result()
    (seeded / "worker.alive").unlink()
    stale = f"la version 0.9 tourne encore, la {VERSION} est installée"
    assert f"[À VOIR] Pages : {stale} : systemctl reload salon-web" in output
    assert f"[À VOIR] Travail de fond : {stale} : systemctl restart salon-worker" in output


def answer_once(pages: socket.socket, header: str) -> None:
    """Answer one request, as pages of another release do."""
    connection, _ = pages.accept()
    with closing(connection):
        connection.recv(4096)
        connection.sendall(f"HTTP/1.1 200 OK\r\n{header}\r\n\r\n".encode())


def test_a_misspelt_variable_is_reported(seeded: Path) -> None:
    misspelt = {"SMTP_HSOT": "mail.example", "PUBLIC_ULR": "https://salon.example"}
    output = flask(seeded, "doctor", code=1, SALON_DATE="/tmp", HOME="/", **misspelt)
    assert (
        "[À VOIR] Réglages : PUBLIC_ULR n’est lu par rien : PUBLIC_URL\u00a0? "
        "SALON_DATE n’est lu par rien : SALON_DATA\u00a0? "
        "SMTP_HSOT n’est lu par rien : SMTP_HOST\u00a0?"
    ) in output
    assert "Réglage sans effet : SMTP_HSOT" in flask(seeded, "worker", "--once", **misspelt)


@pytest.mark.parametrize(
    "statement",
    ["SELECT stored_name FROM exhibitor_documents", "SELECT file_name FROM paper_packs"],
)
def test_the_doctor_misses_a_file_that_a_row_names(seeded: Path, statement: str) -> None:
    flask(seeded, "worker", "--once")
    with closing(sqlite3.connect(seeded / "salon.sqlite")) as connection:
        (name,) = connection.execute(statement).fetchone()
    lost = seeded / "uploads" / name
    aside = lost.rename(seeded / name)
    output = flask(seeded, "doctor", code=1)
    assert "[À VOIR] Fichiers : 1\u00a0fichier sur" in output
    assert name in output
    aside.rename(lost)
    assert "[ok] Fichiers" in flask(seeded, "doctor")


def people_and_files(folder: Path) -> tuple[int, ...]:
    """Names, private links, scans, badges and messages of a database, and the uploads beside."""
    counts = (
        "SELECT count(*) FROM attendees WHERE last_name <> 'Personne effacée' AND name_key <> ''",
        "SELECT count(*) FROM badges WHERE revoked_at IS NULL",
        "SELECT count(*) FROM exhibitor_contacts WHERE email <> ''",
        "SELECT count(*) FROM exhibitor_documents",
        "SELECT count(*) FROM agents WHERE email <> ''",
        "SELECT count(*) FROM messages",
        "SELECT count(*) FROM journal_entries WHERE action NOT LIKE 'retention.%'",
    )
    with closing(sqlite3.connect(folder / "salon.sqlite")) as connection:
        rows = [connection.execute(count).fetchone()[0] for count in counts]
    return (*rows, len(list((folder / "uploads").iterdir())))


@pytest.mark.long
def test_a_restored_fair_of_2021_is_whole_after_the_worker_has_run_in_another_year(
    seeded: Path, migrated: Path, tmp_path: Path
) -> None:
    archive, restored = tmp_path / "salon.zip", tmp_path / "restored"
    flask(seeded, "backup", str(archive))
    copy_data(migrated, restored)
    flask(restored, "restore", str(archive))
    shutil.copy(seeded / "secret_key", restored / "secret_key")
    assert (restored / "clock.json").read_text() == (seeded / "clock.json").read_text()
    before = people_and_files(restored)
    assert min(before) > 0
    today = {"SALON_DEMONSTRATION": "0"}
    flask(restored, "worker", "--once", **today)
    after = people_and_files(restored)
    assert all(left >= item for item, left in zip(before, after, strict=True))
    assert "restaurée d’une sauvegarde" in flask(restored, "purge", code=1, **today)
    assert people_and_files(restored) == after
    report = json.loads(flask(restored, "purge", "--dry-run", **today))
    assert {slip["table"] for slip in report["slips"]} >= {"attendees", "badges", "agents"}
    flask(restored, "purge", "--force", **today)
    assert people_and_files(restored)[0] == 0


PRODUCTION = {
    "SALON_ENV": "production",
    "SECRET_KEY": "8f1c0e5b7a2d94436be0a17c5d9f2e8b",
    "PUBLIC_URL": "https://salon34.fr",
}


def test_production_does_not_start_in_demonstration(tmp_path: Path) -> None:
    unsafe = {**PRODUCTION, "SALON_DEMONSTRATION": "1"}
    assert "refuse SALON_DEMONSTRATION" in start(tmp_path, "doctor", code=1, **unsafe)


def test_production_does_not_serve_a_database_with_public_accounts(seeded: Path) -> None:
    assert "ses comptes sont publics" in flask(seeded, "serve", code=1, PORT="1", **PRODUCTION)


@each(
    ("words", "sentence"),
    [
        (("create-organiser", "notanemail"), "« notanemail » n’est pas une adresse électronique."),
        (("badge-codes", "--limit", "-1"), "« -1 » n’est pas un nombre entier, 0 ou plus."),
        (("seed", "--visitors=-5"), "« -5 » n’est pas un nombre entier"),
        (("load-edition", "/nulle/part"), "Le dossier /nulle/part n’existe pas."),
        (("restore", "/nulle/part"), "Le fichier /nulle/part n’existe pas."),
        (("backup", "/nulle/part/salon.zip"), "Le dossier /nulle/part n’existe pas."),
        (("print-badges", "--output", "/nulle/part/a.pdf"), "Le dossier /nulle/part n’existe pas."),
        (("solve-rota", "--output", "/tmp"), "/tmp est un dossier"),
        (("load-edition", "salon"), "le fichier est absent"),
    ],
)
def test_what_a_command_cannot_do_is_said_in_one_french_line(
    runner: FlaskCliRunner, words: tuple[str, ...], sentence: str
) -> None:
    result = runner.invoke(args=words)
    assert (result.exit_code, sentence in result.output) == (1, True), result.output
    assert len(result.output.splitlines()) == 1, result.output


def test_a_database_that_does_not_serve_is_said_in_one_line(tmp_path: Path) -> None:
    answer = flask(tmp_path, "badge-codes", code=1)
    assert answer == "Error: La base n’est pas migrée : salon migrate\n"
    away = {"DATABASE_URL": "postgresql://salon:motdepasse@127.0.0.1:1/salon"}
    answer = flask(tmp_path, "badge-codes", code=1, **away)
    assert answer.startswith("Error: La base ne répond pas")
    assert len(answer.strip().splitlines()) == 1
    assert "motdepasse" not in answer


def test_a_real_fair_is_loaded_without_accounts_nor_people(migrated: Path, tmp_path: Path) -> None:
    real = {"SALON_DEMONSTRATION": "0"}
    copy_data(migrated, tmp_path)
    assert "load-edition" in flask(tmp_path, "seed", code=1, **real)
    assert "mot de passe est public" in flask(tmp_path, "seed", code=1, **PRODUCTION)
    output = flask(tmp_path, "load-edition", "seed_data/2021", **real)
    assert "341 communes, 17 EPCI" in output
    assert "vendredi 1er\u00a0octobre 2021" in output
    assert flask(tmp_path, "badge-codes", **real) == ""
    assert "déjà" in flask(tmp_path, "load-edition", "seed_data/2021", code=1, **real)
    flask(tmp_path, "load-edition", "seed_data/2018", **real)
    saved = flask(tmp_path, "save-edition", str(tmp_path / "public"), **real)
    assert "octobre 2021" in saved, "a second edition does not replace the public one"


def test_the_measures_are_named_and_begin() -> None:
    command = [sys.executable, "-m", "bench", "nothing"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.stderr.startswith("Unknown: nothing. Known: scans pages"), answer.stderr
