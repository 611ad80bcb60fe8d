"""Invitations of organisations: how long they live, and the rights of whom they name."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.dashboard.documents import person_file
from salon.dashboard.queries.persons import person_of_contact
from salon.dashboard.services import erasure, purge
from salon.exhibitors.models import Contact
from salon.fair.models import Edition
from salon.invitations.models import OrganisationInvitation
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.mail.delivery import words_of
from salon.platform.mail.oppositions import address_hash, opposed
from salon.platform.settings.clock import now, real_now
from tests.exhibitors.make import make_exhibitor
from tests.invitations.make import make_invitation

pytestmark = pytest.mark.on_both

EMAIL = "elise.cabanel@eclairage.example"
DAY = timedelta(days=1)


def test_an_invitation_lives_a_year_and_a_no_for_ever_as_a_hash(
    app: Flask, edition: Edition
) -> None:
    silent = make_invitation(edition, email=EMAIL)
    refusing = make_invitation(edition, email="non@mons.example", opposed_at=now())
    end = edition.ends_at + 365 * DAY
    purge.purge(Act(SYSTEM, end - DAY), real_now(), dry_run=False)
    assert silent.email == EMAIL
    purge.purge(Act(SYSTEM, end), real_now(), dry_run=False)
    rows = [
        (row.email, row.name, row.email_hash)
        for row in current_session().scalars(
            select(OrganisationInvitation).order_by(OrganisationInvitation.id)
        )
    ]
    assert rows == [("", "", ""), ("", "", address_hash("non@mons.example"))]
    assert opposed(["non@mons.example", EMAIL]) == {"non@mons.example"}
    assert refusing.opposed_at is not None


def test_a_contact_finds_its_invitation_in_its_file_until_it_is_erased(
    app: Flask, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, email=EMAIL)
    make_invitation(edition, email=EMAIL, exhibitor_id=exhibitor.id)
    statement = select(Contact.id).where(Contact.exhibitor_id == exhibitor.id)
    contact_id = current_session().scalars(statement).one()
    person = person_of_contact(contact_id)
    [facts] = person_file.file_of_person(person, words_of)["Invitations au salon"]
    assert facts["Adresse électronique"] == EMAIL
    erasure.erase_contact(Act(SYSTEM), contact_id, app.config["SALON"].file_store, real_now())
    [invitation] = current_session().scalars(select(OrganisationInvitation))
    assert (invitation.email, invitation.email_hash) == ("", "")
