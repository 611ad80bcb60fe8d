"""The documents that an exhibitor sends."""

import gc
import io

import pytest
from flask import Flask

from salon.exhibitors.models import DocumentStatus, Exhibitor
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.platform.settings.installation import Settings
from tests.exhibitor_space.made import archive, pdf, photo
from tests.exhibitor_space.pages import actions, address, documents, raw_form, send
from tests.exhibitors.make import make_exhibitor
from tests.factories import sign_in
from tests.pages import PageClient
from tests.tables import each

# Documents


def test_a_document_is_given_and_read_back_as_an_attachment(
    elise: PageClient, exhibitor: Exhibitor
) -> None:
    content = pdf()
    answer = send(elise, exhibitor, content, "../../«été».pdf")
    assert answer.headers["Location"] == address(exhibitor, "/documents")
    [document] = documents()
    read = elise.get(address(exhibitor, f"/documents/{document.id}"))
    assert read.data == content
    assert read.headers["Content-Disposition"] == (
        "attachment; filename=\"ete.pdf\"; filename*=UTF-8''%C2%AB%C3%A9t%C3%A9%C2%BB.pdf"
    )
    assert "sandbox" in read.headers.getlist("Content-Security-Policy")
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert read.headers["Cache-Control"] == "no-store"
    assert read.mimetype == "application/pdf"
    assert actions()[-2:] == ["document.given", "document.read"]


@pytest.mark.parametrize(
    ("name", "saved_name"),
    [
        ('filename="a%0D%0ASet-Cookie: x=1.pdf"', "a 0D 0ASet-Cookie x=1.pdf"),
        ("filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D1.pdf", "a Set-Cookie x=1.pdf"),
        ("filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd.pdf"),
        ('filename="\\"; evil=\\"1.exe"', "evil= 1.pdf"),
        ('filename="' + "x" * 300 + '.pdf"', "x" * 96 + ".pdf"),
    ],
)
def test_a_hostile_name_stays_a_name(
    elise: PageClient, exhibitor: Exhibitor, name: str, saved_name: str
) -> None:
    path, body, content_type = raw_form(elise, exhibitor, name, pdf())
    answer = elise.post(path, data=body, content_type=content_type)
    assert answer.status_code == 302
    [document] = documents()
    assert document.name == saved_name
    read = elise.get(address(exhibitor, f"/documents/{document.id}"))
    assert read.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "x=1" not in read.headers.get("Set-Cookie", "")


def test_a_document_is_closed_to_others(
    app: Flask, elise: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    send(elise, exhibitor, pdf())
    [document] = documents()
    own_exhibitor = make_exhibitor(edition, email="autre@exposant.example")
    other_client = sign_in(app, Role.EXHIBITOR, "autre@exposant.example")
    assert other_client.get(address(exhibitor, f"/documents/{document.id}")).status_code == 404
    assert other_client.get(address(own_exhibitor, f"/documents/{document.id}")).status_code == 404
    agent = sign_in(app, Role.AGENT, "agent@herault.example")
    for path in (
        address(exhibitor, f"/documents/{document.id}"),
        f"/organisation/documents/{document.id}/fichier",
    ):
        assert agent.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 302
    assert "document.read" not in actions()


@each(
    ("content", "name", "sentence"),
    [
        (b"MZ" + bytes(99), "contrat.pdf", "porte le nom d’un PDF"),
        (b"%PDF-1.4 bonjour", "contrat.pdf", "incomplet"),
        (archive(), "contrat.docx", "Enregistrer en PDF"),
        (b"<svg/>", "plan.svg", "Envoyez un PDF"),
        (b"", "vide.pdf", "vide"),
    ],
)
def test_a_file_that_is_no_document_is_a_400_and_nothing_is_written(
    elise: PageClient,
    exhibitor: Exhibitor,
    settings: Settings,
    content: bytes,
    name: str,
    sentence: str,
) -> None:
    answer = send(elise, exhibitor, content, name)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert documents() == []
    assert not (settings.data / "uploads").exists()


def test_a_document_too_heavy_by_one_byte_is_a_413(
    elise: PageClient, exhibitor: Exhibitor, settings: Settings
) -> None:
    limit = settings.document_max_bytes
    content = photo()
    answers = []
    for room in (0, 1, 40_000):
        heavy = content + bytes(limit + room - len(content))
        path, body, content_type = raw_form(elise, exhibitor, 'filename="a.jpg"', heavy)
        answers.append(elise.post(path, data=body, content_type=content_type))
    assert [answer.status_code for answer in answers] == [302, 413, 413]
    assert "trop lourd" in answers[1].text
    assert "trop volumineux" in answers[2].text
    assert len(documents()) == 1


def test_the_quota_is_a_400(elise: PageClient, exhibitor: Exhibitor, app: Flask) -> None:
    from dataclasses import replace

    app.config["SALON"] = replace(app.config["SALON"], documents_per_exhibitor=1)
    assert send(elise, exhibitor, pdf()).status_code == 302
    answer = send(elise, exhibitor, pdf(2))
    assert answer.status_code == 400
    assert "le plus possible" in answer.text
    app.config["SALON"] = replace(
        app.config["SALON"], documents_per_exhibitor=9, documents_quota_bytes=len(pdf()) + 10
    )
    answer = send(elise, exhibitor, pdf(2))
    assert answer.status_code == 400
    assert "toute la place" in answer.text
    assert len(documents()) == 1


def test_sending_is_slowed_down(elise: PageClient, exhibitor: Exhibitor) -> None:
    answers = [send(elise, exhibitor, b"MZ").status_code for _ in range(11)]
    assert answers == [400] * 10 + [429]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_upload_cut_on_the_way_leaves_nothing(
    elise: PageClient, exhibitor: Exhibitor, settings: Settings
) -> None:
    """The body announces more than it brings."""
    path, body, content_type = raw_form(elise, exhibitor, 'filename="a.pdf"', pdf())
    answer = elise.open(
        path,
        method="POST",
        input_stream=io.BytesIO(body[:-400]),
        content_length=len(body),
        content_type=content_type,
    )
    gc.collect()  # what the parser had begun to keep
    assert answer.status_code == 400
    assert documents() == []
    assert not (settings.data / "uploads").exists()


def test_a_role_in_the_form_changes_nothing(elise: PageClient, exhibitor: Exhibitor) -> None:
    answer = send(elise, exhibitor, pdf(), role="organiser", status="accepted", exhibitor_id="999")
    assert answer.status_code == 302
    [document] = documents()
    assert (document.status, document.exhibitor_id) == (DocumentStatus.WAITING, exhibitor.id)


def test_a_file_that_is_no_longer_on_the_disk_is_a_404(
    elise: PageClient, organiser: PageClient, exhibitor: Exhibitor, settings: Settings
) -> None:
    send(elise, exhibitor, pdf())
    [document] = documents()
    (settings.data / "uploads" / document.stored_name).unlink()
    assert elise.get(address(exhibitor, f"/documents/{document.id}")).status_code == 404
    assert organiser.get(f"/organisation/documents/{document.id}/fichier").status_code == 404
