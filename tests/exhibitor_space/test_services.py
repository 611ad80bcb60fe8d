"""Documents, profile and reminders, on SQLite and on PostgreSQL."""

import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound

from salon.badges.models import Attendee
from salon.exhibitor_space import queries
from salon.exhibitor_space.rules import (
    NothingToRecall,
    RemindedToday,
    TooManyDocuments,
    TooMuchSent,
)
from salon.exhibitor_space.services import documents as services
from salon.exhibitor_space.services.documents import Quota, Sending
from salon.exhibitor_space.services.reminders import post_reminders, remind_now, remind_several
from salon.exhibitors.models import (
    ApplicationStatus,
    Document,
    DocumentKind,
    DocumentStatus,
    Exhibitor,
    Reminder,
)
from salon.exhibitors.rules.lifecycle import NoLongerAccepted
from salon.exhibitors.services.profile import Profile, change_profile
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.clock import paris, real_now
from salon.platform.db import current_session, transaction
from salon.platform.errors import ReasonMissing
from salon.platform.files import DocumentRefused, LogoRefused, save_file
from salon.platform.identity import SYSTEM, Identity, Role
from salon.platform.journal import JournalEntry
from salon.platform.mail.outbox import Message
from salon.platform.submissions import SubmissionDiffers
from salon.platform.versions import StaleVersion
from salon.safety.models import SafetyForm
from tests.badges.people import register_one
from tests.exhibitor_space.made import pdf, photo, picture
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import make_edition, make_places, new_key

BY = Identity(Role.EXHIBITOR, 1, "Élise Cabanel", "192.0.2.7")
ORGANISER = Identity(Role.ORGANISER, 2, "Olivia", "192.0.2.9")
QUOTA = Quota(files=40, size=60_000_000)
NOW = real_now()
DEADLINE = date(2026, 9, 17)
LAST_TASKS = {"logo": DEADLINE.isoformat(), "contract": DEADLINE.isoformat()}


def stored(data: Path) -> list[str]:
    folder = data / "uploads"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def count(table: type) -> int:
    current_session().rollback()
    return current_session().scalar(select(func.count()).select_from(table)) or 0


def mails(kind: str = "") -> list[Message]:
    current_session().rollback()
    statement = select(Message).order_by(Message.id)
    return list(
        current_session().scalars(statement.where(Message.kind == kind) if kind else statement)
    )


def actions() -> list[str]:
    current_session().rollback()
    return list(current_session().scalars(select(JournalEntry.action).order_by(JournalEntry.id)))


def give(exhibitor: Exhibitor, data: Path, content: bytes = b"", **more: object) -> Document:
    values: dict[str, Any] = {"name": "contrat.pdf", "kind": DocumentKind.CONTRACT, "quota": QUOTA,
                    "key": new_key(), **more}  # fmt: skip
    sending = Sending(values["kind"], content or pdf(), values["name"], values["key"])
    return services.give_document(exhibitor, sending, values["quota"], data, BY, NOW)


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
            exhibitor,
            Sending(DocumentKind.OTHER, pdf(), "a.pdf", new_key()),
            QUOTA,
            tmp_path,
            nobody,
            None,  # type: ignore[arg-type]
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
    services.answer_document(first, 1, DocumentStatus.REFUSED, reason, ORGANISER, NOW)
    [mail] = mails("document_refused")
    assert mail.recipient == "elise@exposant.example"
    assert mail.about == f"exhibitor:{exhibitor.id}"
    assert mail.context["why"] == reason
    second = give(exhibitor, tmp_path, kind=DocumentKind.INSURANCE)
    services.answer_document(second, 1, DocumentStatus.ACCEPTED, "", ORGANISER, NOW)
    assert [mail.kind for mail in mails()] == ["document_refused", "document_accepted"]
    current_session().rollback()
    results = [(document.status, document.reason) for document in exhibitor.documents]
    assert results == [(DocumentStatus.REFUSED, reason), (DocumentStatus.ACCEPTED, "")]
    assert len(stored(tmp_path)) == 2


