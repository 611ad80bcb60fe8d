"""Invitations made for tests: keyword arguments only, every one with a default."""

from typing import Any

from salon.fair.models import Edition
from salon.invitations.models import OrganisationInvitation
from salon.platform.database.db import transaction
from salon.platform.mail.oppositions import OppositionSource, address_hash, oppose
from salon.platform.settings.clock import now
from salon.platform.words.tokens import new_token
from tests.exhibitors.make import make_exhibitor


def make_invitation(
    edition: Edition, *, email: str = "mairie@mons.example", **overrides: Any
) -> OrganisationInvitation:
    """Make an invitation sent to an exhibitor of the same edition, unless a place is said."""
    if not {"commune_code", "epci_siren", "exhibitor_id"} & set(overrides):
        overrides["exhibitor_id"] = make_exhibitor(edition).id
    values: dict[str, Any] = {
        "edition_id": edition.id,
        "name": "Mons",
        "email": email,
        "email_hash": address_hash(email),
        "private_token": new_token(),
        "sent_at": now(),
        **overrides,
    }
    invitation = OrganisationInvitation(**values)
    with transaction() as session:
        session.add(invitation)
        if invitation.opposed_at is not None:
            oppose(session, email, OppositionSource.INVITATION, invitation.opposed_at)
    return invitation
