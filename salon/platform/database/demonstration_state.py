"""State of the demonstration mode.

A demonstration is a database that `seed` marked. Its pages, which let anybody in, open when
SALON_DEMONSTRATION=1 is set too. Its time and its mailbox follow the mark alone, unless
SALON_DEMONSTRATION=0 or production: a command without the setting must neither purge a fair of 2021
by the clock of the world, nor send the mail of invented people.
"""

from time import monotonic
from typing import cast

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from salon.platform.database.db import db, transaction
from salon.platform.database.marks import DEMONSTRATION, Mark, write_mark
from salon.platform.settings.clock import clock
from salon.platform.settings.installation import Settings

READ_AGAIN_S = 30.0
"""How long the absence of the mark is cached; its presence is final."""


class _State:
    """The mark as cached by this process."""

    def __init__(self) -> None:
        self.is_marked = False
        self.read_at = -READ_AGAIN_S


def register_demonstration(app: Flask, settings: Settings) -> None:
    """Give the application its clock: a demonstration's may differ from the world's."""
    state = app.extensions["salon_demonstration"] = _State()

    def applies() -> bool:
        if state.is_marked:
            return True
        with app.app_context():
            return is_marked()

    if settings.demonstration_refused:
        clock.follow(None)
    else:
        clock.follow(settings.data / "clock.json", applies)


def is_marked() -> bool:
    """Return whether `seed` made this database; False when it does not answer."""
    state = cast(_State, current_app.extensions["salon_demonstration"])
    if state.is_marked or monotonic() - state.read_at < READ_AGAIN_S:
        return state.is_marked
    mark = select(Mark.name).where(Mark.name == DEMONSTRATION)
    try:
        # On a connection of its own: it may be asked in the middle of a transaction.
        with db.engine.connect() as connection:
            state.is_marked = connection.scalar(mark) is not None
        state.read_at = monotonic()
    except SQLAlchemyError:
        return False
    return state.is_marked


def mark_as_demonstration() -> None:
    """Mark the database, before anything of the demonstration is in it."""
    with transaction() as session:
        write_mark(session, DEMONSTRATION)
    current_app.extensions["salon_demonstration"].is_marked = True


def shows_demonstration() -> bool:
    """Return whether the pages of the demonstration are open."""
    return cast(Settings, current_app.config["SALON"]).demonstration and is_marked()


def lives_as_demonstration() -> bool:
    """Return whether time, mailbox and messages are those of a demonstration."""
    settings = cast(Settings, current_app.config["SALON"])
    return not settings.demonstration_refused and is_marked()
