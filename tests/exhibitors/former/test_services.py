"""Former exhibitors are invited once. On SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.exhibitors.imports.former_exhibitors import FormerRow, read_former, rows_of
from salon.exhibitors.models import ApplicationStatus, Contact, Exhibitor
from salon.exhibitors.rules.lifecycle import ApplicationsClosed
from salon.exhibitors.services.former_exhibitors import (
    Fate,
    invite_former,
    plan_invitations,
    start_from_former,
)
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity, Role
from salon.platform.database.submissions import SubmissionDiffers
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import act_in, make_edition, new_key
from tests.races import race

BY = Identity(Role.ORGANISER, 1, "Dominique Roque")


def rows(*lines: str) -> list[FormerRow]:
    return rows_of(read_former("Nom;Courriel;SIRET;Ville;Surface voulue (m²)\n" + "\n".join(lines)))


def count() -> int:
    current_session().rollback()
    return current_session().scalar(select(func.count()).select_from(Exhibitor)) or 0


@pytest.mark.on_both
def test_an_invitation_is_a_draft_filled_in_and_its_link(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    former_rows = rows("Lumières d’Oc;elise@oc.example;44306184100047;Béziers;18")

    assert invite_former(act_in(get_public_edition(), BY), former_rows, new_key()) == 1

    exhibitor = current_session().scalars(select(Exhibitor)).one()
    assert (exhibitor.status, exhibitor.name, exhibitor.city, exhibitor.area) == (
        ApplicationStatus.DRAFT,
        "Lumières d’Oc",
        "Béziers",
        18,
    )
    assert (exhibitor.name_key, exhibitor.slug, exhibitor.submitted_at) == (
        "lumieres d oc",
        None,
        None,
    )
    message = current_session().scalars(select(Message)).one()
    subject, text = words_of(message)
    assert (message.kind, message.recipient) == ("application_invited", "elise@oc.example")
    assert f"/exposants/inscription/{exhibitor.private_token}" in text
    assert "Lumières" not in subject


@pytest.mark.on_both
def test_what_is_here_already_is_told_line_by_line(app: Flask, edition: Edition) -> None:
    make_exhibitor(edition, name="Éclairage du Biterrois", siret="44306184100047")
    make_exhibitor(edition, name="Autre", siret="", email="jean@autre.example")
    make_exhibitor(make_edition(is_current=False), name="Ailleurs", siret="35600000000048")

    planned = plan_invitations(
        edition,
        rows(
            "Nom nouveau;a@b.example;44306184100047;;",
            "ECLAIRAGE DU BITERROIS;c@b.example;;;",
            "Encore;JEAN@autre.example;;;",
            "Ailleurs;d@b.example;35600000000048;;",
            "Ailleurs;e@b.example;;;",
            "Sans adresse;;;;",
        ),
    )

    assert [(invitation.fate, invitation.existing_name) for invitation in planned] == [
        (Fate.KNOWN, "Éclairage du Biterrois"),
        (Fate.KNOWN, "Éclairage du Biterrois"),
        (Fate.KNOWN, "Autre"),
        (Fate.INVITED, ""),
        (Fate.REPEATED, ""),
        (Fate.WRONG, ""),
    ]


@pytest.mark.on_both
def test_the_same_sending_twice_invites_once(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    key, former_rows = new_key(), rows("A;a@b.example;;;", "B;b@b.example;;;")
    assert invite_former(act_in(get_public_edition(), BY), former_rows, key) == 2
    assert invite_former(act_in(get_public_edition(), BY), former_rows, key) == 2
    assert invite_former(act_in(get_public_edition(), BY), former_rows, new_key()) == 0
    with pytest.raises(SubmissionDiffers):
        invite_former(act_in(get_public_edition(), BY), former_rows[:1], key)
    assert count() == 2


@pytest.mark.race
def test_two_organisers_who_send_the_same_list_at_once_invite_each_once(
    app: Flask, edition: Edition
) -> None:
    make_terms(edition)
    former_rows = rows(*(f"E{number};e{number}@b.example;;;" for number in range(5)))

    outcomes = race(
        app,
        [
            lambda: invite_former(act_in(get_public_edition(), BY), former_rows, new_key()),
            lambda: invite_former(act_in(get_public_edition(), BY), former_rows, new_key()),
        ],
    )

    assert sorted(outcomes) == [0, 5]
    assert count() == 5


def test_nobody_is_invited_once_applications_are_closed(app: Flask, edition: Edition) -> None:
    make_terms(edition, applications_close_at=datetime.now(UTC) - timedelta(minutes=1))
    with pytest.raises(ApplicationsClosed):
        invite_former(act_in(get_public_edition(), BY), rows("A;a@b.example;;;"), new_key())
    assert count() == 0


@pytest.mark.on_both
def test_a_former_exhibitor_finds_its_organisation_and_nobody_else(
    app: Flask, edition: Edition
) -> None:
    make_terms(edition)
    past = make_edition(is_current=False)
    former = make_exhibitor(past, name="Fidèle", area=24, presentation="Depuis 1987.", siret="")

    draft = start_from_former(act_in(edition, BY), former, "Fidèle", "e@f.example")

    assert draft is not None
    assert (draft.name, draft.area, draft.presentation) == ("Fidèle", 24, "Depuis 1987.")
    contact = (
        current_session().scalars(select(Contact).where(Contact.exhibitor_id == draft.id)).one()
    )
    assert (contact.email, contact.full_name.strip(), contact.phone) == ("e@f.example", "", "")
    assert start_from_former(act_in(edition, BY), former, "Fidèle", "E@f.example") is draft
    assert start_from_former(act_in(edition, BY), former, "Fidèle", "autre@f.example") is None
    kinds = [
        (message.kind, message.recipient) for message in current_session().scalars(select(Message))
    ]
    assert kinds == [
        ("application_started", "e@f.example"),
        ("application_link", "e@f.example"),
    ]
