"""`/metrics` of a real server: the processes' counts are added up, and nobody is in them."""

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from salon.accounts.models import Station
from salon.accounts.services.stations import issue_station_token
from salon.badges.models import PrintRun
from salon.dashboard.documents.gauges import gauges_of
from salon.entrance.models import StationReport
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.marks import BACKUP, DRILL, note_done
from salon.platform.mail import outbox
from salon.platform.settings.clock import real_now
from salon.platform.settings.environment import UnsafeSettings
from salon.platform.settings.installation import Settings, read_settings
from salon.platform.web.access import settings as settings_of
from salon.platform.work.heartbeat import beat
from salon.platform.work.jobs import JobStatus
from salon.platform.work.metrics import forget_metrics
from tests.badges.people import badge_of, register_one
from tests.pages import PageClient
from tests.platform.work.operations.test_locked_database import ask
from tests.processes import answers, wait_for, web_server
from tests.webserver.conftest import web_processes_of

TOKEN = "c0ffee5b1d4a8e7f90213456789abcdef0123456"
CANARY = "canari-jaune@secret.example"
Values = dict[tuple[str, ...], float]


@contextmanager
def counting_server(settings: Settings) -> Iterator[tuple[int, psutil.Process]]:
    """Yield the port and the supervisor of two web processes that count."""
    with web_server(settings.data, METRICS_TOKEN=TOKEN) as server:
        yield server


