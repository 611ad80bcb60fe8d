"""Messages to visitors, agents and coordinators: in words, and as a calendar file."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from salon.appointments.models import Appointment
from salon.appointments.queries.offers import offers_of
from salon.appointments.queries.rescue import read_rescue
from salon.appointments.rules.booking import Limit
from salon.appointments.services.booking import Choice, cancel_appointment, move_appointment
from salon.appointments.services.placing import WaitingChoice
from salon.appointments.services.reminders import post_appointment_reminders
from salon.appointments.services.rescue import apply_rescue, notify_untended_appointments
from salon.appointments.services.waiting import join_waiting, run_waiting_lists
from salon.badges.models import HalfDay
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.mail.delivery import envelope
from salon.platform.web.access import settings
from salon.staffing.models import Agent, ShiftStatus
from salon.village_day.services.day import note_absence
from tests.appointments.make import PUBLIC, Fair, book, make_fair, make_visitor, messages
from tests.appointments.messages.made import event_of, mails, read, text_of
from tests.factories import act_in, new_key
from tests.staffing.make import ORGANISER, make_agent, shifts

MINUTE = timedelta(minutes=1)
SECRETARY = "secretariat@commune.example"
HOSTILE = (
    "<b>Route</b> =?UTF-8?Q?a=0ABcc:_x@evil.test?=\r\nBcc: x@evil.test\r\n\r\nUn lien : http://evil"
)
ONE_LINE = "<b>Route</b> =?UTF-8?Q?a=0ABcc:_x@evil.test?= Bcc: x@evil.test Un lien : http://evil"


def call_off(agent: Agent, fair: Fair) -> None:
    """The agent is absent; those who coordinate are told, and do what the plan says."""
    now = fair.at(8, 50)
    note_absence(Act(ORGANISER, now), shifts(agent, ShiftStatus.PUBLISHED)[0].id)
    notify_untended_appointments(now)
    apply_rescue(act_in(fair.edition, ORGANISER, now), read_rescue(fair.edition, now).stamp, None)


def fill(fair: Fair, accepted: tuple[str, ...] = tuple(Limit)) -> list[Appointment]:
    """Take all that is free."""
    results = []
    while offers := offers_of(fair.edition, fair.theme_id(), fair.before):
        results.append(book(fair, at=offers[0].starts_at, accepted=accepted))
    return results


def wait(fair: Fair, *, subject: str = "L’eau du Pioch", contact_email: str = "") -> str:
    """Somebody waits; answers their address."""
    visitor = make_visitor(fair.edition)
    part, key, at = HalfDay.WHOLE_DAY, new_key(), fair.before
    join_waiting(
        act_in(fair.edition, PUBLIC, at),
        WaitingChoice(fair.theme_id(), part, subject, contact_email),
        visitor.id,
        key,
    )
    return visitor.email


def test_who_booked_and_who_comes_are_told_each_in_their_words(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9, 30), contact_email=SECRETARY)
    link = f"{settings().public_url}/rendez-vous/{appointment.private_token}"
    (visitor_message,) = mails("appointment_booked", appointment.attendee.email)
    (hers,) = mails("appointment_booked", SECRETARY)
    assert "9\u00a0h\u00a030" in visitor_message["Subject"]
    mayor, secretary = text_of(visitor_message), text_of(hers)
    assert mayor.startswith("Madame la Maire,\n\nVotre rendez-vous est confirmé.\n\nQuand : ")
    assert secretary.startswith("Bonjour,\n\nLe rendez-vous que vous avez demandé pour Mireille")
    for words in (mayor, secretary):
        assert "de 9 h 30 à 9 h 50\n" in words
        assert "Où : Département, hall 3, stand V0, Parc des Expositions de Béziers" in words
        assert f"Avec : {appointment.agent.polite_name}".replace("\u00a0", " ") in words
        assert "Sujet : La réfection de la route du Pioch\n" in words
        assert f"\n{link}\n" in words


def test_the_file_is_an_invitation_that_asks_for_no_answer(app: Flask, edition: Edition) -> None:
    named = "Salon des maires <salon@amf34.example>"
    app.config["SALON"] = replace(settings(), mail_from=named)
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9, 30), contact_email=SECRETARY)
    (mail,) = mails("appointment_booked", SECRETARY)
    assert mail["From"] == named
    method, event = event_of(mail)
    assert (method, event["status"], event["sequence"]) == ("REQUEST", "CONFIRMED", 0)
    assert event["organizer"] == "mailto:salon@amf34.example"
    visitor, booked = event["attendee"]
    assert visitor == f"mailto:{appointment.attendee.email}"
    assert booked == f"mailto:{SECRETARY}"
    assert (visitor.params["role"], booked.params["role"]) == (
        "REQ-PARTICIPANT",
        "NON-PARTICIPANT",
    )
    for value in (visitor, booked):
        assert (value.params["partstat"], value.params["rsvp"]) == ("ACCEPTED", "FALSE")


def test_a_move_says_before_and_now_and_a_cancellation_takes_it_away(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    (first,) = mails("appointment_booked")
    uid = event_of(first)[1]["uid"]
    move_appointment(Act(PUBLIC, fair.before), appointment, Choice(fair.theme_id(), fair.at(10)))
    (moved,) = mails("appointment_moved")
    before, _, now = text_of(moved).partition("Maintenant :")
    assert "de 9 h à 9 h 20, avec " in before
    assert "de 10 h à 10 h 20" in now
    method, event = event_of(moved)
    assert (method, event["uid"], event["sequence"]) == ("REQUEST", uid, 1)

    cancel_appointment(Act(PUBLIC, fair.before), appointment)
    (cancellation,) = mails("appointment_cancelled")
    assert "C’est noté : votre rendez-vous est annulé." in text_of(cancellation)
    method, event = event_of(cancellation)
    assert (method, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 2)
    assert event["uid"] == uid


def test_staff_who_cancel_say_that_it_is_not_the_visitor_s_doing(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition)
    cancel_appointment(Act(ORGANISER, fair.before), book(fair, at=fair.at(9)))
    (mail,) = mails("appointment_cancelled")
    assert "a été annulé par l’équipe du salon" in text_of(mail)


def test_a_rescue_tells_each_what_changes_for_them(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    make_agent(fair.village, email="magali@herault.example", is_coordinator=True)
    absent_agent, present_agent = fair.agents["Département"]
    appointment = book(fair, at=fair.at(9), agent=absent_agent)
    book(fair, at=fair.at(10), agent=present_agent)
    lost = book(fair, at=fair.at(10), agent=absent_agent)
    call_off(absent_agent, fair)

    (mail,) = mails("appointments_untended", "magali@herault.example")
    words = text_of(mail)
    assert mail["Subject"] == "2\u00a0rendez-vous sans agent"
    assert f"{settings().public_url}/organisation/rendez-vous/sauvetage" in words

    (mail,) = mails("appointment_reassigned", appointment.attendee.email)
    words = text_of(mail)
    stands_in = f"{present_agent.polite_name}, qui traite le même thème, prend sa place"
    assert f"{stands_in} à la même heure".replace("\u00a0", " ") in words
    assert event_of(mail)[1]["sequence"] == 1

    (mail,) = mails("appointment_entrusted", present_agent.email)
    assert f"{settings().public_url}/planning/rendez-vous/{appointment.id}" in text_of(mail)
    assert appointment.attendee.full_name in text_of(mail)

    (mail,) = mails("appointment_to_choose", lost.attendee.email)
    words = text_of(mail)
    assert "Prévu : " in words
    assert words.partition("Nous vous proposons :")[2].count("Quand : ") == 1
    assert event_of(mail)[1]["status"] == "TENTATIVE"


def test_when_no_other_time_is_free_the_visitor_is_told_that_they_wait(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    (absent_agent,) = fair.agents["Département"]
    fill(fair)
    call_off(absent_agent, fair)
    (mail, *_) = mails("appointment_to_choose")
    assert "Aucune autre heure n’est libre" in text_of(mail)
    assert "liste d’attente" in text_of(mail)


def test_who_waits_is_told_their_place_an_offer_its_end_and_the_end(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    taken = fill(fair)
    first = wait(fair)
    wait(fair, contact_email=SECRETARY)
    assert "en première place" in text_of(mails("waiting_joined", first)[0])
    assert "à la 2e place" in text_of(mails("waiting_joined", SECRETARY)[0])

    now = fair.before + 5 * MINUTE
    cancel_appointment(Act(PUBLIC, now), taken[0])
    (mail,) = mails("waiting_offered", first)
    assert "à confirmer avant 10\u00a0h\u00a020" in mail["Subject"]
    words = text_of(mail)
    assert "de 9 h à 9 h 20" in words
    # The offer ends the day before the fair.
    assert "gardée jusqu’à 10 h 20, le " in words
    assert f"{settings().public_url}/rendez-vous/liste/" in words

    run_waiting_lists(now + 15 * MINUTE)
    assert "n’a pas été confirmée à temps" in text_of(mails("waiting_expired", first)[0])
    assert "Une heure se libère pour Mireille" in text_of(mails("waiting_offered", SECRETARY)[0])
    run_waiting_lists(edition.ends_at)
    assert "Aucune heure ne s’est libérée" in text_of(mails("waiting_closed", first)[0])


def hostile_in_all_kinds(fair: Fair) -> None:
    """Post a message of each kind, whose words are hostile wherever people typed some."""
    make_agent(fair.village, email="magali@herault.example", is_coordinator=True)
    absent_agent, present_agent = fair.agents["Département"]

    def given(at: int, agent: Agent) -> Appointment:
        visitor = make_visitor(fair.edition, last_name=HOSTILE)
        return book(fair, at=fair.at(at), agent=agent, visitor=visitor, subject=HOSTILE)

    given(9, absent_agent)
    given(10, present_agent)
    given(10, absent_agent)
    moved = given(14, present_agent)
    move_appointment(Act(PUBLIC, fair.before), moved, Choice(fair.theme_id(), fair.at(15)))
    cancel_appointment(Act(PUBLIC, fair.before), moved)
    post_appointment_reminders(fair.before + 9 * 60 * MINUTE)
    post_appointment_reminders(fair.at(8, 30))
    call_off(absent_agent, fair)
    taken = fill(fair)
    wait(fair, subject=HOSTILE)
    wait(fair, subject=HOSTILE)
    cancel_appointment(Act(PUBLIC, fair.before), taken[-1])
    run_waiting_lists(fair.before + 20 * MINUTE)
    run_waiting_lists(fair.edition.ends_at)


def test_what_people_typed_stays_one_line_of_text_and_out_of_the_headers(
    app: Flask, edition: Edition
) -> None:
    """HTML, line ends and encoded words in names and subjects, in every kind of message."""
    hostile_in_all_kinds(make_fair(edition))
    seen = set()
    for message in messages():
        if not message.kind.startswith(("appointment", "waiting")):
            continue
        raw = envelope(message)
        assert b"\nBcc:" not in raw.partition(b"\r\n\r\n")[0]
        mail = read(raw)
        assert mail["Bcc"] is None
        assert "Route" not in mail["Subject"]
        words = text_of(mail)
        assert "\nBcc" not in words
        if HOSTILE in str(message.context.values()) or ONE_LINE in words:
            assert ONE_LINE in words
            seen.add(message.kind)
    assert seen == {
        *("appointment_booked", "appointment_moved", "appointment_cancelled"),
        *("appointment_reassigned", "appointment_to_choose", "appointment_entrusted"),
        *("appointments_untended", "appointment_tomorrow", "appointment_soon"),
        *("waiting_joined", "waiting_offered", "waiting_expired", "waiting_closed"),
    }
