"""Each invariant of docs/invariants.md, attacked by SQL alone on both databases."""

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from salon.appointments.models import AgentClaim
from salon.badges.models import Badge
from salon.badges.services.accepted_texts import change_texts, text_values
from salon.entrance.models import Scan
from salon.entrance.services.scans import record_scans
from salon.exhibitors.models import Invitation
from salon.fair.models import Edition
from salon.open_data.models import DataFile, DataRelease
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.invariants import Unsettled, erasing
from salon.platform.database.journal import JournalEntry, note
from salon.platform.database.versions import stamp_of
from salon.platform.settings.clock import now
from tests.appointments.make import book, make_fair
from tests.badges.people import badge_of, register_one
from tests.entrance.people import item, make_badge, make_station
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import act_in
from tests.journal import SampleAction
from tests.leads.make import give, read
from tests.platform.database.invariants.attacks import copy_of, execute, plus_minutes, refused


def test_the_journal_stays(app: Flask, edition: Edition) -> None:
    note(SYSTEM, SampleAction.WROTE, "edition:1")
    refused("journal_stays", "UPDATE journal_entries SET actor = 'X'")
    refused("journal_stays", "DELETE FROM journal_entries")
    entry = current_session().scalars(select(JournalEntry)).first()
    assert entry is not None
    if current_session().get_bind().dialect.name == "postgresql":
        refused("rows_stay", "TRUNCATE journal_entries CASCADE")
    else:
        columns = [c.name for c in JournalEntry.__table__.columns]
        chosen = ", ".join("'X'" if name == "actor" else name for name in columns)
        refused(
            "journal_stays",
            f"REPLACE INTO journal_entries ({', '.join(columns)}) SELECT {chosen}"
            f" FROM journal_entries WHERE id = {entry.id}",
        )


def test_scans_stay(app: Flask, edition: Edition) -> None:
    scan = scanned(edition)
    refused("scans_stay", "UPDATE scans SET verdict = 'revoked'")
    refused("scans_stay", f"DELETE FROM scans WHERE id = {scan.id}")


def scanned(edition: Edition) -> Scan:
    record_scans(make_station(edition), edition.id, [item(make_badge(edition).code)], now())
    current_session().rollback()  # the session may have read before the scans were written
    return current_session().scalars(select(Scan)).one()


def test_printings_and_consents_stay(app: Flask, edition: Edition) -> None:
    attendee = register_one(consents=["newsletter"])
    badge = badge_of(attendee.id)
    at = "(SELECT min(issued_at) FROM badges)"
    execute(
        f"INSERT INTO printings (badge_id, printed_at, printed_by) VALUES ({badge.id}, {at}, 'A')"
    )
    refused("printings_stay", "UPDATE printings SET printed_by = 'X'")
    refused("printings_stay", "DELETE FROM printings")
    refused("consents_stay", "DELETE FROM consents")
    refused("consents_say_what_was_agreed", "UPDATE consents SET purpose = 'photo'")
    execute("UPDATE consents SET withdrawn_at = given_at")
    refused("consents_end_once", "UPDATE consents SET withdrawn_at = NULL")


def test_the_versions_of_an_accepted_text_stay(app: Flask, edition: Edition) -> None:
    current = text_values(edition)
    change_texts(act_in(edition, SYSTEM), current | {"photo": "Oui."}, stamp_of(current))
    refused("text_versions_stay", "UPDATE text_versions SET text = 'X'")
    refused("text_versions_stay", "DELETE FROM text_versions")


def test_published_files_stay(app: Flask, edition: Edition) -> None:
    with transaction() as session:
        release = DataRelease(edition_id=edition.id, number=1, published_at=now())
        release.files = [DataFile(name="a.csv", media_type="text/csv", size=1, content=b"a")]
        session.add(release)
    refused("data_files_stay", "UPDATE data_files SET size = 2")
    refused("data_files_stay", "DELETE FROM data_files")


def test_readings_and_agreements_at_a_stand_stay(app: Flask, edition: Edition) -> None:
    give(read(make_exhibitor(edition), make_badge(edition)))
    refused("readings_stay", "UPDATE lead_readings SET read_by = 'X'")
    for change in ("purpose = 'news'", "fields = '[]'", "text_version = 'X'"):
        guard = "lead_consents_say_what_was_agreed"
        refused(guard, f"UPDATE lead_consents SET {change}")


def test_only_an_erasure_opens_what_stays(app: Flask, edition: Edition) -> None:
    scanned(edition)
    note(SYSTEM, SampleAction.WROTE, "edition:1")
    with transaction() as session, erasing(session):
        for table in ("presences", "scans", "journal_entries"):
            session.execute(Unsettled.metadata.tables[table].delete())
    assert current_session().scalars(select(Unsettled)).all() == []
    note(SYSTEM, SampleAction.WROTE, "edition:1")
    refused("journal_stays", "DELETE FROM journal_entries")


