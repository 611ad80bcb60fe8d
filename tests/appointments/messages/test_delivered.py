"""A real SMTP conversation: what a visitor's mailbox is given, change by change."""

from flask import Flask

from salon.appointments.services.booking import Choice, cancel_appointment, move_appointment
from salon.fair.models import Edition
from salon.platform.database.act import Act
from tests.appointments.make import PUBLIC, book, make_fair, make_visitor
from tests.appointments.messages.made import event_of, read
from tests.platform.mail.test_delivery import Postman, send_due
from tests.platform.mail.test_delivery import postman as postman
from tests.platform.mail.test_delivery import settings as settings


def test_each_change_is_one_message_and_all_are_one_event(
    app: Flask, edition: Edition, postman: Postman
) -> None:
    fair = make_fair(edition)
    visitor = make_visitor(edition)
    send_due()
    postman.received.clear()

    appointment = book(fair, at=fair.at(9), visitor=visitor)
    send_due()
    for hour in (10, 11, 14):
        choice = Choice(fair.theme_id(), fair.at(hour))
        move_appointment(Act(PUBLIC, fair.before), appointment, choice)
        # The same again is no change.
        move_appointment(Act(PUBLIC, fair.before), appointment, choice)
        send_due()
    cancel_appointment(Act(PUBLIC, fair.before), appointment)
    cancel_appointment(Act(PUBLIC, fair.before), appointment)
    send_due()

    mails = [read(item) for item in postman.received]
    assert {str(mail["To"]) for mail in mails} == {visitor.email}
    events = [event_of(mail) for mail in mails]
    assert [(method, f"{event.start:%H:%M}") for method, event in events] == [
        ("REQUEST", "09:00"),
        ("REQUEST", "10:00"),
        ("REQUEST", "11:00"),
        ("REQUEST", "14:00"),
        ("CANCEL", "14:00"),
    ]
    assert [event["sequence"] for _, event in events] == [0, 1, 2, 3, 4]
    assert len({event["uid"] for _, event in events}) == 1
    assert str(mails[0]["Subject"]).startswith("Rendez-vous confirmé, ")
