"""Files come and go by the pages in the same way, wherever they lie."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from salon import create_app
from salon.doctor import examine
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.paper.jobs import PAPER_PACKS, ask_pack
from salon.paper.queries import get_pack
from salon.platform.database.db import db
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.installation import Settings
from tests.buckets import S3Server
from tests.conftest import settings_for
from tests.exhibitor_space.made import pdf
from tests.exhibitor_space.pages import address, documents, send
from tests.exhibitors.make import make_exhibitor
from tests.factories import act_in, make_edition, new_key, sign_in
from tests.jobs import run as run_jobs
from tests.pages import PageClient

PACKS = "/organisation/dossier-papier"


@pytest.fixture
def exhibitor(edition: Edition) -> Exhibitor:
    return make_exhibitor(edition, email="elise@exposant.example")


@pytest.fixture
def elise(app: Flask, exhibitor: Exhibitor) -> PageClient:
    return sign_in(app, Role.EXHIBITOR, "elise@exposant.example")


def test_a_document_is_given_and_read_back(
    elise: PageClient, exhibitor: Exhibitor, settings: Settings
) -> None:
    content = pdf()
    assert send(elise, exhibitor, content, "été.pdf").status_code == 302
    [document] = documents()
    assert [file.name for file in settings.file_store.files_in("uploads")] == [
        f"uploads/{document.stored_name}"
    ]
    with elise.get(address(exhibitor, f"/documents/{document.id}")) as answer:
        assert answer.data == content
        headers = answer.headers
    assert headers["Content-Length"] == str(len(content))
    assert headers["Content-Disposition"].startswith('attachment; filename="ete.pdf"')
    assert "sandbox" in headers.getlist("Content-Security-Policy")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_part_of_a_printed_file_may_be_asked_for(
    app: Flask, edition: Edition, settings: Settings
) -> None:
    pack_id = ask_pack(act_in(edition, SYSTEM), new_key())
    assert run_jobs(PAPER_PACKS) == 1
    organiser = sign_in(app, Role.ORGANISER)
    with organiser.get(f"{PACKS}/{pack_id}.pdf") as answer:
        content = answer.data
        assert answer.content_length == len(content)
        assert answer.headers["Accept-Ranges"] == "bytes"
        etag = answer.headers["ETag"]
    stored_name = get_pack(edition, pack_id).file_name
    assert settings.file_store.read(f"uploads/{stored_name}") == content
    with organiser.get(f"{PACKS}/{pack_id}.pdf", headers={"Range": "bytes=100-199"}) as answer:
        assert answer.status_code == 206
        assert answer.data == content[100:200]
        assert answer.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    with organiser.get(f"{PACKS}/{pack_id}.pdf", headers={"If-None-Match": etag}) as answer:
        assert answer.status_code == 304
    settings.file_store.delete(f"uploads/{stored_name}")
    assert organiser.get(f"{PACKS}/{pack_id}.pdf").status_code == 404
    assert organiser.get(PACKS).status_code == 200


def test_a_bucket_that_is_gone_is_a_503_and_rows_and_files_agree(
    database: str, tmp_path: Path
) -> None:
    server = S3Server(tmp_path / "buckets")
    settings = replace(settings_for(tmp_path, database), files_bucket=server.bucket())
    app = create_app(settings)
    app.test_client_class = PageClient
    with app.app_context():
        exhibitor = make_exhibitor(make_edition(), email="elise@exposant.example")
        elise = sign_in(app, Role.EXHIBITOR, "elise@exposant.example")
        with server.running():
            send(elise, exhibitor, pdf())
        [document] = documents()
        refused = send(elise, exhibitor, pdf(2))
        assert refused.status_code == 503
        assert "rien n’a été enregistré" in refused.text
        assert [saved.id for saved in documents()] == [document.id]
        read = elise.get(address(exhibitor, f"/documents/{document.id}"))
        assert read.status_code == 503
        assert "Retry-After" in read.headers
        assert "<h1" in read.text
        with server.running():
            assert elise.get(address(exhibitor, f"/documents/{document.id}")).data == pdf()
            names = [file.name for file in settings.file_store.files_in("uploads")]
        assert names == [f"uploads/{document.stored_name}"]
        db.session.remove()
        db.engine.dispose()


def test_the_probe_says_that_the_bucket_is_gone_and_the_fair_goes_on(
    database: str, tmp_path: Path
) -> None:
    server = S3Server(tmp_path / "buckets")
    settings = replace(settings_for(tmp_path, database), files_bucket=server.bucket())
    with server.running():
        answer = create_app(settings).test_client().get("/readyz")
        assert (answer.status_code, answer.text) == (200, "ready\n")
    answer = create_app(settings).test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready, but the files do not answer\n")


def test_the_doctor_writes_reads_and_deletes_a_file(
    app: Flask, edition: Edition, settings: Settings
) -> None:
    finding = next(finding for finding in examine(settings) if finding.key == "files")
    assert finding.in_order
    assert settings.file_store.place in finding.words


def test_the_doctor_says_that_the_bucket_is_gone(
    app: Flask, edition: Edition, s3: S3Server
) -> None:
    settings = replace(app.config["SALON"], files_bucket=replace(s3.bucket(), secret_key="wrong"))
    finding = next(finding for finding in examine(settings) if finding.key == "files")
    assert not finding.in_order
    assert "ne s’écrit ni ne se lit" in finding.words