def test_an_erasure_cannot_be_left_open(app: Flask, edition: Edition) -> None:
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(insert(Unsettled).values(name="erasure"))
    refused(
        "ck_unsettled_never_settled",
        "INSERT INTO unsettled (id, name, never) VALUES (1, 'erasure', 1)",
    )
    note(SYSTEM, SampleAction.WROTE, "edition:1")
    refused("journal_stays", "DELETE FROM journal_entries")


# People


def test_a_valid_badge_is_of_somebody_registered(app: Flask, edition: Edition) -> None:
    attendee = register_one()
    guard = "valid_badges_of_registered_people"
    for status in ("cancelled", "replaced", "erased"):
        refused(guard, f"UPDATE attendees SET status = '{status}' WHERE id = {attendee.id}")
    execute(
        f"UPDATE attendees SET status = 'cancelled' WHERE id = {attendee.id}",
        f"UPDATE badges SET revoked_at = issued_at WHERE attendee_id = {attendee.id}",
    )
    refused(guard, f"UPDATE badges SET revoked_at = NULL WHERE attendee_id = {attendee.id}")
    badge = current_session().scalars(select(Badge)).one()
    new = {"code": "'X'", "code_hash": "'X'", "private_token": "'X'", "revoked_at": "NULL"}
    refused(guard, copy_of("badges", badge.id, **new))


def test_an_invitation_keeps_its_quota(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)
    attendees = [register_one() for _ in range(3)]
    with transaction() as session:
        invitation = Invitation(
            exhibitor_id=exhibitor.id, code="CODE", label="Clients", quota=2, created_at=now()
        )
        session.add(invitation)
    update_sql = f"UPDATE attendees SET invitation_id = {invitation.id}"
    execute(f"{update_sql} WHERE id <> {attendees[2].id}")
    refused("invitation_quota", f"{update_sql} WHERE id = {attendees[2].id}")
    new = {"email_key": "'x'", "name_key": "'x'"}
    refused("invitation_quota", copy_of("attendees", attendees[0].id, **new))
    refused("invitation_quota_lowered", "UPDATE invitations SET quota = 1")
    refused("ck_invitations_quota_above_zero", "UPDATE invitations SET quota = -5")


# The plan


def test_two_stands_are_not_on_one_place(app: Flask, edition: Edition) -> None:
    hall = make_hall(edition)
    stands = [make_stand(hall) for _ in range(2)]
    guard = "stands_on_one_place"
    refused(guard, copy_of("stands", stands[0].id, number="'X1'"))
    refused(guard, copy_of("stands", stands[0].id, number="'X1'", x="x + 0.5"))
    first, second = (stand.id for stand in stands)
    refused(guard, f"UPDATE stands SET width = 3.5 WHERE id = {first}")
    execute(
        f"UPDATE stands SET x = 3 WHERE id = {first}",
        f"UPDATE stands SET x = 0 WHERE id = {second}",
    )


def test_a_stand_lies_in_its_hall(app: Flask, edition: Edition) -> None:
    make_stand(make_hall(edition))
    for change in ("x = 39", "depth = 31"):
        refused("stand_in_its_hall", f"UPDATE stands SET {change}")
    refused("ck_stands_inside_the_walls", "UPDATE stands SET x = -1")
    for guard, change in (
        ("ck_stands_width_above_zero", "width = -5"),
        ("ck_stands_depth_above_zero", "depth = 0"),
        ("ck_stands_power_kw_at_least_0", "power_kw = -5"),
    ):
        refused(guard, f"UPDATE stands SET {change}")
    refused("ck_halls_width_above_zero", "UPDATE halls SET width = -5")


def test_a_stand_carries_one_exhibitor_and_one_body(app: Flask, edition: Edition) -> None:
    make_fair(edition)
    stand = make_stand(make_hall(edition))
    first_exhibitor, other_exhibitor = make_exhibitor(edition), make_exhibitor(edition)
    update_sql = f"UPDATE exhibitors SET stand_id = {stand.id}"
    execute(f"{update_sql} WHERE id = {first_exhibitor.id}")
    is_postgresql = current_session().get_bind().dialect.name == "postgresql"
    taken = "uq_exhibitors_stand_id" if is_postgresql else "exhibitors.stand_id"
    refused(taken, f"{update_sql} WHERE id = {other_exhibitor.id}")
    taken = "uq_partner_bodies_stand_id" if is_postgresql else "partner_bodies.stand_id"
    refused(taken, f"UPDATE partner_bodies SET stand_id = {stand.id}")
    refused(
        "ck_exhibitors_stand_when_accepted",
        f"UPDATE exhibitors SET status = 'refused' WHERE id = {first_exhibitor.id}",
    )


