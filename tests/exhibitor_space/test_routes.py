"""The pages of an exhibitor's space and of the organisers who check it."""

import gc
import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from salon import create_app
from salon.exhibitors.models import ApplicationStatus, Document, DocumentStatus, Exhibitor, Task
from salon.fair.models import Edition
from salon.platform.backup import archive as vault
from salon.platform.clock import local, now
from salon.platform.db import current_session, db, transaction
from salon.platform.identity import Role
from salon.platform.journal import JournalEntry
from salon.platform.mail.outbox import Message
from salon.platform.settings import Settings
from salon.safety.models import SafetyForm
from tests.conftest import settings_for
from tests.exhibitor_space.made import archive, pdf, photo, picture, vast_png
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms
from tests.factories import sign_in
from tests.pages import PageClient

ELISE = "elise@exposant.example"


@pytest.fixture
def exhibitor(edition: Edition) -> Exhibitor:
    """An accepted exhibitor on stand 23 of hall 2, and the terms."""
    make_terms(edition)
    stand = make_stand(make_hall(edition, name="2"), number="23")
    return make_exhibitor(edition, name="Éclairage du Biterrois", email=ELISE, stand=stand)


@pytest.fixture
def elise(app: Flask, exhibitor: Exhibitor) -> PageClient:
    """Signed in as the contact of `exhibitor`."""
    return sign_in(app, Role.EXHIBITOR, ELISE)


@pytest.fixture
def organiser(app: Flask, exhibitor: Exhibitor) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def address(exhibitor: Exhibitor, more: str = "") -> str:
    return f"/mon-stand/{exhibitor.id}{more}"


def send(
    client: PageClient, exhibitor: Exhibitor, content: bytes, name: str = "contrat.pdf", **more: str
) -> TestResponse:
    """Sends a document through the page."""
    return client.fill(
        address(exhibitor, "/documents"),
        **{"kind": "contract", **more},
        file=(io.BytesIO(content), name),
    )


def documents() -> list[Document]:
    current_session().rollback()
    return list(current_session().scalars(select(Document).order_by(Document.id)))


def actions() -> list[str]:
    current_session().rollback()
    return list(current_session().scalars(select(JournalEntry.action).order_by(JournalEntry.id)))


# The space


def test_the_only_stand_opens_at_once(elise: PageClient, exhibitor: Exhibitor) -> None:
    answer = elise.get("/mon-espace", follow_redirects=True)
    assert answer.request.path == address(exhibitor)
    assert "<title>Hall 2, stand 23" in answer.text
    assert 'href="/plan/2#stand-23"' in answer.text


