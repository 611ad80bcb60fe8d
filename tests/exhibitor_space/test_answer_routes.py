"""The pages of the organiser: documents to answer, tasks that are late."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from salon import create_app
from salon.exhibitors.models import Document, DocumentStatus, Exhibitor
from salon.fair.models import Edition
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.schema import head_revision
from salon.platform.files.backup.archive import backup
from salon.platform.files.backup.restoration import restore
from salon.platform.mail.outbox import Message
from salon.platform.settings.installation import Settings
from salon.platform.web.headers import CONTENT_SECURITY_POLICY
from tests.conftest import settings_for
from tests.exhibitor_space.made import pdf, photo
from tests.exhibitor_space.pages import actions, address, documents, send
from tests.exhibitors.make import make_exhibitor
from tests.factories import make_edition
from tests.pages import PageClient
from tests.tables import each

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


def test_the_next_document_is_the_one_after_in_the_list(
    elise: PageClient, organiser: PageClient, exhibitor: Exhibitor
) -> None:
    for kind in ("contract", "insurance", "contract"):
        send(elise, exhibitor, pdf(), kind=kind)
    first, second, third = documents()
    page = organiser.get(f"/organisation/documents/{second.id}").text
    assert "Accepter et suivant" in page
    assert "Refuser et suivant" in page
    answer = answer_it(organiser, second, answer="accepted")
    assert answer.headers["Location"] == f"/organisation/documents/{third.id}"
    answer = answer_it(organiser, third, answer="refused", reason="Il est flou.")
    assert answer.headers["Location"] == f"/organisation/documents/{first.id}"
    last = organiser.get(f"/organisation/documents/{first.id}").text
    assert "et suivant" not in last
    assert "Aucun autre document n’attend de réponse." in last
    answer_it(organiser, first, answer="accepted")
    assert "C’était le dernier" in organiser.get("/organisation/documents").text


def test_a_pdf_is_read_in_the_page_and_nowhere_else(
    elise: PageClient, organiser: PageClient, exhibitor: Exhibitor
) -> None:
    send(elise, exhibitor, pdf())
    send(elise, exhibitor, photo(), "photo.jpg", kind="insurance")
    document, image = documents()
    path = f"/organisation/documents/{document.id}"

    page = organiser.get(path)
    assert f'<iframe class="reading__file" src="{path}/lecture#' in page.text
    assert page.headers["Content-Security-Policy"] == f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    framed = organiser.get(f"{path}/lecture")
    assert framed.mimetype == "application/pdf"
    assert framed.headers["Content-Disposition"].startswith("inline;")
    assert framed.headers["X-Content-Type-Options"] == "nosniff"
    assert framed.headers.getlist("Content-Security-Policy") == [
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ]
    assert actions()[-1] == "document.read"
    saved = organiser.get(f"{path}/fichier")
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in saved.headers.getlist("Content-Security-Policy")
    assert elise.get(f"{path}/lecture").status_code == 403

    shown = organiser.get(f"/organisation/documents/{image.id}").text
    assert f'src="/organisation/documents/{image.id}/fichier"' in shown
    assert "<iframe" not in shown
    assert organiser.get(f"/organisation/documents/{image.id}/lecture").status_code == 404


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
        assert page.text.count("envoi du") == total, query
    assert organiser.get("/organisation/documents?exhibitor=999").status_code == 404
    assert organiser.get("/organisation/documents/999").status_code == 404


def test_nobody_is_late_in_an_edition_without_terms(organiser: PageClient) -> None:
    make_edition(slug="2018", day=date(2018, 10, 4), is_current=False)
    page = organiser.get("/e/2018/organisation/exposants/retards")
    assert page.status_code == 200
    assert "Personne n’est en retard" in page.text


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
    second_answer = organiser.post(
        f"/organisation/exposants/{exhibitor.id}/rappel", data={"csrf_token": organiser.token(path)}
    )
    assert second_answer.status_code == 409
    organiser.post(path, data={"csrf_token": organiser.token(path)})
    current_session().rollback()
    assert (
        current_session().scalar(select(func.count()).where(Message.kind == "exhibitor_reminder"))
        == 1
    )


@each(
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
    second_answer = organiser.post(filtered, data={"csrf_token": organiser.token(path)})
    assert second_answer.status_code == 302


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
        revision = {"head": head_revision()}
        session.execute(text("INSERT INTO alembic_version VALUES (:head)"), revision)
    archive_file = tmp_path / "salon.backup"
    backup(settings, archive_file)
    other_settings = replace(settings_for(tmp_path / "ailleurs"), secret_key=settings.secret_key)
    other_app = create_app(other_settings)
    with other_app.app_context():
        tables = restore(other_settings, archive_file)
        db.session.remove()
        db.engine.dispose()
    assert tables["exhibitor_documents"] == 1
    assert (other_settings.data / "uploads" / document.stored_name).read_bytes() == content
