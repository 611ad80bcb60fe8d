"""Documents joined to an appointment, on SQLite and PostgreSQL."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import NoResultFound

from salon.appointments.models import Appointment, AppointmentDocument
from salon.appointments.rules.booking import NoLongerLive
from salon.appointments.rules.documents import TooManyDocuments
from salon.appointments.services.booking import cancel_appointment
from salon.appointments.services.documents import join_document, remove_document
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.files.uploads import DocumentRefused, SentFile, save_file, upload
from salon.platform.settings.clock import real_now
from salon.platform.storage.folder import FolderStore
from salon.stored_files import remove_orphans
from tests.appointments.make import PUBLIC, Fair, book, make_fair
from tests.exhibitor_space.made import picture
from tests.factories import new_key

pytestmark = pytest.mark.on_both


def join(fair: Fair, appointment: Appointment, folder: Path, key: str = "") -> AppointmentDocument:
    sent = SentFile(picture(), "plan.png")
    return join_document(
        Act(PUBLIC, fair.before), appointment, sent, FolderStore(folder), key or new_key()
    )


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "uploads").iterdir())


def test_a_document_is_kept_once_and_removed_with_its_file(
    edition: Edition, tmp_path: Path
) -> None:
    fair = make_fair(edition)
    appointment, other_appointment = book(fair, at=fair.at(9)), book(fair, at=fair.at(10))
    key = new_key()
    first = join(fair, appointment, tmp_path, key)
    assert join(fair, appointment, tmp_path, key).id == first.id
    assert files(tmp_path) == [first.stored_name]
    with pytest.raises(NoResultFound):
        remove_document(Act(PUBLIC), other_appointment, first.id, FolderStore(tmp_path))
    assert remove_document(Act(PUBLIC), appointment, first.id, FolderStore(tmp_path)) == "plan.png"
    assert files(tmp_path) == []


def test_what_is_refused_leaves_no_file(edition: Edition, tmp_path: Path) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    for _ in range(3):
        join(fair, appointment, tmp_path)
    with pytest.raises(TooManyDocuments):
        join(fair, appointment, tmp_path)
    with pytest.raises(DocumentRefused):
        page = SentFile(b"<html>", "plan.pdf")
        join_document(Act(PUBLIC, fair.before), appointment, page, FolderStore(tmp_path), new_key())
    cancel_appointment(Act(PUBLIC, fair.before), appointment)
    with pytest.raises(NoLongerLive):
        remove_document(
            Act(PUBLIC), appointment, appointment.documents[0].id, FolderStore(tmp_path)
        )
    assert len(files(tmp_path)) == 3


def test_files_of_appointments_are_no_orphans(edition: Edition, tmp_path: Path) -> None:
    fair = make_fair(edition)
    text = join(fair, book(fair, at=fair.at(9)), tmp_path)
    current_session().rollback()
    orphan = save_file(FolderStore(tmp_path), b"perdu", ".pdf")
    assert remove_orphans(FolderStore(tmp_path), real_now() + timedelta(days=3)) == 1
    assert (tmp_path / upload(text.stored_name)).is_file()
    assert not (tmp_path / upload(orphan)).exists()
