"""Other organisations that are invited: State services, partners, press, guests of honour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from salon.fair.models import Edition
from salon.invitations.models import Guest
from salon.invitations.queries.candidates import candidate_of
from salon.invitations.queries.invitations import InvitedOrganisation, with_states
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.pages.lists.listing import Column, Listing
from salon.platform.words.texts import folded


@dataclass(frozen=True)
class GuestRow:
    """An organisation, and what becomes of its invitation."""

    guest: Guest
    organisation: InvitedOrganisation


@dataclass(frozen=True)
class GuestFilter:
    text: str = ""
    kind: str = ""
    state: str = ""


GUESTS = Listing(
    {
        "name": Column("Nom", lambda row: folded(row.guest.name)),
        "kind": Column("Genre", lambda row: (folded(row.guest.kind), folded(row.guest.name))),
        "state": Column("État", lambda row: row.organisation.state.label),
    },
    length=100,
)


def guests() -> Sequence[Guest]:
    """Return every guest that is not erased, by name."""
    rows = current_session().scalars(select(Guest).where(Guest.name != ""))
    return sorted(rows, key=lambda guest: guest.name_key)


def guests_by_name() -> dict[str, Guest]:
    """Return the guests by name as compared."""
    return {guest.name_key: guest for guest in guests()}


def find_guest(guest_id: int) -> Guest | None:
    guest = current_session().get(Guest, guest_id)
    return guest if guest is not None and guest.name else None


@across_editions()
def guest_rows(edition: Edition) -> list[GuestRow]:
    """Return the guests with their invitations to an edition, by name."""
    rows = guests()
    organisations = with_states(edition, [candidate_of(guest) for guest in rows])
    return [
        GuestRow(guest, organisation)
        for guest, organisation in zip(rows, organisations, strict=True)
    ]


def filtered_guests(rows: Iterable[GuestRow], filters: GuestFilter) -> list[GuestRow]:
    text = folded(filters.text)
    return [
        row
        for row in rows
        if text in folded(f"{row.guest.name} {row.guest.contact} {row.guest.email}")
        and filters.kind in ("", row.guest.kind)
        and filters.state in ("", row.organisation.state)
    ]
