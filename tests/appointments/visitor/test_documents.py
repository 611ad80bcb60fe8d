"""Documents, by the private page of an appointment."""

import io
from dataclasses import replace
from typing import Any

from flask import Flask

from salon.appointments.models import AppointmentDocument
from salon.fair.models import Edition
from tests.appointments.make import book, make_fair
from tests.badges.people import all_of
from tests.exhibitor_space.made import PHP, picture
from tests.pages import PageClient


def send(client: PageClient, path: str, content: bytes, name: str) -> Any:
    return client.fill(path, to=f"{path}/documents", file=(io.BytesIO(content), name))


def test_a_document_is_joined_read_and_removed(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    path = f"/rendez-vous/{book(fair, at=fair.at(9)).private_token}"
    form = client.get(path).text.partition('id="documents"')[2].partition("</form>")[0]
    assert "Un document" in form
    assert "obligatoire" not in form, "a document may be joined, none is asked"
    answer = send(client, path, picture(), "../plan\r\n de masse.png")
    assert answer.location == f"{path}#documents"
    document = all_of(AppointmentDocument)[0]
    address = f"{path}/documents/{document.id}"
    assert address in client.get(path).text
    read = client.get(address)
    assert read.data == picture()
    assert read.headers["Content-Disposition"].startswith("attachment;")
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in read.headers.getlist("Content-Security-Policy")
    assert client.post(f"{address}/retirer").status_code == 400
    requested_answer = client.fill(path, to=f"{address}/retirer")
    assert client.get(address).status_code == 200, "it goes once confirmed"
    assert client.confirm(requested_answer).status_code == 302
    assert client.get(address).status_code == 404


def test_what_is_no_document_is_refused_beside_the_field(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    path = f"/rendez-vous/{book(fair, at=fair.at(9)).private_token}"
    assert send(client, path, b"", "").status_code == 400
    refused = send(client, path, PHP, "plan.pdf")
    assert refused.status_code == 400
    assert "porte le nom d’un PDF" in refused.text
    assert all_of(AppointmentDocument) == []


def test_a_file_too_heavy_is_refused(app: Flask, client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    path = f"/rendez-vous/{book(fair, at=fair.at(9)).private_token}"
    app.config["SALON"] = replace(app.config["SALON"], document_max_bytes=len(picture()))
    refused = send(client, path, picture() + b"0", "plan.png")
    assert refused.status_code == 413
    assert "trop lourd" in refused.text


def test_nobody_reads_the_documents_of_another_appointment(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    first, second = (
        f"/rendez-vous/{book(fair, at=fair.at(hour)).private_token}" for hour in (9, 10)
    )
    send(client, first, picture(), "plan.png")
    document = all_of(AppointmentDocument)[0].id
    assert client.get(f"{second}/documents/{document}").status_code == 404
    removal = f"{second}/documents/{document}/retirer"
    assert client.fill(second, to=removal).status_code == 404
    assert len(all_of(AppointmentDocument)) == 1