def test_an_answer_rests_on_what_was_read(edition: Edition, tmp_path: Path) -> None:
    document = give(make_exhibitor(edition), tmp_path)
    with pytest.raises(ReasonMissing):
        services.answer_document(document, 1, DocumentStatus.REFUSED, " ", ORGANISER, NOW)
    services.answer_document(document, 1, DocumentStatus.ACCEPTED, "", ORGANISER, NOW)
    with pytest.raises(StaleVersion):
        services.answer_document(document, 1, DocumentStatus.REFUSED, "Non.", SYSTEM, NOW)
    current_session().rollback()
    assert document.status == DocumentStatus.ACCEPTED
    assert actions() == ["document.given", "document.accepted"]


def test_nobody_is_written_once_withdrawn(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    document = give(exhibitor, tmp_path)
    with transaction(exhibitor):
        exhibitor.status = ApplicationStatus.WITHDRAWN
    services.answer_document(document, 1, DocumentStatus.REFUSED, "Non.", ORGANISER, NOW)
    assert mails() == []


def test_files_without_a_row_go_after_a_day(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    document = give(exhibitor, tmp_path)
    logo = save_file(tmp_path, b"logo", ".webp")
    with transaction(exhibitor):
        exhibitor.logo_file = logo
    old, young = (save_file(tmp_path, b"perdu", ".pdf") for _ in range(2))
    for name in (document.stored_name, logo, old):
        os.utime(tmp_path / "uploads" / name, (0, 0))
    assert services.remove_orphans(tmp_path, NOW) == 1
    assert stored(tmp_path) == sorted([document.stored_name, logo, young])
    assert services.remove_orphans(tmp_path, NOW + timedelta(days=2)) == 1
    assert services.remove_orphans(tmp_path / "ailleurs", NOW) == 0


def test_the_files_of_another_database_are_left_alone(edition: Edition, tmp_path: Path) -> None:
    """An empty database over a full folder: every file looks like an orphan."""
    names = [save_file(tmp_path, b"dossier", ".pdf") for _ in range(services.ORPHANS_AT_ONCE + 1)]
    for name in names:
        os.utime(tmp_path / "uploads" / name, (0, 0))
    assert services.remove_orphans(tmp_path, NOW) == 0
    assert stored(tmp_path) == sorted(names)


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


# Profile


def profile(**values: object) -> Profile:
    given: dict[str, Any] = {
        "presentation": "Bornes.",
        "website": "",
        "co_exhibitors": (),
        **values,
    }
    return Profile(**given)


@pytest.mark.on_both
def test_a_profile_is_changed_and_says_what_changed(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    friends = [("Voisin Énergie", "https://voisin.example"), ("Ami", "")]
    new = profile(co_exhibitors=friends, logo=picture())
    change_profile(exhibitor, exhibitor.version, new, tmp_path, BY, NOW)
    current_session().rollback()
    assert exhibitor.presentation == "Bornes."
    assert [
        (co_exhibitor.name, co_exhibitor.name_key) for co_exhibitor in exhibitor.co_exhibitors
    ] == [
        ("Voisin Énergie", "voisin energie"),
        ("Ami", "ami"),
    ]
    assert stored(tmp_path) == [exhibitor.logo_file]
    entry = current_session().scalars(select(JournalEntry)).one()
    assert entry.details["fields"] == ["presentation", "logo", "co_exhibitors"]


def test_a_new_logo_takes_the_place_of_the_former_file(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    for _ in range(2):
        new = profile(logo=picture())
        change_profile(exhibitor, exhibitor.version, new, tmp_path, BY, NOW)
        current_session().rollback()
        assert stored(tmp_path) == [exhibitor.logo_file]
    change_profile(exhibitor, exhibitor.version, profile(), tmp_path, BY, NOW)
    assert len(stored(tmp_path)) == 1
    change_profile(exhibitor, exhibitor.version, profile(logo=b""), tmp_path, BY, NOW)
    current_session().rollback()
    assert (exhibitor.logo_file, stored(tmp_path)) == ("", [])


def test_a_profile_refused_leaves_no_file(edition: Edition, tmp_path: Path) -> None:
    exhibitor = make_exhibitor(edition)
    with pytest.raises(LogoRefused):
        change_profile(exhibitor, 1, profile(logo=b"<svg/>"), tmp_path, BY, NOW)
    with pytest.raises(StaleVersion):
        change_profile(exhibitor, 9, profile(logo=picture()), tmp_path, BY, NOW)
    assert stored(tmp_path) == []
    assert actions() == []


@pytest.mark.on_both
def test_a_co_exhibitor_that_stays_keeps_what_is_said_of_it(
    edition: Edition, tmp_path: Path
) -> None:
    exhibitor = make_exhibitor(edition)
    new = profile(co_exhibitors=[("A", ""), ("B", "")])
    change_profile(exhibitor, exhibitor.version, new, tmp_path, BY, NOW)
    current_session().rollback()
    with transaction() as session:
        co_exhibitor = session.merge(exhibitor.co_exhibitors[1])
        co_exhibitor.presentation = "Écrit par l’organisation."
    current_session().rollback()
    version = exhibitor.version
    change_profile(
        exhibitor, version, profile(co_exhibitors=[("B", "https://b.example")]), tmp_path, BY, NOW
    )
    current_session().rollback()
    [left] = exhibitor.co_exhibitors
    assert (left.name, left.presentation) == ("B", "Écrit par l’organisation.")
    assert exhibitor.version > version


# Reminders


@pytest.fixture
def autumn(app: Flask) -> Edition:
    """A fair on 1 October 2026, whose logo and contract are due on 17 September."""
    make_places()
    edition = make_edition(day=date(2026, 10, 1))
    make_terms(edition, deadlines=LAST_TASKS)
    return edition


def at(days: int, hour: int = 9) -> datetime:
    """So many days from the deadline, on a clock in Béziers."""
    return paris(DEADLINE + timedelta(days=days), time(hour))


def accepted(edition: Edition, **values: object) -> Exhibitor:
    return make_exhibitor(edition, status_at=datetime(2026, 6, 1, tzinfo=UTC), **values)  # type: ignore[arg-type]


def done_safely() -> SafetyForm:
    return SafetyForm(completed_at=NOW)


def register_staff(edition: Edition, exhibitor: Exhibitor) -> None:
    """One person of the stand."""
    attendee = register_one()
    with transaction() as session:
        session.execute(
            update(Attendee).where(Attendee.id == attendee.id).values(exhibitor_id=exhibitor.id)
        )


def tasks_in(mail: Message) -> list[str]:
    return [task["label"] for task in mail.context["tasks"]]


@pytest.mark.on_both
def test_one_message_groups_the_tasks_of_an_exhibitor(autumn: Edition) -> None:
    exhibitor = accepted(autumn, email="elise@exposant.example")
    assert post_reminders(at(-14)) == 1
    [mail] = mails("exhibitor_reminder")
    assert mail.recipient == "elise@exposant.example"
    assert tasks_in(mail) == ["Logo", "Contrat signé"]
    assert not mail.context["late"]
    assert mail.about == f"exhibitor:{exhibitor.id}"
    assert actions() == ["exhibitor.reminded"]


@pytest.mark.on_both
def test_each_step_is_posted_once_as_days_go_by(autumn: Edition) -> None:
    accepted(autumn)
    days = {day: post_reminders(at(day)) for day in range(-20, 13)}
    assert [day for day, posted in days.items() if posted] == [-14, -3, 1, 7]
    assert [mail.context["late"] for mail in mails()] == [False, False, True, True]


def test_a_worker_that_runs_all_day_posts_once(autumn: Edition) -> None:
    accepted(autumn)
    assert [post_reminders(at(1, hour)) for hour in range(24)] == [0] * 8 + [1] + [0] * 15


def test_nobody_is_woken_up(autumn: Edition) -> None:
    """A worker started in the evening waits for the morning."""
    accepted(autumn)
    assert [post_reminders(at(-3, hour)) for hour in (20, 22, 23)] == [0, 0, 0]
    assert [post_reminders(at(-2, hour)) for hour in (0, 5, 7, 8)] == [0, 0, 0, 1]


@pytest.mark.on_both
def test_a_worker_that_was_off_posts_the_latest_step_only(autumn: Edition) -> None:
    accepted(autumn)
    assert [post_reminders(at(day)) for day in (5, 6, 7, 8, 9)] == [1, 0, 1, 0, 0]
    current_session().rollback()
    steps = current_session().scalars(
        select(Reminder.step).where(Reminder.subject == "task:logo").order_by(Reminder.id)
    )
    assert list(steps) == [1, 7]


def test_what_is_done_or_sent_is_not_recalled(autumn: Edition, tmp_path: Path) -> None:
    exhibitor = accepted(autumn, logo_file="0" * 32 + ".webp")
    document = give(exhibitor, tmp_path)
    assert post_reminders(at(1)) == 0
    services.answer_document(document, 1, DocumentStatus.REFUSED, "Illisible.", ORGANISER, NOW)
    assert post_reminders(at(2)) == 1
    [mail] = mails("exhibitor_reminder")
    assert mail.context["tasks"][0]["note"] == "Illisible."


@pytest.mark.parametrize(
    "status",
    [status for status in ApplicationStatus if status != ApplicationStatus.ACCEPTED],
)
def test_only_the_accepted_are_recalled(autumn: Edition, status: ApplicationStatus) -> None:
    accepted(autumn, status=status)
    assert post_reminders(at(1)) == 0


def test_an_acceptance_is_left_two_days_in_peace(autumn: Edition) -> None:
    make_exhibitor(autumn, status_at=at(-5))
    assert [post_reminders(at(day)) for day in (-5, -4, -3, -2)] == [0, 0, 1, 0]


def test_nothing_is_recalled_after_the_fair_nor_without_terms(app: Flask) -> None:
    assert post_reminders(at(1)) == 0
    make_places()
    edition = make_edition(day=DEADLINE)
    accepted(edition)
    assert post_reminders(at(-3)) == 0
    make_terms(edition, deadlines=LAST_TASKS)
    assert post_reminders(at(-3)) == 1
    assert post_reminders(at(1)) == 0


@pytest.mark.on_both
def test_an_organiser_recalls_now_and_the_worker_does_not_again(autumn: Edition) -> None:
    exhibitor = accepted(autumn)
    remind_now(get_public_edition(), exhibitor.id, ORGANISER, at(2))
    with pytest.raises(RemindedToday):
        remind_now(get_public_edition(), exhibitor.id, ORGANISER, at(2, 17))
    assert [post_reminders(at(day)) for day in (2, 3, 4)] == [0, 0, 0]
    assert post_reminders(at(7)) == 1


def test_a_recall_before_any_step_leaves_the_steps_to_come(autumn: Edition) -> None:
    exhibitor = accepted(autumn)
    remind_now(get_public_edition(), exhibitor.id, ORGANISER, at(-40))
    assert len(mails()) == 1
    assert post_reminders(at(-14)) == 1


@pytest.mark.on_both
def test_nobody_is_recalled_nothing(autumn: Edition, tmp_path: Path) -> None:
    exhibitor = accepted(autumn, logo_file="0" * 32 + ".webp", safety=done_safely())
    register_staff(autumn, exhibitor)
    for kind in (DocumentKind.CONTRACT, DocumentKind.INSURANCE):
        document = give(exhibitor, tmp_path, kind=kind)
        services.answer_document(document, 1, DocumentStatus.ACCEPTED, "", ORGANISER, NOW)
    with pytest.raises(NothingToRecall):
        remind_now(get_public_edition(), exhibitor.id, ORGANISER, at(1))
    with pytest.raises(NoResultFound):
        remind_now(get_public_edition(), exhibitor.id + 1, ORGANISER, at(1))
    assert mails("exhibitor_reminder") == []


@pytest.mark.on_both
def test_several_are_recalled_at_once_and_nobody_else(autumn: Edition) -> None:
    late, other_exhibitor, left_out = accepted(autumn), accepted(autumn), accepted(autumn)
    remind_now(get_public_edition(), other_exhibitor.id, ORGANISER, at(2))
    assert (
        remind_several(get_public_edition(), [late.id, other_exhibitor.id], ORGANISER, at(2)) == 1
    )
    assert (
        remind_several(get_public_edition(), [late.id, other_exhibitor.id], ORGANISER, at(2)) == 0
    )
    abouts = [mail.about for mail in mails()]
    assert abouts == [f"exhibitor:{other_exhibitor.id}", f"exhibitor:{late.id}"]
    assert f"exhibitor:{left_out.id}" not in abouts
