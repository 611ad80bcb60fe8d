"""The contacts of the demonstration, as its clock jumps to and fro."""

from flask import Flask
from sqlalchemy import select

from salon.demonstration.services import jump_to
from salon.exhibitors.models import Exhibitor
from salon.leads.models.labels import Field, Purpose
from salon.leads.queries.leads import lines_of
from salon.leads.queries.shared import LeadLine
from salon.platform.database.db import current_session


def look(moment: str) -> list[LeadLine]:
    assert jump_to(moment) is not None
    current_session().rollback()
    statement = select(Exhibitor.id).where(Exhibitor.name == "Éclairage du Biterrois")
    return lines_of(current_session().scalars(statement).one())


def test_each_state_of_consent_is_there_in_the_morning(app: Flask) -> None:
    assert look("opening") == []
    lines = look("morning")
    uses = [line.person.uses if line.person else {} for line in lines]
    assert {Purpose.FOLLOW_UP: frozenset({Field.EMAIL})} in uses
    assert {Purpose.FOLLOW_UP: frozenset(Field), Purpose.NEWS: frozenset({Field.EMAIL})} in uses
    assert {Purpose.NEWS: frozenset({Field.EMAIL})} in uses
    assert sum(not use for use in uses) == 2
    assert sum(line.ended_at is not None for line in lines) == 1
    assert sum(line.is_to_follow for line in lines) == 3


def test_a_jump_back_takes_back_what_had_come_later(app: Flask) -> None:
    assert len(look("evening")) == 8
    assert len(look("morning")) == 7
    assert len(look("morning")) == 7
    assert look("eve") == []
    assert len(look("evening")) == 8
