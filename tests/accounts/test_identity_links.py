"""An account belongs to the first identity that signed in to it."""

from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, update

from salon.accounts.imports.provider_answers import ProvedIdentity
from salon.accounts.models import Account, SignIn
from salon.accounts.queries import find_account, get_account
from salon.accounts.rules import identities as rules
from salon.accounts.services.proved_identities import account_of_identity
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import entries
from salon.platform.settings.identity_provider import IdentityProvider
from tests.accounts.conftest import person_of, refusals
from tests.factories import make_account
from tests.factories import sign_in as sign_in_usually
from tests.openid_provider import sign_in
from tests.pages import PageClient
from tests.races import ROUNDS, race


def test_a_changed_address_takes_nobody_else_s_account(
    client: PageClient, provider: IdentityProvider
) -> None:
    own, others = make_account(), make_account()
    person = person_of(own)
    sign_in(client, person)
    person.email = others.email
    assert sign_in(client, person).status_code == 302
    assert current_session().scalars(select(SignIn.account_id)).all() == [own.id, own.id]
    assert get_account(others.id).provider_subject == ""


def test_an_address_given_to_somebody_else_does_not_open_the_account_of_before(
    app: Flask, client: PageClient, provider: IdentityProvider
) -> None:
    account = make_account()
    sign_in(client, person_of(account))
    successor = person_of(account)
    answer = sign_in(client, successor)
    assert answer.status_code == 403
    assert "appartient déjà à une autre identité" in answer.text
    assert refusals(app)[0][1] == "service d’identité, compte lié à une autre identité"
    organiser = sign_in_usually(app, Role.ORGANISER)
    page = f"/organisation/comptes/{account.id}"
    assert "liée à sa première connexion par ProConnect" in organiser.get(page).text
    token = organiser.token(page)
    organiser.post(f"{page}/identite/oublier", data={"csrf_token": token})
    assert sign_in(client, successor).status_code == 302
    assert "Oublier l’identité" in organiser.get(page).text


def identity_of(
    email: str, subject: str = "s", issuer: str = "https://i.example"
) -> ProvedIdentity:
    return ProvedIdentity(issuer, subject, email, True, "", "")


@pytest.mark.parametrize(
    ("address", "claimed", "is_same"),
    [
        ("Camille@herault.example", "camille@Herault.Example", True),
        ("camille@herault.example", "ｃamille@herault.example", False),
        ("camille@herault.example", "cam ille@herault.example", False),
        ("kim@herault.example", "\u212aim@herault.example", False),
        ("zoé@herault.example", "zoé@herault.example", True),
    ],
)
def test_an_address_is_compared_as_a_provider_means_it(
    address: str, claimed: str, is_same: bool
) -> None:
    assert rules.is_same_address(claimed, address) == is_same


@pytest.mark.on_both
def test_an_identity_is_linked_once_and_a_new_provider_s_replaces_it(app: Flask) -> None:
    account = make_account()
    first, second = (
        identity_of(account.email),
        identity_of(account.email, issuer="https://j.example"),
    )
    for identity in (first, first, second):
        assert account_of_identity(Act(SYSTEM), identity, ()).id == account.id
    linked = current_session().scalars(entries("account.linked")).all()
    assert len(linked) == 2
    assert get_account(account.id).provider_issuer == "https://j.example"


@pytest.mark.race
def test_two_identities_of_one_address_get_one_account_between_them(app: Flask) -> None:
    def entered(identity: ProvedIdentity) -> bool:
        try:
            account_of_identity(Act(SYSTEM), identity, ())
        except rules.LinkedToAnother:
            return False
        return True

    for _ in range(ROUNDS):
        email = make_account().email
        pair = [identity_of(email, subject=f"{email}-{number}") for number in range(2)]
        results = race(app, [lambda person=identity: entered(person) for identity in pair])
        assert sorted(results) == [False, True]


@pytest.mark.race
def test_control_identities_linked_outside_a_transaction_share_an_account(app: Flask) -> None:
    both_read = Barrier(2)

    def enter_unguarded(identity: ProvedIdentity) -> bool:
        account = find_account(identity.email)
        assert account is not None
        is_free = account.provider_subject == ""
        both_read.wait()
        values = {"provider_issuer": identity.issuer, "provider_subject": identity.subject}
        with transaction() as session:
            session.execute(update(Account).where(Account.id == account.id).values(values))
        return is_free

    email = make_account().email
    pair = [identity_of(email, subject=f"{email}-{number}") for number in range(2)]
    assert race(app, [lambda person=identity: enter_unguarded(person) for identity in pair]) == [
        True,
        True,
    ]
