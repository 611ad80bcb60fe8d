"""Talks, and many rows of what an audience finds."""

from sqlalchemy import insert, select

from salon.badges.models import Attendee, Commune
from salon.exhibitors.models import Contact, Exhibitor
from salon.fair.models import Edition, ProgrammeItem, Room
from salon.invitations.models import Guest, LocalAuthority
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import now
from salon.staffing.models import Agent
from tests.staffing.make import Village


def make_talk(edition: Edition, *speakers: str) -> ProgrammeItem:
    with transaction() as session:
        room = Room(edition_id=edition.id, name=f"Salle {session.query(Room).count()}")
        session.add(room)
        session.flush()
        day = edition.days[0]
        talk = ProgrammeItem(
            edition_id=edition.id,
            starts_at=day.opens_at,
            ends_at=day.closes_at,
            title=f"Avec {speakers[0]}",
            room_id=room.id,
            speakers=[{"name": name, "role": ""} for name in speakers],
        )
        session.add(talk)
    return talk


def copies(
    row: Exhibitor | Agent | Attendee, number: int, **changes: str
) -> list[dict[str, object]]:
    """Return the columns of a row as often; `{}` in a change is replaced by a rank."""
    columns = {
        column.key: getattr(row, column.key)
        for column in type(row).__mapper__.column_attrs
        if column.key != "id"
    }
    return [
        {**columns, **{name: value.format(rank) for name, value in changes.items()}}
        for rank in range(number)
    ]


def add_exhibitors(edition: Edition, number: int) -> None:
    row = current_session().scalars(select(Exhibitor)).first()
    assert row is not None
    rows = copies(row, number, private_token="copie-{}", slug="copie-{}")
    with transaction() as session:
        ids = session.scalars(insert(Exhibitor).returning(Exhibitor.id), rows).all()
        contacts = [
            {"exhibitor_id": id_, "email": f"c{id_}@x.example", "kind": "main"} for id_ in ids
        ]
        session.execute(insert(Contact), contacts)


def add_agents(village: Village, number: int) -> None:
    row = current_session().scalars(select(Agent)).first()
    assert row is not None
    with transaction() as session:
        addresses = {"email": "a{}@x.example", "email_key": "a{}@x.example"}
        session.execute(insert(Agent), copies(row, number, calendar_token="copie-{}", **addresses))


def add_speakers(edition: Edition, number: int) -> None:
    """Add registered people, each with a name of their own, who all speak in one talk."""
    row = current_session().scalars(select(Attendee)).first()
    assert row is not None
    names = {"first_name": "Luce", "last_name": "Roux{}", "name_key": "roux{} luce"}
    with transaction() as session:
        addresses = {"email": "s{}@x.example", "email_key": "s{}@x.example"}
        session.execute(insert(Attendee), copies(row, number, **names, **addresses))
    make_talk(edition, *(f"Luce Roux{rank}" for rank in range(number)))


def add_places(number: int) -> None:
    """Add communes with an address in the book."""
    with transaction() as session:
        codes = [f"34{rank:03}" for rank in range(500, 500 + number)]
        communes = [
            {
                "code": code,
                "name": f"Commune {code}",
                "search_key": f"commune {code}",
                "postal_codes": "34000",
                "siren": f"21{code}00",
                "population": 100,
                "arrondissement": "",
            }
            for code in codes
        ]
        session.execute(insert(Commune), communes)
        authorities = [
            {"commune_code": code, "email": f"mairie@{code}.example", "written_at": now()}
            for code in codes
        ]
        session.execute(insert(LocalAuthority), authorities)


def write_in_book(*codes: str) -> None:
    """Write the address and the mayor of these communes in the book."""
    with transaction() as session:
        for code in codes:
            session.add(
                LocalAuthority(
                    commune_code=code,
                    email=f"mairie@c{code}.example",
                    head_civility="madame",
                    head_first_name="Agnès",
                    head_last_name="Roqueblave",
                    written_at=now(),
                )
            )


def make_guest(name: str, email: str) -> Guest:
    guest = Guest(name=name, name_key=name.casefold(), kind="Presse", email=email, written_at=now())
    with transaction() as session:
        session.add(guest)
    return guest