# The rota and the appointments


def test_an_agent_is_in_one_place_at_a_time(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    first_agent, other_agent = fair.agents["Département"]
    for layer in ("draft", "published"):
        of_first_agent = f"WHERE agent_id = {first_agent.id} AND status = '{layer}'"
        guard = f"{layer}_shifts_of_an_agent"
        first = f"(SELECT min(id) FROM shifts {of_first_agent})"
        refused(guard, f"UPDATE shifts SET agent_id = {other_agent.id} {of_first_agent}")
        earlier = plus_minutes("starts_at", -120)
        refused(
            guard, f"UPDATE shifts SET starts_at = {earlier} {of_first_agent} AND id <> {first}"
        )
        # Two agents who swap meet in between, and the commit finds them apart.
        execute(
            f"UPDATE shifts SET agent_id = CASE WHEN agent_id = {first_agent.id}"
            f" THEN {other_agent.id} ELSE {first_agent.id} END WHERE status = '{layer}'"
        )


def test_nobody_has_two_appointments_at_once(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    first_agent, other_agent = fair.agents["Département"]
    first = book(fair, at=fair.at(9), agent=first_agent)
    second = book(fair, at=fair.at(9), agent=other_agent)
    refused(
        "appointments_of_an_agent",
        f"UPDATE appointments SET agent_id = {first_agent.id} WHERE id = {second.id}",
    )
    refused(
        "appointments_of_a_visitor",
        f"UPDATE appointments SET attendee_id = {first.attendee_id} WHERE id = {second.id}",
    )
    new = {"private_token": "'X'", "uid": "'X'", "starts_at": plus_minutes("starts_at", 10)}
    refused("appointments_of_an_agent", copy_of("appointments", first.id, **new))
    execute(f"UPDATE appointments SET status = 'cancelled' WHERE id = {first.id}")
    execute(f"UPDATE appointments SET agent_id = {first_agent.id} WHERE id = {second.id}")


def test_a_claim_is_on_the_grid_and_has_one_owner(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    for table in ("appointment_agent_claims", "appointment_visitor_claims"):
        later = f"UPDATE {table} SET starts_at ="
        for minutes in (2, 301):
            moved = plus_minutes("starts_at", minutes)
            refused(f"ck_{table}_starts_at_on_the_grid", f"{later} {moved}")
        refused(f"ck_{table}_one_owner", f"UPDATE {table} SET appointment_id = NULL")
    claims = current_session().scalars(select(AgentClaim)).all()
    assert {claim.appointment_id for claim in claims} == {appointment.id}
    moved = plus_minutes("starts_at", 3)
    refused("ck_appointments_starts_at_on_the_grid", f"UPDATE appointments SET starts_at = {moved}")


def test_needs_and_what_shifts_take_are_in_half_hours(app: Flask, edition: Edition) -> None:
    make_fair(edition)
    moved = plus_minutes("starts_at", 5)
    for table in ("shift_claims", "needs"):
        refused(f"ck_{table}_starts_at_on_the_grid", f"UPDATE {table} SET starts_at = {moved}")
    refused(
        "ck_shift_claims_withdrawn_claims_nothing", "UPDATE shift_claims SET layer = 'withdrawn'"
    )


# Words and numbers


def test_an_unknown_word_is_refused(app: Flask, edition: Edition) -> None:
    station = make_station(edition)
    register_one()
    for column in ("status", "category", "civility", "function", "half_day"):
        refused(f"ck_attendees_known_{column}", f"UPDATE attendees SET {column} = 'unknown'")
    at = "(SELECT min(issued_at) FROM badges)"
    columns = "edition_id, station_id, scan_id, verdict, direction, code, shown, was_let_in,"
    columns += " is_counted, door, scanned_at, received_at, happened_at"
    flags = f"'', '', false, true, 'A', {at}, {at}, {at}"
    for guard, values in (
        ("ck_scans_known_verdict", "'x', 'perhaps', 'in'"),
        ("ck_scans_known_direction", "'x', 'accepted', 'up'"),
    ):
        refused(
            guard,
            f"INSERT INTO scans ({columns}) VALUES ({edition.id}, {station}, {values}, {flags})",
        )
    make_exhibitor(edition)
    refused("ck_exhibitors_applicationstatus", "UPDATE exhibitors SET status = 'perhaps'")


def test_a_negative_number_is_refused(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    book(fair, at=fair.at(9))
    for table, column, guard in (
        ("appointments", "amount", "amount_at_least_0"),
        ("booking_settings", "hold_minutes", "hold_minutes_above_zero"),
        ("stand_bookings", "kept_free", "kept_free_at_least_0"),
        ("communes", "population", "population_at_least_0"),
    ):
        refused(f"ck_{table}_{guard}", f"UPDATE {table} SET {column} = -5")
