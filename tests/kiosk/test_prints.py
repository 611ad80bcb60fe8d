"""Badges that a kiosk prints, or asks of a print station: each once."""

from flask import Flask

from salon.accounts.models import StationKind
from salon.badges.models import Badge
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.journal import entries
from tests.entrance.people import make_badge
from tests.kiosk.make import Device, make_device, new_job, printings, settle
from tests.pages import PageClient


def test_a_print_is_asked_once_taken_once_and_recorded(
    app: Flask, kiosk: Device, printer: Device, badge: Badge, edition: Edition
) -> None:
    payload = {"visit": kiosk.visit(badge.code), "job_id": new_job()}
    assert kiosk.post("print-jobs", payload).json["waiting"] == 1
    assert kiosk.post("print-jobs", payload).json["waiting"] == 1
    taken = printer.post("print-jobs/next", {}).json
    assert taken["job"]["badge"] == {
        "first_name": "Élodie",
        "last_name": "Roque",
        "function": "Maire",
        "on_behalf_of": "Espondeilhan",
        "stand": "",
        "day": edition.day_label,
        "category": "Élue",
        "colour": "#2440A8",
        "payload": f"{app.config['SALON'].qr_prefix}{badge.code}",
        "short_code": f"{badge.code[:4]} {badge.code[4:8]}",
        "lines": ["function", "organisation", "fair"],
    }
    assert (taken["job"]["layout"], taken["waiting"]) == ("a6", 1)
    for _ in range(2):
        answer = printer.post(f"print-jobs/{taken['job']['id']}/done", {})
        assert answer.json["waiting"] == 0
    assert [printing.badge_id for printing in printings()] == [badge.id]
    assert printer.post("print-jobs/next", {}).json["job"] is None


def test_a_kiosk_that_prints_itself_records_it_once(
    kiosk: Device, edition: Edition, badge: Badge
) -> None:
    settle(edition, kiosk_layout="62mm")
    payload = {"job_id": new_job(), "code_hash": badge.code_hash}
    assert kiosk.post("printings", payload).json["recorded"]
    assert kiosk.post("printings", payload).json["recorded"]
    assert [printing.printed_by for printing in printings()] == ["Borne"]
    entry = current_session().scalars(entries("badge.printed")).one()
    assert entry.details["layout"] == "62mm"
    assert not kiosk.post("printings", {**payload, "code_hash": "0" * 64}).json["recorded"]
    assert kiosk.post("printings", {"job_id": "x", "code_hash": "y"}).status_code == 400


def test_a_job_id_is_for_one_badge(kiosk: Device, edition: Edition, badge: Badge) -> None:
    job, other_badge = new_job(), make_badge(edition)
    assert kiosk.post("print-jobs", {"visit": kiosk.visit(badge.code), "job_id": job}).json
    answer = kiosk.post("print-jobs", {"visit": kiosk.visit(other_badge.code), "job_id": job})
    assert answer.status_code == 422
    assert kiosk.post("print-jobs", {"visit": kiosk.visit(other_badge.code)}).status_code == 400


def test_somebody_elses_job_is_not_finished(
    client: PageClient, edition: Edition, kiosk: Device, printer: Device, badge: Badge
) -> None:
    kiosk.post("print-jobs", {"visit": kiosk.visit(badge.code), "job_id": new_job()})
    number = printer.post("print-jobs/next", {}).json["job"]["id"]
    other_device = make_device(client, edition, StationKind.PRINTER, "Autre poste")
    assert other_device.post(f"print-jobs/{number}/done", {}).status_code == 409
    assert other_device.post(f"print-jobs/{number + 1}/done", {}).status_code == 404
    assert printings() == []
