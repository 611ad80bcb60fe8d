"""Documents: given, answered, removed."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, NoResultFound

from salon.exhibitor_space import queries
from salon.exhibitor_space.rules import (
    TooManyDocuments,
    TooMuchSent,
)
from salon.exhibitor_space.services import documents as services
from salon.exhibitor_space.services.documents import Quota, Sending
from salon.exhibitors.models import (
    ApplicationStatus,
    Document,
    DocumentKind,
    DocumentStatus,
)
from salon.exhibitors.rules.lifecycle import NoLongerAccepted
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.database.submissions import SubmissionDiffers
from salon.platform.database.versions import StaleVersion
from salon.platform.files.uploads import DocumentRefused, SentFile
from salon.platform.storage.folder import FolderStore
from salon.platform.words.errors import ReasonMissing
from tests.exhibitor_space.made import pdf, photo
from tests.exhibitor_space.records import (
    NOW,
    ORGANISER,
    QUOTA,
    actions,
    count,
    give,
    mails,
    stored,
)
from tests.exhibitors.make import make_exhibitor
from tests.factories import make_edition, new_key

# Documents


@pytest.mark.on_both
def test_a_document_waits_for_an_answer_under_a_random_name(
    edition: Edition, tmp_path: Path
) -> None:
    exhibitor = make_exhibitor(edition)
    content = pdf(3)
    document = give(exhibitor, tmp_path, content, name="../../é\r\nx.exe")
    assert document.status == DocumentStatus.WAITING
    assert (document.name, document.media_type) == ("é x.pdf", "application/pdf")
    assert (document.size, document.uploaded_by) == (len(content), "exhibitor:1")
    assert stored(tmp_path) == [document.stored_name]
    assert (tmp_path / "uploads" / document.stored_name).read_bytes() == content
    assert actions() == ["document.given"]


@pytest.mark.on_both
def test_a_form_sent_twice_is_one_document_and_one_file(edition: Edition, tmp_path: Path) -> None:
    exhibitor, key, content = make_exhibitor(edition), new_key(), pdf()
    first = give(exhibitor, tmp_path, content, key=key)
    assert give(exhibitor, tmp_path, content, key=key).id == first.id
    assert count(Document) == 1
    assert stored(tmp_path) == [first.stored_name]
    with pytest.raises(SubmissionDiffers):
        give(exhibitor, tmp_path, photo(), key=key)
    assert stored(tmp_path) == [first.stored_name]


@pytest.mark.on_both
def test_nothing_is_kept_of_what_is_refused(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    waiting = make_exhibitor(edition, status=ApplicationStatus.WAITING)
    document = give(exhibitor, tmp_path)
    for target, content, quota, error in (
        (exhibitor, b"MZ", QUOTA, DocumentRefused),
        (exhibitor, pdf(), Quota(1, 60_000_000), TooManyDocuments),
        (exhibitor, pdf(), Quota(40, 2 * len(pdf()) - 1), TooMuchSent),
        (waiting, pdf(), QUOTA, NoLongerAccepted),
    ):
        with pytest.raises(error):
            give(target, tmp_path, content, quota=quota)
    assert count(Document) == 1
    assert stored(tmp_path) == [document.stored_name]


def test_a_row_that_does_not_come_takes_its_file_away(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    nobody = Identity(Role.EXHIBITOR, 1, "x")
    with pytest.raises(IntegrityError):
        services.give_document(
            Act(nobody, None),
            exhibitor,
            Sending(DocumentKind.OTHER, SentFile(pdf(), "a.pdf"), new_key()),
            QUOTA,
            FolderStore(tmp_path),
        )
    assert count(Document) == 0
    assert stored(tmp_path) == []


@pytest.mark.on_both
def test_a_refusal_is_written_to_the_contact_and_a_new_sending_keeps_the_history(
    edition: Edition, tmp_path: Path
) -> None:
    exhibitor = make_exhibitor(edition, email="elise@exposant.example")
    first = give(exhibitor, tmp_path, kind=DocumentKind.INSURANCE)
    reason = "Elle est périmée."
    services.answer_document(Act(ORGANISER, NOW), first, 1, DocumentStatus.REFUSED, reason)
    [mail] = mails("document_refused")
    assert mail.recipient == "elise@exposant.example"
    assert mail.about == f"exhibitor:{exhibitor.id}"
    assert mail.context["why"] == reason
    second = give(exhibitor, tmp_path, kind=DocumentKind.INSURANCE)
    services.answer_document(Act(ORGANISER, NOW), second, 1, DocumentStatus.ACCEPTED, "")
    assert [mail.kind for mail in mails()] == ["document_refused", "document_accepted"]
    current_session().rollback()
    results = [(document.status, document.reason) for document in exhibitor.documents]
    assert results == [(DocumentStatus.REFUSED, reason), (DocumentStatus.ACCEPTED, "")]
    assert len(stored(tmp_path)) == 2


def test_an_answer_rests_on_what_was_read(edition: Edition, tmp_path: Path) -> None:
    document = give(make_exhibitor(edition), tmp_path)
    with pytest.raises(ReasonMissing):
        services.answer_document(Act(ORGANISER, NOW), document, 1, DocumentStatus.REFUSED, " ")
    services.answer_document(Act(ORGANISER, NOW), document, 1, DocumentStatus.ACCEPTED, "")
    with pytest.raises(StaleVersion):
        services.answer_document(Act(SYSTEM, NOW), document, 1, DocumentStatus.REFUSED, "Non.")
    current_session().rollback()
    assert document.status == DocumentStatus.ACCEPTED
    assert actions() == ["document.given", "document.accepted"]


def test_nobody_is_written_once_withdrawn(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    document = give(exhibitor, tmp_path)
    with transaction(exhibitor):
        exhibitor.status = ApplicationStatus.WITHDRAWN
    services.answer_document(Act(ORGANISER, NOW), document, 1, DocumentStatus.REFUSED, "Non.")
    assert mails() == []


@pytest.mark.on_both
def test_a_document_is_of_its_edition_and_of_its_exhibitor(
    edition: Edition, tmp_path: Path
) -> None:
    first_exhibitor, other_exhibitor = make_exhibitor(edition), make_exhibitor(edition)
    document = give(first_exhibitor, tmp_path)
    with pytest.raises(NoResultFound):
        queries.get_document_of(document.id, other_exhibitor.id)
    elsewhere = make_edition(is_current=False)
    with pytest.raises(NoResultFound):
        queries.get_document(document.id, elsewhere)


@pytest.mark.on_both
def test_what_waits_comes_first_and_the_oldest_first(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    ids = [give(exhibitor, tmp_path, photo()).id for _ in range(4)]
    with transaction() as session:
        for number, document_id in enumerate(ids):
            moment = NOW - timedelta(hours=number)
            session.execute(
                update(Document).where(Document.id == document_id).values(uploaded_at=moment)
            )
        answered = Document.id == ids[3]
        session.execute(update(Document).where(answered).values(status=DocumentStatus.ACCEPTED))
    page = queries.documents_page(edition, queries.DocumentFilter())
    assert [item.id for item in page.items] == [ids[2], ids[1], ids[0], ids[3]]
    assert queries.count_waiting(edition) == 3
    first = queries.next_waiting(edition)
    assert first is not None
    assert first.id == ids[2]
    filters = queries.DocumentFilter(kind="insurance")
    assert queries.documents_page(edition, filters).total == 0
    expected_filters = queries.DocumentFilter(status="accepted", exhibitor_id=exhibitor.id)
    assert queries.documents_page(edition, expected_filters).total == 1