def text_of_metrics(port: int) -> str:
    status, text, answer = ask(port, "GET", "/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert str(answer.getheader("Content-Type")).startswith("text/plain")
    assert answer.getheader("Cache-Control") == "no-store"
    return text


def values_in(text: str) -> Values:
    """Return each sample by its name and the values of its labels, in the order of their names."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def total(values: Values, *beginning: str) -> float:
    return sum(value for key, value in values.items() if key[: len(beginning)] == beginning)


def scan(port: int, token: str, *codes: str) -> None:
    scans = [
        {
            "scan_id": str(uuid.uuid4()),
            "code": f"HTTPS://SALON/B/{code}",
            "scanned_at": real_now().isoformat(),
            "door": "A",
            "direction": "in",
        }
        for code in codes
    ]
    head = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
    assert ask(port, "POST", "/api/v1/scans", json.dumps({"scans": scans}), **head)[0] == 200


def test_processes_are_added_up_and_a_dead_one_still_counts(
    app: Flask, edition: Edition, settings: Settings
) -> None:
    code = badge_of(register_one(email=CANARY).id).code
    station = issue_station_token(Act(SYSTEM), "Porte A", edition.id)
    with counting_server(settings) as (port, supervisor):
        for _ in range(20):
            assert ask(port, "GET", "/village")[0] == 200
        for number in range(10):
            assert ask(port, "GET", f"/badge/{uuid.uuid4().hex}{number}?email={CANARY}")[0] == 404
            assert ask(port, "GET", f"/nulle-part/{number}")[0] == 404
        scan(port, station, code, code, "A" * 26)
        scan(port, station, code)
        ask(port, "PROPFIND", "/")
        files = list((settings.data / "metrics").glob("counter_*.db"))
        assert len(files) == 2, "both processes have answered"
        text = text_of_metrics(port)
        values = values_in(text)
        assert values["salon_http_requests_total", "GET", "/village", "200"] == 20
        assert values["salon_http_requests_total", "GET", "/badge/<token>", "404"] == 10
        assert total(values, "salon_http_requests_total", "GET", "other") == 10
        assert total(values, "salon_http_requests_total", "other") == 1
        assert values["salon_http_request_duration_seconds_count", "/village"] == 20
        assert values["salon_http_request_duration_seconds_bucket", "+Inf", "/village"] == 20
        assert values["salon_scans_total", "accepted"] == 1
        assert values["salon_scans_total", "already_inside"] == 2
        assert values["salon_scans_total", "invalid"] == 1
        assert values["salon_operations_total", "call", "done"] == 2
        assert values["salon_operations_total", "task", "failed"] == 0, "before the first failure"
        assert values["salon_database_up",] == 1
        for secret in (CANARY, code, station, TOKEN, "nulle-part", "email="):
            assert secret not in text
        for process in web_processes_of(supervisor):
            process.kill()
        wait_for(lambda: answers(port), "another process")
        assert values_in(text_of_metrics(port))["salon_scans_total", "already_inside"] == 2


def test_whoever_has_no_token_finds_nothing(
    app: Flask, client: PageClient, edition: Edition, settings: Settings
) -> None:
    unknown = re.sub("/ailleurs", "/metrics", client.get("/ailleurs").text)
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        answer = client.get("/metrics", headers=headers)
        assert (answer.status_code, answer.text) == (404, unknown), "no token is set: it is closed"
    assert not (settings.data / "metrics").exists(), "nothing is counted"
    with counting_server(settings) as (port, _):
        for word in ("", "Bearer", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", f"Bearer {TOKEN}é"):
            headers = {"Authorization": word.encode().decode("latin-1")} if word else {}
            assert ask(port, "GET", "/metrics", **headers)[0] == 404
        assert ask(port, "GET", f"/metrics?token={TOKEN}")[0] == 404
        assert text_of_metrics(port)


@pytest.mark.parametrize("token", ["court", "a" * 64, "secret-" + "0123456789abcdef" * 3])
def test_a_token_that_can_be_guessed_is_refused_at_start(tmp_path: Path, token: str) -> None:
    with pytest.raises(UnsafeSettings, match="METRICS_TOKEN"):
        read_settings({"SALON_DATA": str(tmp_path), "METRICS_TOKEN": token})


def gauges() -> Values:
    current_session().rollback()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in gauges_of(settings_of())
        for sample in family.samples
    }


@pytest.mark.on_both
def test_gauges_say_what_waits_and_what_is_silent(app: Flask, edition: Edition) -> None:
    before = gauges()
    assert "salon_outbox_oldest_age_seconds" not in {name for name, *_ in before}
    assert "salon_worker_heartbeat_age_seconds" not in {name for name, *_ in before}
    assert "salon_backup_age_seconds" not in {name for name, *_ in before}
    begun_at = real_now()
    beat(settings_of().data)
    note_done(BACKUP, "salon.zip")
    note_done(DRILL, "salon.zip")
    moment = real_now()
    for name in ("Porte A", "Porte B", "Porte C"):
        issue_station_token(Act(SYSTEM), name, edition.id)
    with transaction() as session:
        outbox.post(session, "mail_check", "a@b.example", sent_at="")
        stations = session.query(Station).order_by(Station.id).all()
        for station, minutes in zip(stations, (0, 5, 600), strict=True):
            station.enrolled_at = moment - timedelta(minutes=10)
            told_at = moment - timedelta(minutes=minutes)
            session.add(StationReport(station_id=station.id, received_at=told_at))
        for finished_ago in (timedelta(hours=1), timedelta(days=3)):
            session.add(
                PrintRun(
                    edition_id=edition.id,
                    layout="a4",
                    asked_by="",
                    asked_at=moment,
                    status=JobStatus.FAILED,
                    finished_at=moment - finished_ago,
                )
            )
    values = gauges()
    assert values["salon_outbox_messages", "waiting"] == 1
    assert values["salon_jobs", "print_runs", "failed"] == 1, "that of today"
    assert values["salon_jobs", "rota_runs", "waiting"] == 0
    assert values["salon_stations", "answering"] == 1
    assert values["salon_stations", "silent"] == 1, "the third has not spoken since its enrolment"
    assert values["salon_database_size_bytes",] > 10_000
    assert values["salon_database_write_seconds",] > 0
    elapsed_s = (real_now() - begun_at).total_seconds()
    for name in ("outbox_oldest", "worker_heartbeat", "backup", "restore_drill"):
        assert 0 <= values[f"salon_{name}_age_seconds",] <= elapsed_s + 1
    assert values["salon_disk_free_bytes",] > 0


def test_without_its_database_the_machine_is_still_measured(app: Flask) -> None:
    db.session.remove()
    db.engine.dispose()
    for file in settings_of().data.glob("salon.sqlite*"):
        file.unlink()
    values = gauges()
    assert values["salon_database_up",] == 0
    assert values["salon_disk_free_bytes",] > 0
    assert "salon_outbox_messages" not in {name for name, *_ in values}


def test_a_new_server_forgets_the_counts_of_processes_that_ended(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    folder = tmp_path / "metrics"
    folder.mkdir()
    for pid in (ended.pid, os.getpid()):
        (folder / f"counter_{pid}.db").touch()
    forget_metrics(tmp_path)
    assert [file.name for file in folder.iterdir()] == [f"counter_{os.getpid()}.db"]
