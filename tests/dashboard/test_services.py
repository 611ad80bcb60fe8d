"""Erasure, retention and sending again, on SQLite and PostgreSQL."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon import models
from salon.accounts.models import Account, SignIn
from salon.accounts.services import accounts as account_services
from salon.accounts.services import sign_in_codes, sign_ins
from salon.badges.models import AttendeeStatus, Badge, Group, PrintRun
from salon.badges.services import cancel_attendee, register_on_the_spot
from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.queries import overview
from salon.dashboard.rules import AlreadyErased, MessageErased, PrintingUnderWay
from salon.dashboard.services import erasure, mask, messages, purge
from salon.entrance.models import KeptFigure, Presence, Scan, Verdict
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import JournalEntry, action_named, note
from salon.platform.mail import sending
from salon.platform.mail.outbox import Delivery, Message, MessageStatus
from salon.platform.settings.clock import real_now
from salon.platform.storage.folder import FolderStore
from salon.platform.web.limits import RateCounter, count_try
from tests.dashboard.people import (
    PUBLIC,
    a_person,
    attendee,
    badge_of,
    enter,
    everything,
    marc,
    print_badges,
    register,
)
from tests.entrance.people import item, make_station
from tests.factories import act_in, make_account, make_edition, new_key

pytestmark = pytest.mark.on_both

TRACES = (
    *("Jéhanne", "Fabrègues", "jehanne", "fabregues", "Vézian", "vezian"),
    *("06 12 34 56 78", "0612345678", "Canne blanche"),
)


def data_of(app: Flask) -> Path:
    folder: Path = app.config["SALON"].data
    return folder


def find_traces(app: Flask) -> list[str]:
    text = everything(app).casefold()
    return [trace for trace in TRACES if trace.casefold() in text]


def test_after_erasure_a_person_is_found_nowhere_and_counts_are_unchanged(
    app: Flask, edition: Edition
) -> None:
    attendee_id, other_number = register(a_person(), marc())
    count_try("code:jehanne.fabregues@mons.example", 5, 3600)
    note(SYSTEM, action_named("attendees.searched"), text="fabrègues")
    note(PUBLIC, action_named("sign_in.refused"), email="Jehanne.Fabregues@mons.example")
    sending.send_due(lambda message: Delivery(True))
    enter(edition, attendee_id)
    first_print, second_print = print_badges(data_of(app), "fabregues"), print_badges(data_of(app))
    other_print = print_badges(data_of(app), "olivier")
    assert find_traces(app)
    before = overview.figures_of(edition.id)

    erasure.erase(Act(SYSTEM), attendee_id, FolderStore(data_of(app)), real_now())

    assert find_traces(app) == []
    assert overview.figures_of(edition.id) == before
    assert not first_print.exists()
    assert not second_print.exists()
    assert other_print.exists()
    erased = attendee(attendee_id)
    assert (erased.status, erased.commune_code) == (AttendeeStatus.ERASED, "34160")
    assert badge_of(attendee_id).revoked_at is not None
    assert all(consent.withdrawn_at for consent in erased.consents)
    assert current_session().scalar(select(func.count()).select_from(Scan)) == 1
    assert attendee(other_number).full_name == "Marc Olivier"
    assert attendee(other_number).group.contact_email == "marc@mons.example"
    (trace,) = current_session().scalars(
        select(JournalEntry).where(JournalEntry.action == "attendee.erased")
    )
    assert (trace.subject, trace.details) == (f"attendee:{attendee_id}", {"rows": 1})


def test_every_registration_of_the_person_goes(app: Flask, edition: Edition) -> None:
    (first,) = register(a_person())
    cancel_attendee(Act(PUBLIC, real_now()), first)
    (second,) = register(a_person())
    erasure.erase(Act(SYSTEM), first, FolderStore(data_of(app)), real_now())
    assert find_traces(app) == []
    assert PUBLIC.address not in everything(app)
    assert attendee(first).status == AttendeeStatus.CANCELLED
    assert attendee(second).status == AttendeeStatus.ERASED
    with pytest.raises(AlreadyErased):
        erasure.erase(Act(SYSTEM), second, FolderStore(data_of(app)), real_now())


def test_an_address_that_others_share_stays_theirs(app: Flask, edition: Edition) -> None:
    shared = "mairie@mons.example"
    attendee_id, other_number = register(
        a_person(email=shared),
        marc(email=shared),
        contact=shared,
    )
    erasure.erase(Act(SYSTEM), attendee_id, FolderStore(data_of(app)), real_now())
    assert [trace for trace in find_traces(app) if "mairie" not in trace] == []
    assert attendee(other_number).email == shared
    assert attendee(other_number).group.contact_email == shared
    people = [
        message.context["people"]
        for message in current_session().scalars(select(Message))
        if message.kind == "group_registered"
    ]
    assert people == [[mask.GONE, "Marc Olivier"]]


def test_the_address_of_an_account_stays_with_the_account(app: Flask, edition: Edition) -> None:
    account = make_account(email="Jehanne.Fabregues@mons.example", name="Compte")
    (attendee_id,) = register(a_person())
    erasure.erase(Act(SYSTEM), attendee_id, FolderStore(data_of(app)), real_now())
    assert attendee(attendee_id).email == ""
    assert current_session().get_one(Account, account.id).email == "Jehanne.Fabregues@mons.example"


def test_a_person_without_address_is_erased_too(app: Flask, edition: Edition) -> None:
    person = a_person(email="")
    (attendee_id,) = register_on_the_spot(
        act_in(get_public_edition(), SYSTEM, real_now()), person, new_key()
    ).added
    erasure.erase(Act(SYSTEM), attendee_id, FolderStore(data_of(app)), real_now())
    assert find_traces(app) == []


def test_messages_not_yet_sent_to_an_erased_person_never_leave(
    app: Flask, edition: Edition
) -> None:
    (attendee_id,) = register(a_person())
    erasure.erase(Act(SYSTEM), attendee_id, FolderStore(data_of(app)), real_now())
    assert current_session().scalar(select(func.count()).select_from(Message)) == 0


def test_nobody_is_erased_while_their_badge_is_being_printed(app: Flask, edition: Edition) -> None:
    (attendee_id,) = register(a_person())
    print_badges(data_of(app))
    with transaction() as session:
        run = session.scalars(select(PrintRun)).one()
        run.finished_at, run.leased_until = None, real_now() + timedelta(minutes=1)
    with pytest.raises(PrintingUnderWay):
        erasure.erase(Act(SYSTEM), attendee_id, FolderStore(data_of(app)), real_now())
    assert attendee(attendee_id).last_name == "Fabrègues-Vézian"


def test_a_message_is_sent_again_and_the_journal_says_by_whom(app: Flask, edition: Edition) -> None:
    (attendee_id,) = register(a_person())
    sending.send_due(lambda message: Delivery(False, "550 inconnu", permanent=True))
    (message,) = current_session().scalars(select(Message))
    assert messages.send_again(Act(SYSTEM), message.id).status == MessageStatus.WAITING
    (entry,) = current_session().scalars(
        select(JournalEntry).where(JournalEntry.action == "message.sent_again")
    )
    assert (entry.subject, entry.details) == (f"attendee:{attendee_id}", {"message": message.id})
    sending.send_due(lambda message: Delivery(True))
    erasure.erase(Act(SYSTEM), attendee_id, FolderStore(data_of(app)), real_now())
    with pytest.raises(MessageErased):
        messages.send_again(Act(SYSTEM), message.id)


def test_the_database_takes_a_write(app: Flask) -> None:
    assert messages.can_write()
    assert current_session().scalar(select(func.count()).select_from(RateCounter)) == 1


# Retention


def test_every_table_has_a_rule_and_every_deadline_a_step() -> None:
    tables = {model.__tablename__ for model in vars(models).values() if isinstance(model, type)}
    tables |= {"exhibitor_themes", "agent_themes", "need_themes"}
    assert tables == set(db.metadata.tables)
    assert set(PERSONAL_DATA) - tables == {"attendees.needs", "print_runs.file", "exhibitors.draft"}
    assert tables <= set(PERSONAL_DATA)
    due = {name for name, rule in PERSONAL_DATA.items() if rule.lifetime is not None}
    assert due - {"consents"} == set(purge.STEPS)
    assert all(rule.reason for rule in PERSONAL_DATA.values())


def count(model: type) -> int:
    current_session().rollback()
    return current_session().scalar(select(func.count()).select_from(model)) or 0


def test_scans_live_three_months_and_their_figures_for_ever(app: Flask, edition: Edition) -> None:
    first_number, two, _ = register(
        a_person(),
        marc(),
        a_person(first_name="Ana", last_name="Ruiz", email="ana@mons.example"),
    )
    enter(edition, first_number)
    enter(edition, two, minutes=20)
    figures, real = overview.figures_of(edition.id), real_now()
    end = edition.ends_at + timedelta(days=90)

    early = purge.purge(Act(SYSTEM, end - timedelta(days=1)), real, dry_run=False)
    assert {slip["table"] for slip in early["slips"]} == {"attendees.needs"}
    assert (count(Scan), count(Presence)) == (2, 2)

    counts = purge.purge(Act(SYSTEM, end), real, dry_run=True)
    assert (count(Scan), count(Presence), count(KeptFigure)) == (2, 2, 0)

    purge_counts = purge.purge(Act(SYSTEM, end), real, dry_run=False)
    assert (count(Scan), count(Presence)) == (0, 0)
    assert purge_counts["slips"] == counts["slips"]
    assert [(slip["table"], slip["rows"]) for slip in purge_counts["slips"]] == [
        ("presences", 2),
        ("scans", 2),
    ]
    assert overview.figures_of(edition.id) == figures
    rows = {
        (row.kind, row.label): row.value for row in current_session().scalars(select(KeptFigure))
    }
    assert rows["total", ""] == 2
    assert rows["category", "Élu"] == 2
    assert len([kind for kind, _ in rows if kind == "quarter"]) == 2
    slips = current_session().scalars(
        select(JournalEntry).where(JournalEntry.action == purge.SLIP).order_by(JournalEntry.id)
    )
    assert [entry.details for entry in slips] == early["slips"] + purge_counts["slips"]
    second_counts = purge.purge(Act(SYSTEM, end), real, dry_run=False)
    assert second_counts["slips"] == []
    assert overview.figures_of(edition.id) == figures


def test_a_scan_that_comes_after_the_count_of_people_is_recorded_and_counts_nobody(
    app: Flask, edition: Edition
) -> None:
    """A forgotten device sends its queue three months later: its people were counted."""
    (number,) = register(a_person())
    enter(edition, number)
    figures = overview.figures_of(edition.id)
    end = edition.ends_at + timedelta(days=90)
    purge.purge(Act(SYSTEM, end), real_now(), dry_run=False)
    scan = item(badge_of(number).code, scanned_at=edition.starts_at)
    (result,) = record_scans(make_station(edition, "Oubliée"), edition.id, [scan], end)
    assert result.verdict == Verdict.ACCEPTED
    current_session().rollback()
    assert (count(Scan), count(Presence)) == (1, 0)
    assert overview.figures_of(edition.id) == figures


def test_people_are_anonymous_after_a_year_and_counts_unchanged(
    app: Flask, edition: Edition
) -> None:
    first_number, two = register(a_person(), marc())
    cancel_attendee(Act(PUBLIC, real_now()), two)
    enter(edition, first_number)
    print_badges(data_of(app))
    figures, days = overview.figures_of(edition.id), overview.registrations_per_day(edition.id)
    end = edition.ends_at + timedelta(days=365)
    world = real_now() + timedelta(days=365)

    purge.purge(Act(SYSTEM, end - timedelta(days=1)), world, dry_run=False)
    assert attendee(first_number).last_name == "Fabrègues-Vézian"

    purge_counts = purge.purge(Act(SYSTEM, end), world, dry_run=False)
    assert {slip["table"] for slip in purge_counts["slips"]} >= {"attendees", "groups", "badges"}
    assert find_traces(app) == []
    assert attendee(first_number).status == AttendeeStatus.ERASED
    assert attendee(two).status == AttendeeStatus.CANCELLED
    assert overview.figures_of(edition.id) == figures
    assert overview.registrations_per_day(edition.id) == days
    assert count(Group) == 1
    current_session().rollback()
    assert (
        current_session().scalar(select(func.count(Badge.id)).where(Badge.revoked_at.is_(None)))
        == 0
    )
    assert purge.purge(Act(SYSTEM, end), world, dry_run=False)["slips"] == []


def test_only_the_edition_that_is_over_is_purged(app: Flask, edition: Edition) -> None:
    past = make_edition(day=date(2021, 10, 1), is_current=False)
    (kept_id,), (past_id,) = register(a_person()), register(marc(), edition=past)
    purge.purge(Act(SYSTEM, real_now()), real_now(), dry_run=False)
    assert attendee(kept_id).full_name == "Jéhanne Fabrègues-Vézian"
    assert attendee(past_id).status == AttendeeStatus.ERASED


@pytest.mark.parametrize(
    ("table", "model", "days"),
    [
        ("messages", Message, 90),
        ("journal_entries", JournalEntry, 180),
        ("rate_counters", RateCounter, 1),
        ("submissions", models.Submission, 2),
        ("single_use_codes", models.SingleUseCode, 1),
        ("sign_ins", SignIn, 1.5),
    ],
)
def test_what_ages_by_itself_goes_on_its_day(
    app: Flask, edition: Edition, table: str, model: type, days: float
) -> None:
    register(a_person())
    account = make_account(role=Role.AGENT)
    sign_in_codes.offer_sign_in_code(account.email, "browser", 0)
    sign_ins.open_sign_in(Act(SYSTEM), account_id=account.id)
    made_at = real_now() + timedelta(seconds=1)
    count_try("one", 3, 1)
    assert PERSONAL_DATA[table].lifetime is not None

    def rows() -> int:
        statement = select(func.count()).select_from(model)
        if model is JournalEntry:
            statement = statement.where(JournalEntry.action != purge.SLIP)
        current_session().rollback()
        return current_session().scalar(statement) or 0

    number = rows()
    assert number > 0
    last_moment = made_at + timedelta(days=days) - timedelta(hours=1)
    purge.purge(Act(SYSTEM, real_now()), last_moment, dry_run=False)
    assert rows() == number
    purge.purge(Act(SYSTEM, real_now()), made_at + timedelta(days=days, hours=1), dry_run=False)
    assert rows() == 0


def test_what_a_person_needs_is_forgotten_thirty_days_after_the_fair(
    app: Flask, edition: Edition
) -> None:
    attendee_id, other_number = register(a_person(), marc())
    assert attendee(attendee_id).needs == ["seat"]
    end = edition.ends_at
    purge.purge(Act(SYSTEM, end + timedelta(days=29, hours=23)), real_now(), dry_run=False)
    assert attendee(attendee_id).needs_note == "Canne blanche"
    purge.purge(Act(SYSTEM, end + timedelta(days=30, hours=1)), real_now(), dry_run=False)
    assert (attendee(attendee_id).needs, attendee(attendee_id).needs_note) == ([], "")
    assert (attendee(attendee_id).last_name, attendee(attendee_id).version) == (
        "Fabrègues-Vézian",
        2,
    )
    assert attendee(other_number).version == 1


def test_files_of_badges_live_seven_days(app: Flask, edition: Edition) -> None:
    register(a_person())
    file = print_badges(data_of(app))
    made_at = real_now()
    purge.purge(Act(SYSTEM, real_now()), made_at + timedelta(days=6, hours=23), dry_run=False)
    assert file.exists()
    purge.purge(Act(SYSTEM, real_now()), made_at + timedelta(days=7), dry_run=True)
    assert file.exists()
    purge.purge(Act(SYSTEM, real_now()), made_at + timedelta(days=7), dry_run=False)
    assert not file.exists()


def test_a_closed_account_is_anonymous_after_a_year(app: Flask, edition: Edition) -> None:
    account = make_account(email="jehanne@agents.example", name="Jéhanne Fabrègues")
    account_services.disable_account(Act(SYSTEM), account.id)
    closed = real_now()
    purge.purge(Act(SYSTEM, real_now()), closed + timedelta(days=364), dry_run=False)
    current_session().expire_all()
    assert current_session().get_one(Account, account.id).email == "jehanne@agents.example"
    purge.purge(Act(SYSTEM, real_now()), closed + timedelta(days=365), dry_run=False)
    current_session().expire_all()
    assert current_session().get_one(Account, account.id).email_key == f"erased:{account.id}"
    assert find_traces(app) == []