def test_several_stands_are_a_choice(
    elise: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    make_exhibitor(edition, name="Bornes du Biterrois", email=ELISE)
    page = elise.get("/mon-stand")
    assert page.status_code == 200
    assert page.text.index("Bornes du Biterrois") < page.text.index("Éclairage du Biterrois")


@pytest.mark.parametrize(
    "status", [status for status in ApplicationStatus if status != ApplicationStatus.ACCEPTED]
)
def test_before_acceptance_the_space_leads_to_the_application(
    elise: PageClient, exhibitor: Exhibitor, status: ApplicationStatus
) -> None:
    with transaction(exhibitor):
        exhibitor.stand_id = None
        exhibitor.status = status
        exhibitor.offer_expires_at = (
            now() + timedelta(days=3) if status == ApplicationStatus.OFFERED else None
        )
    page = elise.get("/mon-stand")
    assert page.status_code == 200
    assert f"/exposants/inscription/{exhibitor.private_token}" in page.text
    assert elise.get(address(exhibitor)).status_code == 404


def test_who_has_no_stand_is_told_where_to_ask_for_one(app: Flask, exhibitor: Exhibitor) -> None:
    page = sign_in(app, Role.EXHIBITOR, "autre@exposant.example").get("/mon-stand")
    assert "/exposants/inscription" in page.text


def test_without_a_stand_yet_the_page_says_so(elise: PageClient, exhibitor: Exhibitor) -> None:
    with transaction(exhibitor):
        exhibitor.stand_id = None
    page = elise.get(address(exhibitor))
    assert "Votre stand est en cours d’attribution" in page.text


def test_a_task_done_shows_as_done(elise: PageClient, exhibitor: Exhibitor) -> None:
    assert re.search(r"<strong>1 sur 7</strong>", elise.get(address(exhibitor)).text)
    with transaction() as session:
        session.add(SafetyForm(exhibitor_id=exhibitor.id, completed_at=now()))
    assert re.search(r"<strong>2 sur 7</strong>", elise.get(address(exhibitor)).text)
    send(elise, exhibitor, pdf())
    page = elise.get(address(exhibitor)).text
    assert "Envoyé, à vérifier" in page
    for task in Task:
        assert task.label in page


def test_the_first_page_says_where_when_and_what_to_bring(
    elise: PageClient, exhibitor: Exhibitor
) -> None:
    page = elise.get(address(exhibitor)).text
    assert "Le stand 23 et ses voisins dans le hall 2" in page
    for words in ("La veille de 14 h", "Le soir même", "L’attestation d’assurance", "9&nbsp;m²"):
        assert words in page
    assert f'href="{address(exhibitor, "/guide")}"' in page


@pytest.mark.parametrize(
    ("days", "said", "unsaid"),
    [
        (30, "Ce qu’il faut avant le salon", "C’est "),
        (1, "C’est demain", "C’est aujourd’hui"),
        (0, "C’est aujourd’hui", "C’est demain"),
        (-1, "Le salon est terminé", "Logo"),
    ],
)
def test_the_first_page_follows_the_days(
    elise: PageClient, exhibitor: Exhibitor, edition: Edition, days: int, said: str, unsaid: str
) -> None:
    """Once the fair is over, money is all that is still asked."""
    [day] = edition.days
    with transaction(day):
        day.day_on = local(now()).date() + timedelta(days=days)
    page = elise.get(address(exhibitor)).text
    assert said in page
    assert unsaid not in page
    assert Task.INVOICE.label in page


PAGES = ("", "/presentation", "/documents", "/guide", "/logo.webp")


@pytest.mark.parametrize("more", PAGES)
def test_somebody_else_s_space_is_not_there(
    app: Flask, exhibitor: Exhibitor, edition: Edition, more: str
) -> None:
    make_exhibitor(edition, email="autre@exposant.example")
    other_client = sign_in(app, Role.EXHIBITOR, "autre@exposant.example")
    assert other_client.get(address(exhibitor, more)).status_code == 404


@pytest.mark.parametrize("more", PAGES)
def test_the_public_and_the_organisers_do_not_enter_a_space(
    client: PageClient, organiser: PageClient, exhibitor: Exhibitor, more: str
) -> None:
    assert client.get(address(exhibitor, more)).status_code == 302
    assert organiser.get(address(exhibitor, more)).status_code == 403


def test_the_guide_says_what_to_bring_and_when(elise: PageClient, exhibitor: Exhibitor) -> None:
    page = elise.get(address(exhibitor, "/guide")).text
    for words in ("Hall 2, stand 23", "L’attestation d’assurance", "La veille de 14 h", "Arriver"):
        assert words in page


# Profile


def fill_profile(client: PageClient, exhibitor: Exhibitor, **fields: Any) -> TestResponse:
    given: dict[str, Any] = {
        "presentation": "Bornes et lampadaires.",
        "version": str(exhibitor.version),
        **fields,
    }
    return client.fill(address(exhibitor, "/presentation"), **given)


def test_a_profile_is_saved_and_its_logo_shown(
    elise: PageClient, exhibitor: Exhibitor, settings: Settings
) -> None:
    answer = fill_profile(
        elise,
        exhibitor,
        website="www.eclairage.example",
        logo=(io.BytesIO(picture(size=(900, 300))), "logo.png"),
        **{"co_exhibitors-0-name": "Voisin", "co_exhibitors-1-name": ""},
    )
    assert answer.headers["Location"] == address(exhibitor)
    current_session().rollback()
    assert exhibitor.website == "https://www.eclairage.example"
    assert [co_exhibitor.name for co_exhibitor in exhibitor.co_exhibitors] == ["Voisin"]
    logo = elise.get(address(exhibitor, "/logo.webp"))
    assert (logo.status_code, logo.mimetype) == (200, "image/webp")
    assert logo.headers["X-Content-Type-Options"] == "nosniff"
    with transaction(exhibitor):
        pass
    fill_profile(elise, exhibitor, remove_logo="y")
    assert elise.get(address(exhibitor, "/logo.webp")).status_code == 404
    assert list((settings.data / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.png"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "logo.eps"),
        (b"<html><script>alert(1)</script>", "logo.png"),
        (pdf(), "logo.jpg"),
        (photo()[:2500], "logo.jpg"),
        (vast_png(20_000, 20_000, 200_000), "logo.png"),
        (b"", "logo.png"),
    ],
)
def test_what_is_no_logo_is_a_400_in_french_and_nothing_is_written(
    elise: PageClient, exhibitor: Exhibitor, settings: Settings, sent: bytes, name: str
) -> None:
    answer = fill_profile(elise, exhibitor, logo=(io.BytesIO(sent), name))
    assert answer.status_code == 400
    assert "logo" in answer.text
    current_session().rollback()
    assert exhibitor.presentation == "Éclairage public et bornes de recharge."
    assert not (settings.data / "uploads").exists()


def test_a_logo_too_heavy_by_one_byte_is_a_413(elise: PageClient, exhibitor: Exhibitor) -> None:
    answers = []
    for weight in (2_000_000, 2_000_001, 2_030_000):
        heavy = picture() + bytes(weight - len(picture()))
        path, body, content_type = raw_form(
            elise, exhibitor, 'filename="a.png"', heavy, "/presentation", presentation="Bornes."
        )
        answers.append(elise.post(path, data=body, content_type=content_type))
    assert [answer.status_code for answer in answers] == [302, 413, 413]
    assert "2 Mo" in answers[1].text


@pytest.mark.parametrize(
    ("field", "typed"), [("website", "javascript:alert(1)"), ("version", "0"), ("version", "x")]
)
def test_a_refused_profile_keeps_the_logo_it_would_have_removed(
    elise: PageClient, exhibitor: Exhibitor, settings: Settings, field: str, typed: str
) -> None:
    fill_profile(elise, exhibitor, logo=(io.BytesIO(picture()), "logo.png"))
    current_session().rollback()
    stored = list((settings.data / "uploads").iterdir())
    given: dict[str, Any] = {"remove_logo": "y", field: typed}
    assert fill_profile(elise, exhibitor, **given).status_code in (400, 409)
    replacing = {**given, "logo": (io.BytesIO(picture(size=(90, 30))), "logo.png")}
    assert fill_profile(elise, exhibitor, **replacing).status_code in (400, 409)
    assert list((settings.data / "uploads").iterdir()) == stored
    assert elise.get(address(exhibitor, "/logo.webp")).status_code == 200


def test_a_profile_changed_meanwhile_keeps_both(elise: PageClient, exhibitor: Exhibitor) -> None:
    read = str(exhibitor.version)
    with transaction(exhibitor):
        exhibitor.presentation = "Écrit entre-temps."
    answer = fill_profile(elise, exhibitor, presentation="Le mien.", version=read)
    assert answer.status_code == 409
    assert "Écrit entre-temps." in answer.text
    assert "Le mien." in answer.text
    [version] = re.findall(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert (
        fill_profile(elise, exhibitor, presentation="Le mien.", version=version).status_code == 302
    )


def test_a_profile_wrongly_typed_is_a_400(elise: PageClient, exhibitor: Exhibitor) -> None:
    for wrong in (
        {"presentation": ""},
        {"presentation": "x" * 501},
        {"website": "javascript:alert(1)"},
        {"version": "un"},
    ):
        assert fill_profile(elise, exhibitor, **wrong).status_code == 400


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
    ("name", "kept"),
    [
        ('filename="a%0D%0ASet-Cookie: x=1.pdf"', "a 0D 0ASet-Cookie x=1.pdf"),
        ("filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D1.pdf", "a Set-Cookie x=1.pdf"),
        ("filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd.pdf"),
        ('filename="\\"; evil=\\"1.exe"', "evil= 1.pdf"),
        ('filename="' + "x" * 300 + '.pdf"', "x" * 96 + ".pdf"),
    ],
)
def test_a_hostile_name_stays_a_name(
    elise: PageClient, exhibitor: Exhibitor, name: str, kept: str
) -> None:
    path, body, content_type = raw_form(elise, exhibitor, name, pdf())
    answer = elise.post(path, data=body, content_type=content_type)
    assert answer.status_code == 302
    [document] = documents()
    assert document.name == kept
    read = elise.get(address(exhibitor, f"/documents/{document.id}"))
    assert read.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "x=1" not in read.headers.get("Set-Cookie", "")


def raw_form(
    client: PageClient,
    exhibitor: Exhibitor,
    name: str,
    content: bytes,
    page: str = "/documents",
    **fields: str,
) -> tuple[str, bytes, str]:
    """Where to send a file, its multipart body to its last byte, and its type.

    The test client's own bodies go through temporary files that it leaves open.
    """
    path = address(exhibitor, page)
    text = client.get(path).text
    hidden = dict(
        re.findall(r'name="(csrf_token|submission_key|version)"[^>]*value="([^"]+)"', text)
    )
    parts = [
        f'--limite\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in {**hidden, "kind": "contract", **fields}.items()
    ]
    field = "file" if page == "/documents" else "logo"
    file = f'--limite\r\nContent-Disposition: form-data; name="{field}"; {name}\r\n\r\n'
    body = "".join([*parts, file]).encode() + content + b"\r\n--limite--\r\n"
    return path, body, "multipart/form-data; boundary=limite"


def test_a_document_is_closed_to_others(
    app: Flask, elise: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    send(elise, exhibitor, pdf())
    [document] = documents()
    mine = make_exhibitor(edition, email="autre@exposant.example")
    other_client = sign_in(app, Role.EXHIBITOR, "autre@exposant.example")
    assert other_client.get(address(exhibitor, f"/documents/{document.id}")).status_code == 404
    assert other_client.get(address(mine, f"/documents/{document.id}")).status_code == 404
    agent = sign_in(app, Role.AGENT, "agent@herault.example")
    for path in (
        address(exhibitor, f"/documents/{document.id}"),
        f"/organisation/documents/{document.id}/fichier",
    ):
        assert agent.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 302
    assert "document.read" not in actions()


@pytest.mark.parametrize(
    ("content", "name", "said"),
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
    said: str,
) -> None:
    answer = send(elise, exhibitor, content, name)
    assert answer.status_code == 400
    assert said in answer.text
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


# The organisers


def answer_it(client: PageClient, document: Document, **fields: str) -> TestResponse:
    path = f"/organisation/documents/{document.id}"
    return client.fill(path, **{"version": str(document.version), **fields})


def test_an_organiser_accepts_then_goes_to_the_next(
    elise: PageClient, organiser: PageClient, exhibitor: Exhibitor
) -> None:
    send(elise, exhibitor, pdf())
    send(elise, exhibitor, photo(), "photo.jpg", kind="insurance")
    first, second = documents()
    page = organiser.get("/organisation/documents")
    assert f'href="/organisation/documents/{first.id}"' in page.text
    answer = answer_it(organiser, first, answer="accepted")
    assert answer.headers["Location"] == f"/organisation/documents/{second.id}"
    answer = answer_it(organiser, second, answer="refused", reason="Elle est périmée.")
    assert answer.headers["Location"] == "/organisation/documents"
    assert "Elle est périmée." in elise.get(address(exhibitor, "/documents")).text
    assert "À refaire" in elise.get(address(exhibitor)).text
    read = organiser.get(f"/organisation/documents/{first.id}/fichier")
    assert read.headers["Content-Disposition"].startswith("attachment;")
    assert actions()[-1] == "document.read"


def test_a_refusal_needs_a_reason(
    elise: PageClient, organiser: PageClient, exhibitor: Exhibitor
) -> None:
    send(elise, exhibitor, pdf())
    [document] = documents()
    answer = answer_it(organiser, document, answer="refused", reason=" ")
    assert answer.status_code == 400
    assert "Écrivez pourquoi" in answer.text
    assert answer_it(organiser, document, answer="peut-être").status_code == 400
    assert documents()[0].status == DocumentStatus.WAITING


def test_an_answer_given_meanwhile_is_shown_and_the_words_are_kept(
    elise: PageClient, organiser: PageClient, exhibitor: Exhibitor
) -> None:
    send(elise, exhibitor, pdf())
    [document] = documents()
    read = str(document.version)
    answer_it(organiser, document, answer="accepted")
    answer = answer_it(organiser, document, version=read, answer="refused", reason="Il est flou.")
    assert answer.status_code == 409
    assert "Il est flou." in answer.text
    assert "a reçu une réponse entre-temps" in answer.text
    assert documents()[0].status == DocumentStatus.ACCEPTED


def test_the_list_of_documents_is_filtered(
    elise: PageClient, organiser: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    send(elise, exhibitor, pdf())
    other_exhibitor = make_exhibitor(edition)
    for query, total in (
        ("", 1),
        ("?kind=contract&status=waiting", 1),
        ("?kind=insurance", 0),
        (f"?exhibitor={exhibitor.id}", 1),
        (f"?exhibitor={other_exhibitor.id}", 0),
        ("?kind=x", 1),
        ("?page=999", 1),
    ):
        page = organiser.get(f"/organisation/documents{query}")
        assert page.status_code == 200
        assert page.text.count("envoyé le") == total, query
    assert organiser.get("/organisation/documents?exhibitor=999").status_code == 404
    assert organiser.get("/organisation/documents/999").status_code == 404


def test_who_is_late_is_seen_and_written_to(
    organiser: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    path = "/organisation/exposants/retards"
    page = organiser.get(path)
    assert "Éclairage du Biterrois" in page.text
    answer = organiser.post(
        f"/organisation/exposants/{exhibitor.id}/rappel", data={"csrf_token": organiser.token(path)}
    )
    assert answer.headers["Location"] == path
    assert "Parti aujourd’hui" in organiser.get(path).text
    current_session().rollback()
    kinds = list(current_session().scalars(select(Message.kind)))
    assert kinds.count("exhibitor_reminder") == 1
    again = organiser.post(
        f"/organisation/exposants/{exhibitor.id}/rappel", data={"csrf_token": organiser.token(path)}
    )
    assert again.status_code == 409
    organiser.post(path, data={"csrf_token": organiser.token(path)})
    current_session().rollback()
    assert (
        current_session().scalar(select(func.count()).where(Message.kind == "exhibitor_reminder"))
        == 1
    )


@pytest.mark.parametrize(
    ("query", "seen"),
    [("", True), ("?task=profile", False), ("?task=logo", True), ("?show=sent", False),
     ("?show=open", True), ("?show=all", True), ("?show=x", True)],
)  # fmt: skip
def test_the_late_are_filtered(
    organiser: PageClient, exhibitor: Exhibitor, query: str, seen: bool
) -> None:
    page = organiser.get(f"/organisation/exposants/retards{query}")
    assert page.status_code == 200
    assert ("Éclairage du Biterrois" in page.text) == seen


def test_reminders_of_a_list_obey_its_filter_and_are_shown_first(
    organiser: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    other_exhibitor = make_exhibitor(edition, name="Tuiles de l’Orb", logo_file="0" * 32 + ".webp")
    path = "/organisation/exposants/retards"
    assert "Relancer les 2 exposants" in organiser.get(path).text
    filtered = f"{path}?task=logo"
    assert "Relancer l’exposant de la liste" in organiser.get(filtered).text
    preview = organiser.post(filtered, data={"csrf_token": organiser.token(path)})
    assert "Relancer 1\u00a0exposant" in preview.text
    assert exhibitor.name in preview.text
    assert other_exhibitor.name not in preview.text
    assert "Le courriel qui partira" in preview.text
    current_session().rollback()
    assert current_session().scalar(select(func.count(Message.id))) == 0, "nothing leaves before"
    answer = organiser.confirm(preview)
    assert answer.headers["Location"] == filtered
    messages = current_session().scalars(select(Message)).all()
    assert [message.about for message in messages] == [f"exhibitor:{exhibitor.id}"]
    assert messages[0].is_held
    again = organiser.post(filtered, data={"csrf_token": organiser.token(path)})
    assert again.status_code == 302


def test_the_mails_are_written_in_french(
    elise: PageClient, organiser: PageClient, exhibitor: Exhibitor
) -> None:
    from salon.platform.mail.delivery import words_of

    send(elise, exhibitor, pdf())
    [document] = documents()
    answer_it(organiser, document, answer="refused", reason="Il manque la signature.")
    path = "/organisation/exposants/retards"
    answer = organiser.post(path, data={"csrf_token": organiser.token(path)})
    organiser.confirm(answer)
    current_session().rollback()
    answer_it(organiser, document, answer="accepted")
    current_session().rollback()
    is_document_message = Message.kind.in_(
        ["document_refused", "document_accepted", "exhibitor_reminder"]
    )
    messages = current_session().scalars(
        select(Message).where(is_document_message).order_by(Message.id)
    )
    refused, reminder, accepted = (words_of(message) for message in messages)
    assert accepted[0] == "Un document de votre stand est accepté"
    assert "«\u00a0Contrat signé\u00a0»" in accepted[1]
    assert "contrat.pdf" in accepted[1]
    assert refused[0] == "Un document de votre stand est à refaire"
    assert "Il manque la signature." in refused[1]
    assert f"/mon-stand/{exhibitor.id}/documents" in refused[1]
    assert reminder[0] == "Votre stand au salon des maires, ce qu’il reste à faire"
    assert "- Logo, attendu depuis le " in reminder[1]
    assert "None" not in reminder[1]


def test_a_backup_brings_the_documents_back(
    elise: PageClient, exhibitor: Exhibitor, settings: Settings, tmp_path: Path
) -> None:
    """The files of exhibitors travel with the database."""
    content = pdf()
    send(elise, exhibitor, content)
    [document] = documents()
    with transaction() as session:
        session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR)"))
        revision = {"head": vault.head_revision()}
        session.execute(text("INSERT INTO alembic_version VALUES (:head)"), revision)
    archive_file = tmp_path / "salon.backup"
    vault.backup(settings, archive_file)
    there = replace(settings_for(tmp_path / "ailleurs"), secret_key=settings.secret_key)
    other_app = create_app(there)
    with other_app.app_context():
        tables = vault.restore(there, archive_file)
        db.session.remove()
        db.engine.dispose()
    assert tables["exhibitor_documents"] == 1
    assert (there.data / "uploads" / document.stored_name).read_bytes() == content
