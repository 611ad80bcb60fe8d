"""The contacts of a stand: read, noted, taken away."""

import csv
import io
import json
import zipfile

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from salon.badges.models import Badge
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.leads.engine import stand_code
from salon.leads.imports import read_readings
from salon.leads.models import Interest
from salon.leads.models.labels import Purpose
from salon.leads.queries.leads import find_lead
from salon.leads.rules import SENDINGS_PER_MINUTE, TYPED_PER_MINUTE, UnreadableReadings
from salon.platform.documents.qr import qr_matrix
from salon.platform.settings.clock import now
from tests.exhibitors.make import make_exhibitor
from tests.factories import new_key
from tests.leads.make import (
    COMMUNE,
    EMAIL,
    EMAIL_ALONE,
    NAME,
    PHONE,
    fresh,
    give,
    read,
)
from tests.leads.pages import home
from tests.pages import PageClient
from tests.tables import each


def send(client: PageClient, exhibitor: Exhibitor, *readings: object) -> object:
    token = client.get(f"{home(exhibitor)}/lecture/etat").json
    assert token is not None
    return client.post(
        f"{home(exhibitor)}/lecture",
        json={"readings": list(readings)},
        headers={"X-CSRFToken": token["csrf_token"]},
    )


def reading(badge: Badge, **overrides: object) -> dict[str, object]:
    values = {"reading_id": new_key(), "read_at": now().isoformat(), "code_hash": badge.code_hash}
    return {**values, **overrides}


# --- The stand -----------------------------------------------------------------------------------


