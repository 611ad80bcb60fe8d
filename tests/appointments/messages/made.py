"""Messages of appointments as they leave."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from icalendar import Calendar, Event

from salon.platform.mail.delivery import envelope
from tests.appointments.make import messages


def mails(kind: str, to: str = "") -> list[EmailMessage]:
    """Return the messages of a kind that were posted, in order, to an address if given."""
    stored_messages = [message for message in messages(kind) if to in ("", message.recipient)]
    return [read(envelope(message)) for message in stored_messages]


def read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    """Return the words, with plain spaces."""
    body = mail.get_body(("plain",))
    assert body is not None
    words = str(body.get_content()).replace("\r\n", "\n").replace("\u00a0", " ")
    assert "\n\n\n" not in words
    assert "None" not in words
    return words


def event_of(mail: EmailMessage) -> tuple[str, Event]:
    """Return the method and the only event of the invitation that a message is, and that it
    carries.
    """
    assert mail.get_content_type() == "multipart/mixed"
    alternatives, file = mail.iter_parts()
    assert alternatives.get_content_type() == "multipart/alternative"
    words, page, invitation = alternatives.iter_parts()
    assert (words.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "rendez-vous.ics")
    assert invitation.get_content_type() == "text/calendar"
    assert invitation.get_content().encode() == file.get_content()
    calendar = Calendar.from_ical(file.get_content())
    assert invitation["Content-Type"].params["method"] == calendar["method"]
    (event,) = calendar.walk("VEVENT")
    return str(calendar["method"]), event
