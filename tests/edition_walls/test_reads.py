"""Reads of an edition look for the rows they need: they list none of its others."""

from typing import Any

from flask import Flask
from sqlalchemy import event, select

from salon.badges.models import MergedPerson, Printing
from salon.entrance.queries.day_presences import DayPresences
from salon.fair.models import Edition
from salon.platform.database.db import current_session, db
from salon.platform.database.edition_scope import in_edition


def plans_of(read: Any) -> list[str]:
    """Return the steps of SQLite's plans of the statements that `read` sends."""
    statements: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        statements.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    connection = current_session().connection()
    return [
        row[3]
        for statement, parameters in statements
        if statement.startswith("SELECT")
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]


def test_a_row_far_from_its_edition_is_looked_up_and_listed_with_no_others(
    app: Flask, edition: Edition
) -> None:
    session = current_session()
    with in_edition(edition.id):
        plans = plans_of(
            lambda: [
                session.scalars(select(MergedPerson).where(MergedPerson.kept_id == 1)).all(),
                session.scalars(select(Printing).where(Printing.badge_id == 1)).all(),
            ]
        )
    assert any(step.startswith("CORRELATED") for step in plans)
    assert not [step for step in plans if "edition_id=" in step or step.startswith("LIST")]


def test_the_days_of_some_people_are_read_by_their_badges(app: Flask, edition: Edition) -> None:
    with in_edition(edition.id):
        plans = plans_of(lambda: DayPresences().of_people(edition.id, [1, 2]))
    of_scans = [step for step in plans if "scans" in step or "badges" in step]
    assert of_scans
    assert not [step for step in of_scans if "edition_id=" in step or step.startswith("SCAN")]