def test_a_stand_reads_follows_and_takes_its_list_away(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    assert "Personne pour l’instant" in stand.get(home(exhibitor)).text
    answer = send(stand, exhibitor, reading(badge, note="40 mâts", interest="project"))
    (result,) = answer.json["results"]  # type: ignore[attr-defined]
    assert (result["word"], result["person"]) == ("Contact non partagé", None)
    lead = fresh(result["number"])
    give(lead)
    page = stand.get(result["address"])
    assert all(words in page.text for words in (NAME, COMMUNE, EMAIL, PHONE, "40 mâts"))
    saved = stand.fill(
        result["address"],
        version=str(lead.version),
        interest="urgent",
        note="=1+1",
        follow_up="+33 Envoyer un devis",
        follow_up_on="2020-01-02",
    )
    assert saved.status_code == 302
    listed = stand.get(home(exhibitor), query_string={"state": "late", "interest": "urgent"})
    assert "1 contact" in listed.text.replace("\u00a0", " ")
    assert "En retard" in listed.text
    file = stand.get(f"{home(exhibitor)}/csv/follow_up")
    assert file.data.startswith(b"\xef\xbb\xbf")
    assert "contacts-recontacter.csv" in file.headers["Content-Disposition"]
    _, row = csv.reader(io.StringIO(file.text.lstrip("\ufeff")), delimiter=";")
    assert row[4:9] == [NAME, "Gardienne du moulin", COMMUNE, EMAIL, PHONE]
    assert row[11:14] == ["'=1+1", "'+33 Envoyer un devis", "02/01/2020"]
    (line,) = list(
        csv.reader(io.StringIO(stand.get(f"{home(exhibitor)}/csv/news").text), delimiter=";")
    )[1:]
    assert line[4:10] == ["Contact non partagé", "", "", "", "", ""]


def test_no_cell_of_the_workbook_is_a_formula(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    lead = read(exhibitor, badge, note="=HYPERLINK(1)")
    give(lead, {Purpose.NEWS: EMAIL_ALONE})
    book = stand.get(f"{home(exhibitor)}/xlsx/news").data
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        strings = b"".join(parts.read(path) for path in parts.namelist()).decode("utf-8", "replace")
    assert "<f>" not in sheet
    assert "HYPERLINK(1)" in strings
    assert EMAIL in strings


def test_two_of_a_stand_get_both_versions(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    lead = read(exhibitor, badge)
    page = f"{home(exhibitor)}/{lead.id}"
    typed = {"version": str(lead.version), "interest": "project"}
    assert stand.fill(page, **typed, note="<b>Un</b>").status_code == 302
    conflict = stand.fill(page, **typed, note="Deux")
    assert conflict.status_code == 409
    assert "&lt;b&gt;Un&lt;/b&gt;" in conflict.text
    assert "Deux" in conflict.text
    assert fresh(lead.id).note == "<b>Un</b>"
    second_answer = stand.fill(
        page, **{**typed, "version": str(fresh(lead.id).version)}, note="Deux"
    )
    assert second_answer.status_code == 302


@each(
    "wrong",
    [
        {"version": ""},
        {"version": "zz"},
        {"version": "9" * 5_000},
        {"interest": "zz"},
        {"note": "x" * 2001},
        {"note": "\x07"},
        {"follow_up": "x" * 201},
        {"follow_up_on": "demain"},
    ],
)
def test_what_is_typed_wrongly_is_told_and_not_kept(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge, wrong: dict[str, str]
) -> None:
    lead = read(exhibitor, badge)
    typed = {"version": str(lead.version), "interest": "curious", "note": "Bien", **wrong}
    answer = stand.fill(f"{home(exhibitor)}/{lead.id}", **typed)
    assert answer.status_code == 400
    assert fresh(lead.id).interest == Interest.UNSAID


def test_another_stand_s_contact_is_nowhere(
    app: Flask, edition: Edition, stand: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    other_exhibitor = make_exhibitor(edition)
    other_lead = read(other_exhibitor, badge)
    for path in (
        home(other_exhibitor),
        f"{home(other_exhibitor)}/{other_lead.id}",
        f"{home(exhibitor)}/{other_lead.id}",
        f"{home(other_exhibitor)}/affiche",
        f"{home(other_exhibitor)}/csv/news",
        f"{home(other_exhibitor)}/lecture/etat",
        f"{home(exhibitor)}/csv/inconnu",
    ):
        assert stand.get(path).status_code == 404, path
    token = stand.token(home(exhibitor))
    for path in (f"{home(exhibitor)}/{other_lead.id}", f"{home(other_exhibitor)}/lecture"):
        assert stand.post(path, data={"csrf_token": token}).status_code == 404


@each(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"readings": []}',
        b'{"readings": [1]}',
        b'{"readings": {"a": 1}}',
        b"[" * 5000,
    ],
)
def test_a_body_that_is_no_reading_is_refused(
    stand: PageClient, exhibitor: Exhibitor, body: bytes
) -> None:
    token = stand.get(f"{home(exhibitor)}/lecture/etat").json["csrf_token"]  # type: ignore[index]
    answer = stand.post(
        f"{home(exhibitor)}/lecture",
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 400
    with pytest.raises(UnreadableReadings):
        read_readings(body)


@each(
    "wrong",
    [
        {"reading_id": "1"},
        {"reading_id": 5},
        {"read_at": "2026-10-01T10:00:00"},
        {"read_at": 3},
        {"code_hash": "A" * 64},
        {"code_hash": "0" * 63},
        {"short_code": "ABCD2345"},
        {"code_hash": "", "short_code": "ABC"},
        {"note": "x" * 501},
        {"note": "\u0007"},
        {"note": 4},
        {"interest": "zz"},
    ],
)
def test_a_wrong_reading_leaves_nothing_of_the_others(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge, wrong: dict[str, object]
) -> None:
    answer = send(stand, exhibitor, reading(badge), reading(badge, **wrong))
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert find_lead(exhibitor.id, badge.attendee_id) is None


def test_a_stand_cannot_try_codes_without_end(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    typed = reading(badge, code_hash="", short_code="AAAAAAAA")
    many = [{**typed, "reading_id": new_key()} for _ in range(TYPED_PER_MINUTE)]
    assert send(stand, exhibitor, *many).status_code == 200  # type: ignore[attr-defined]
    assert send(stand, exhibitor, {**typed, "reading_id": new_key()}).status_code == 429  # type: ignore[attr-defined]
    for _ in range(SENDINGS_PER_MINUTE - 2):
        assert send(stand, exhibitor, reading(badge)).status_code == 200  # type: ignore[attr-defined]
    assert send(stand, exhibitor, reading(badge)).status_code == 429  # type: ignore[attr-defined]


def test_the_reading_page_is_whole_and_names_nobody(
    client: PageClient, exhibitor: Exhibitor
) -> None:
    """Anybody may open it: it is the same for all, and asks the server who one is."""
    page = client.get(f"{home(exhibitor)}/lecture")
    assert exhibitor.name not in page.text
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    worker = client.get(f"{home(exhibitor)}/lecture/sw.js").text
    files = json.loads(worker.split("const FILES = ")[1].split(";\n")[0])
    assert any(file.endswith("/js/leads/scan.js") for file in files)
    for file in files:
        answer = client.get(file)
        assert answer.status_code == 200, file
        answer.close()
    assert client.get(f"{home(exhibitor)}/lecture/fichiers/0/js/leads/scan.js").status_code == 404
    manifest = client.get(f"{home(exhibitor)}/lecture/application.webmanifest").json
    assert manifest is not None
    assert manifest["scope"] == f"{home(exhibitor)}/lecture"
    assert client.get(f"{home(exhibitor)}/lecture/etat").status_code == 302


def test_the_poster_s_code_opens_the_choice(
    stand: PageClient, client: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    page = stand.get(f"{home(exhibitor)}/affiche?format=a6").text
    address = f"/stand/{stand_code(exhibitor.private_token)}"
    assert address in page
    full = next(line for line in page.split("<p class=") if "lead-poster__address" in line)
    payload = full.split(">")[1].split("<")[0]
    rows = qr_matrix(payload)
    picture = Image.new("L", (len(rows) + 8, len(rows) + 8), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if dark else 255)
    (barcode,) = zxingcpp.read_barcodes(picture.resize([side * 6 for side in picture.size]))
    assert barcode.text == payload
    assert client.get(address).status_code == 200
    assert client.get("/stand/AAAAAAAAAAAAAAAA").status_code == 404
    other_exhibitor = make_exhibitor(edition)
    assert stand_code(other_exhibitor.private_token) != stand_code(exhibitor.private_token)
