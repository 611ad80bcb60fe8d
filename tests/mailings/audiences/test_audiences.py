"""Whom each audience finds, filter by filter, against the rows counted otherwise."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update

from salon.badges.services import set_consents
from salon.exhibitors.models import ApplicationStatus, Contact
from salon.fair.models import Edition
from salon.invitations.models import Guest, InvitedKind, LocalAuthority, OrganisationInvitation
from salon.invitations.services.authorities import erase_head
from salon.invitations.services.sending import mark_all_invited
from salon.mailings.engine import Recipient, one_per_address
from salon.mailings.models import MailingRecipient
from salon.mailings.queries.audiences.agents import AGENTS
from salon.mailings.queries.audiences.audience import Audience
from salon.mailings.queries.audiences.exhibitors import EXHIBITORS
from salon.mailings.queries.audiences.people import PEOPLE, SUBSCRIBERS
from salon.mailings.queries.audiences.places import PLACES
from salon.mailings.queries.audiences.speakers import SPEAKERS
from salon.mailings.services.letters import unsent_letter
from salon.mailings.services.sending import send_mailings
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message, MessageStatus, post
from salon.platform.settings.clock import now
from tests.badges.people import MONS, make_person, register
from tests.billing.sales import make_buyer, make_invoice, make_shop
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.invitations.make import make_invitation
from tests.mailings.audiences.make import (
    add_agents,
    add_exhibitors,
    add_places,
    add_speakers,
    make_talk,
    write_in_book,
)
from tests.mailings.make import make_due, make_mailing, posted
from tests.staffing.make import make_agent, make_village, publish, put
from tests.statements import statements

MANY = 300


def recipients_of(audience: Audience, edition: Edition, **choices: str) -> Sequence[Recipient]:
    return audience.find(edition, choices, now())


def names(audience: Audience, edition: Edition, **choices: str) -> set[str]:
    """Return the organisations that have an address to be written to."""
    recipients = one_per_address(recipients_of(audience, edition, **choices))
    return {recipient.organisation for recipient in recipients}


@pytest.mark.on_both
def test_exhibitors_are_found_by_the_filters_of_their_list(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    hall = make_hall(edition, name="7")
    make_exhibitor(edition, name="Placée", stand=make_stand(hall))
    make_exhibitor(edition, name="Étudiée", status=ApplicationStatus.SUBMITTED)
    make_exhibitor(edition, name="Brouillon", status=ApplicationStatus.DRAFT)
    make_exhibitor(edition, name="Refusée", status=ApplicationStatus.REFUSED)
    debtor = make_buyer(edition, name="Débitrice")
    with transaction() as session:
        session.add(
            Contact(exhibitor_id=debtor.id, kind="billing", email="compta@debitrice.example")
        )
    make_invoice(debtor, edition, now() - timedelta(days=90))
    assert names(EXHIBITORS, edition) == {"Placée", "Étudiée", "Débitrice"}
    for status in ApplicationStatus:
        rows = current_session().execute(
            text("SELECT name FROM exhibitors WHERE status = :status"), {"status": status.value}
        )
        assert names(EXHIBITORS, edition, state=status.value) == set(rows.scalars())
    assert names(EXHIBITORS, edition, hall=str(hall.id)) == {"Placée"}
    assert names(EXHIBITORS, edition, stand="without") == {"Étudiée", "Débitrice"}
    assert names(EXHIBITORS, edition, tasks="open") == {"Placée", "Débitrice"}
    assert names(EXHIBITORS, edition, sector="water") == set()
    [owing] = recipients_of(EXHIBITORS, edition, unpaid="late")
    assert (owing.address, owing.path) == ("compta@debitrice.example", f"/mon-stand/{debtor.id}")
    [applicant] = recipients_of(EXHIBITORS, edition, state="submitted")
    assert applicant.greeting == "Madame"
    assert applicant.path.startswith("/exposants/inscription/jeton-")
    filters = {choice.name: choice.options(edition) for choice in EXHIBITORS.filters}
    assert (str(hall.id), "7") in filters["hall"]


@pytest.mark.on_both
def test_agents_are_found_by_their_body_and_their_published_shifts(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    on_duty = make_agent(village, name="Ana Service", civility="")
    make_agent(village, name="Bea Libre")
    planned = make_agent(village, name="Cid Brouillon", body="SDIS 34")
    put(village, on_duty, village.wanted("Département", (9, 0), (12, 0)))
    publish(village)
    put(village, planned, village.wanted("SDIS 34", (9, 0), (12, 0)))
    day = edition.days[0].day_on

    def people(**choices: str) -> set[str]:
        return {recipient.name for recipient in recipients_of(AGENTS, edition, **choices)}

    service, free, draft = "Ana Service", "Mme\u00a0Bea Libre", "Mme\u00a0Cid Brouillon"
    assert people() == {service, free, draft}
    assert people(body=str(village.bodies["SDIS 34"].id)) == {draft}
    assert people(rota="with") == {service}
    assert people(rota="without") == {free, draft}
    assert people(lacks="shifts") == {free}
    assert people(day=day.isoformat()) == {service}
    assert people(day=(day + timedelta(days=1)).isoformat()) == set()
    [recipient] = recipients_of(AGENTS, edition, rota="with")
    assert (recipient.greeting, recipient.organisation) == ("Bonjour", "Département")
    with transaction(on_duty):
        on_duty.removed_at = now()
    assert people() == {free, draft}


def test_the_newsletter_leaves_for_those_whose_consent_stands(app: Flask, edition: Edition) -> None:
    yes, no_more, _ = (
        register(make_person(last_name=name, email=f"{name}@x.example", consents=consents)).added[0]
        for name, consents in (("Yes", ["newsletter"]), ("Once", ["newsletter"]), ("No", []))
    )
    set_consents(Act(SYSTEM), no_more, ())
    assert len(recipients_of(PEOPLE, edition)) == 3
    assert [person.address for person in recipients_of(SUBSCRIBERS, edition)] == ["Yes@x.example"]
    make_due(edition, audience="subscribers")
    set_consents(Act(SYSTEM), yes, ())
    send_mailings(now())
    assert posted() == []


def test_a_speaker_is_written_to_at_the_address_of_their_registration(
    app: Flask, edition: Edition
) -> None:
    register(make_person(first_name="Luce", last_name="De la Tour", email="luce@tour.example"))
    for address in ("jean1@x.example", "jean2@x.example"):
        register(make_person(first_name="Jean", last_name="Roux", email=address))
    talks = [
        make_talk(edition, *names)
        for names in (["Mme Luce de La Tour", "Jean Roux"], ["Paul Inconnu"])
    ]
    recipients = recipients_of(SPEAKERS, edition)
    assert [recipient.address for recipient in recipients] == ["luce@tour.example", "", ""]
    assert recipients[0].greeting == "Madame la Maire"
    [absent] = recipients_of(SPEAKERS, edition, item=str(talks[1].id))
    assert (absent.name, absent.address) == ("Paul Inconnu", "")
    assert len(one_per_address(recipients)) == 1


@pytest.fixture
def book(edition: Edition) -> Edition:
    """Return an edition before which Béziers and Mons have an address in the book."""
    write_in_book("34032", "34160")
    return edition


@pytest.mark.on_both
def test_places_are_found_by_what_they_answered(app: Flask, book: Edition) -> None:
    assert names(PLACES, book) == names(PLACES, book, state="to_send") == {"Béziers", "Mons"}
    assert names(PLACES, book, epci="243400769") == {"Béziers"}
    assert names(PLACES, book, past="came") == set()
    invitation = make_invitation(book, commune_code="34160", name="Mons")
    assert names(PLACES, book, state="silent") == names(PLACES, book, state="sent") == {"Mons"}
    with transaction(invitation):
        invitation.opened_at = now()
    assert names(PLACES, book, state="silent") == names(PLACES, book, state="opened") == {"Mons"}
    for column in ("declined_at", "opposed_at"):
        with transaction(invitation):
            setattr(invitation, column, now())
        assert names(PLACES, book) == {"Béziers"}
        with transaction(invitation):
            setattr(invitation, column, None)
    register(make_person(place=MONS))
    assert names(PLACES, book, state="silent") == set()
    assert names(PLACES, book, state="answered") == {"Mons"}
    with transaction(book):
        book.registration_closes_at = now()
    assert names(PLACES, book) == set()


@pytest.mark.parametrize("audience", ["places", "organisations"])
def test_a_letter_without_a_link_names_the_lists_of_its_addresses(
    app: Flask, book: Edition, audience: str
) -> None:
    """RGPD, article 14: in the first message, also to who shares an address and has no page."""
    listed = {"email": "a@b.example", "dated_on": now().date(), "written_at": now()}
    with transaction() as session:
        session.execute(update(LocalAuthority).values(address_source="Annuaire du CDG"))
        session.add(Guest(name="Midi", name_key="midi", source="Liste du club", **listed))
    mailing = make_mailing(book, audience=audience, text="Venez.")
    name = {"places": "Annuaire du CDG", "organisations": "Liste du club"}[audience]
    letter = words_of(unsent_letter(book, mailing, Recipient("", "a@b.example")))[1]
    assert f"Listes utilisées : {name}" in " ".join(letter.split())


def test_the_page_of_a_place_is_made_when_it_is_written_to(app: Flask, book: Edition) -> None:
    with transaction() as session:
        session.execute(update(LocalAuthority).values(email="secretariat@vallee.example"))
    [recipient] = one_per_address(recipients_of(PLACES, book, state="to_send"))
    assert (recipient.key, recipient.others) == ("commune:34032", 1)
    place = InvitedKind.PLACE
    with transaction() as session:
        tokens = mark_all_invited(session, book, place, {recipient.key}, now())
    invitations = {row.name: row for row in current_session().query(OrganisationInvitation)}
    assert tokens[recipient.key] == invitations["Béziers"].private_token
    assert invitations.keys() == {"Béziers", "Mons"}
    assert names(PLACES, book, state="to_send") == set()
    with transaction() as session:
        keys = {recipient.key, "epci:gone"}
        assert mark_all_invited(session, book, place, keys, now()) == tokens


def test_a_refused_mailing_is_a_refused_invitation(app: Flask, book: Edition) -> None:
    make_invitation(book, commune_code="34160", name="Mons", email="mairie@c34160.example")
    with transaction() as session:
        post(session, "mail_check", "mairie@c34160.example")
        session.execute(update(Message).values(status=MessageStatus.REFUSED))
    assert names(PLACES, book) == {"Béziers"}
    with transaction() as session:
        session.execute(
            update(LocalAuthority)
            .where(LocalAuthority.commune_code == "34160")
            .values(email="accueil@mons.example")
        )
    assert names(PLACES, book, state="to_send") == {"Béziers", "Mons"}


def test_a_mayor_erased_from_the_book_is_gone_from_what_was_written(
    app: Flask, book: Edition
) -> None:
    mailing = make_due(book, audience="places", subject="Venez", text="{nom}, {lien}")
    assert mailing.planned_at is not None
    send_mailings(mailing.planned_at)
    authorities = {row.key: row for row in current_session().query(LocalAuthority)}
    erase_head(Act(SYSTEM), authorities["commune:34032"], erases_email=False)
    erase_head(Act(SYSTEM), authorities["commune:34160"], erases_email=True)
    current_session().expire_all()
    [recipient] = current_session().query(MailingRecipient)
    assert (recipient.address, recipient.name) == ("mairie@c34032.example", "")
    assert [message.recipient for message in posted()] == ["mairie@c34032.example"]


def test_nine_people_of_one_address_are_written_to_once() -> None:
    people = [Recipient(f"attendee:{rank}", "Mairie@mons.example") for rank in range(9)]
    people[4] = Recipient("attendee:4", "mairie@MONS.example", name="Mme Roux", path="/badge/x")
    [recipient] = one_per_address([*people, Recipient("attendee:9", "")])
    assert (recipient.others, recipient.name, recipient.path) == (8, "", "")


def test_no_audience_reads_row_by_row(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    village = make_village(edition)
    register(make_person(first_name="Luce", last_name="Roux"))
    make_agent(village)
    make_exhibitor(edition)
    make_talk(edition, "Luce Roux")
    cases: list[tuple[Audience, dict[str, str], Callable[[], None]]] = [
        (EXHIBITORS, {"tasks": "open"}, lambda: add_exhibitors(edition, MANY)),
        (AGENTS, {"rota": "without"}, lambda: add_agents(village, MANY)),
        (SPEAKERS, {}, lambda: add_speakers(edition, MANY)),
        (PLACES, {"past": "never"}, lambda: add_places(MANY)),
    ]
    for audience, choices, add in cases:
        current_session().refresh(edition)
        with statements() as before:
            few = len(recipients_of(audience, edition, **choices))
        add()
        current_session().refresh(edition)
        with statements() as after:
            many = len(recipients_of(audience, edition, **choices))
        assert many - few == MANY, audience.key
        assert len(after) == len(before) <= 14, audience.key
